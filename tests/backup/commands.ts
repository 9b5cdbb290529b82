import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { ROOT } from "../boot/panel_process.ts";

export const PASSPHRASE = "sleepy otter paints tall bridges";

/** What `deno task <name>` runs, with the same permissions. */
export function taskCommand(name: "backup" | "restore" | "verify-log"): string[] {
  const { tasks } = JSON.parse(readFileSync(join(ROOT, "deno.json"), "utf8")) as {
    tasks: Record<string, string>;
  };
  return [Deno.execPath(), ...tasks[name]!.split(" ").slice(1)];
}

export interface Ran {
  code: number;
  out: string;
  error: string;
}

/** Runs a command to its end, in the project's directory. */
export function runTask(
  name: Parameters<typeof taskCommand>[0],
  args: readonly string[],
  env: Record<string, string> = { LATCHKEY_PASSPHRASE: PASSPHRASE },
): Promise<Ran> {
  return run([...taskCommand(name), ...args], env);
}

export function run(
  [file = "", ...args]: readonly string[],
  env: Record<string, string> = {},
  input = "",
): Promise<Ran> {
  const child = spawn(file, args, {
    cwd: ROOT,
    env: { PATH: process.env["PATH"] ?? "", HOME: process.env["HOME"] ?? "", NO_COLOR: "1", ...env },
  });
  const [out, error] = [child.stdout, child.stderr].map((stream) => {
    const text: string[] = [];
    stream.setEncoding("utf8").on("data", (piece: string) => void text.push(piece));
    return text;
  }) as [string[], string[]];
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  return new Promise((done) =>
    child.once("close", (code) => done({ code: code ?? -1, out: out.join(""), error: error.join("") }))
  );
}

import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { ROOT } from "../boot/panel_process.ts";

export const PASSPHRASE = "sleepy otter paints tall bridges";

/** What `deno task <name>` runs, with the same permissions. */
export function taskCommand(name: "backup" | "restore" | "verify-log" | "plugin:add"): string[] {
  const { tasks } = JSON.parse(readFileSync(join(ROOT, "deno.json"), "utf8")) as {
    tasks: Record<string, string>;
  };
  const words = tasks[name]!.replace(/\$\(deno eval '[^']*'\)/, Deno.execPath()).replaceAll('"', "").split(
    " ",
  );
  return [Deno.execPath(), ...words.slice(1)];
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

/** What to type once the command has said something. */
export type Typing = readonly [after: RegExp, keys: string][];

export function run(
  [file = "", ...args]: readonly string[],
  env: Record<string, string> = {},
  typing: Typing = [],
): Promise<Ran> {
  const child = spawn(file, args, {
    cwd: ROOT,
    env: { PATH: process.env["PATH"] ?? "", HOME: process.env["HOME"] ?? "", NO_COLOR: "1", ...env },
  });
  let [out, error, next, seen] = ["", "", 0, 0];
  child.stdout.setEncoding("utf8").on("data", (piece: string) => {
    out += piece;
    for (let step = typing[next]; step?.[0].test(out.slice(seen)); step = typing[next]) {
      seen = out.length;
      next++;
      child.stdin.write(step[1]);
    }
  });
  child.stderr.setEncoding("utf8").on("data", (piece: string) => void (error += piece));
  child.stdin.on("error", () => {});
  if (typing.length === 0) child.stdin.end();
  return new Promise((done) =>
    child.once("close", (code) => {
      child.stdin.end();
      done({ code: code ?? -1, out, error });
    })
  );
}

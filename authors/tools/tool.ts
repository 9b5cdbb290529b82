import { resolve } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { LatchkeyError } from "../../core/errors.ts";

/** The project's directory. */
export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** A path as whoever typed it meant it: `deno task` itself runs in the project's directory. */
export function given(path: string): string {
  return resolve(process.env["INIT_CWD"] ?? process.cwd(), path);
}

/** It can't be done as it was asked for. */
export function refusal(message: string): LatchkeyError {
  return new LatchkeyError("refused", message);
}

/** Runs a tool to its end. A refusal is a sentence, not a stack. */
export async function runTool(tool: (args: string[]) => Promise<number>): Promise<never> {
  try {
    process.exit(await tool(process.argv.slice(2).filter((word) => word !== "--")));
  } catch (error) {
    const isPlain = error instanceof LatchkeyError ||
      (error as { code?: string }).code?.startsWith("ERR_PARSE_ARGS");
    if (!isPlain) throw error;
    console.error((error as Error).message);
    process.exit(2);
  }
}

export interface Ran {
  ok: boolean;
  /** All that it has said. */
  text: string;
}

/** Runs Deno itself in a folder. */
export async function runDeno(cwd: string, args: string[], env: Record<string, string> = {}): Promise<Ran> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args,
    cwd,
    env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1", ...env },
    stdin: "null",
  }).output();
  const text = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)).join("\n").trim();
  return { ok: success, text };
}

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packedFiles } from "../packed.ts";
import { USAGE_FILE } from "../testing/usage.ts";
import { runDeno } from "../tools/tool.ts";
import type { Finding } from "./report.ts";

/** Lines of what a program has said that are shown. */
const SHOWN = 40;

/** All of it, the tests too. */
export async function checkTypes(folder: string): Promise<Finding> {
  const { ok, text } = await runDeno(folder, ["check", "--quiet", "."]);
  return { check: "It type-checks", ok, ...(ok ? {} : { lines: shown(text) }) };
}

export async function checkLint(folder: string): Promise<Finding> {
  const files = packedFiles(folder).filter((path) => /\.[cm]?[jt]sx?$/.test(path));
  const { ok, text } = await runDeno(folder, ["lint", "--quiet", ...files]);
  return { check: "Deno's linter minds nothing", ok, ...(ok ? {} : { lines: shown(text) }) };
}

export interface TestsChecked {
  finding: Finding;
  /** What the plugin has used of its wants while it was tested. */
  usage: string[];
}

/** Its own tests, which type-check. They reach nothing but this machine, and write to the temporary directory only. */
export async function checkTests(folder: string): Promise<TestsChecked> {
  const check = "Its own tests pass";
  const scratch = mkdtempSync(join(tmpdir(), "latchkey-"));
  const file = join(scratch, "usage");
  try {
    const permissions = [`--allow-write=${scratch}`, "--allow-net=127.0.0.1,localhost"];
    const { ok, text } = await runDeno(
      folder,
      [
        "test",
        "--quiet",
        "--no-check",
        "--no-prompt",
        "--allow-read",
        "--allow-env",
        "--allow-sys",
        ...permissions,
      ],
      { TMPDIR: scratch, [USAGE_FILE]: file },
    );
    const usage = usageIn(file);
    if (/No test modules found/.test(text)) {
      const mend = ["write one: docs/plugins/testing.md shows how"];
      return { finding: { check, ok: false, lines: ["It has none"], mend }, usage };
    }
    const [count = ""] = /\d+ passed.*\d+ failed/.exec(text) ?? [];
    return { finding: { check, ok, lines: ok ? [count] : shown(text) }, usage };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function usageIn(file: string): string[] {
  try {
    return readFileSync(file, "utf8").split("\n").filter(Boolean);
  } catch {
    return [];
  }
}

function shown(text: string): string[] {
  const lines = text.split("\n").filter((line) =>
    line.trim() !== "" && !/^Stack backtrace|<unknown>$/.test(line)
  );
  return lines.length > SHOWN
    ? [...lines.slice(0, SHOWN), `… and ${lines.length - SHOWN} lines more`]
    : lines;
}

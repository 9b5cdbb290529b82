import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PluginManifest } from "../../core/isolate/manifest.ts";
import { DENO_FILE } from "../tools/link.ts";
import { ROOT, runDeno } from "../tools/tool.ts";
import { type Leaks, WARM } from "./cycles.ts";
import type { Finding } from "./report.ts";

/** What a cycle may add to the heap, bytes: the panel itself stays far below. */
export const MOST_GROWTH = 16 * 1_024;
const CHECK = "What it starts it ends: nothing is left after a stop, and its memory does not grow";

/** Deno looks for it beside the program, which is not the plugin's. */
function configOf(folder: string): string[] {
  const config = join(folder, DENO_FILE);
  return existsSync(config) ? [`--config=${config}`] : [];
}

/** Starts and stops it many times in one process. */
export async function checkLeaks(folder: string, { entry, wants }: PluginManifest): Promise<Finding> {
  const scratch = mkdtempSync(join(tmpdir(), "latchkey-"));
  try {
    const { ok, text } = await runDeno(folder, [
      "run",
      "--quiet",
      "--no-prompt",
      "--no-check",
      ...configOf(folder),
      "--v8-flags=--expose-gc",
      "--allow-read",
      "--allow-env",
      `--allow-write=${scratch}`,
      ...(wants.net.length > 0 ? [`--allow-net=${wants.net.join(",")}`] : []),
      join(ROOT, "authors", "check", "cycles.ts"),
      join(folder, entry),
    ], { TMPDIR: scratch });
    if (!ok) return { check: CHECK, ok: false, lines: text.split("\n").slice(0, 20) };
    return findingOf(JSON.parse(text.trim().split("\n").at(-1)!) as Leaks);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** What was left, as a finding. */
export function findingOf({ errors, timers, clock, growth, changed }: Leaks): Finding {
  const faults: [line: string, mend: string][] = [];
  if (errors.length > 0) {
    faults.push([
      `It logs errors: ${[...new Set(errors)].join("; ")}`,
      "what ctx.defer undoes must not fail",
    ]);
  }
  if (timers > 0) {
    faults.push([
      `Timers of setTimeout or setInterval that run on after its stop: ${timers}`,
      "use ctx.after and ctx.every, which end with it, or clear them in ctx.defer",
    ]);
  }
  if (clock > 0) {
    faults.push([
      `Timers of ctx.clock that ${WARM} stops have left: ${clock}`,
      "use ctx.after and ctx.every, which end with it",
    ]);
  }
  if (changed.length > 0) {
    faults.push([
      `A second start is not like the first: ${changed.join(", ")}`,
      "keep nothing in variables outside of setup",
    ]);
  }
  if (growth > MOST_GROWTH) {
    faults.push([
      `Each start and stop leaves ${Math.round(growth / 1_024)} KB in memory`,
      "look for lists and maps outside of setup that grow",
    ]);
  }
  if (faults.length === 0) return { check: CHECK, ok: true };
  return {
    check: CHECK,
    ok: false,
    lines: faults.map(([line]) => line),
    mend: faults.map(([, mend]) => mend),
  };
}

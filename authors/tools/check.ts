/** `deno task plugin:check FOLDER`: says whether a plugin is ready for others. The exit status is 0 where it is. */
import { checkPlugin } from "../check/mod.ts";
import { shownFinding } from "../check/report.ts";
import { given, refusal, runTool } from "./tool.ts";

/** Checks it, and shows each finding as it comes. @returns whether all is well */
export async function showChecks(folder: string): Promise<boolean> {
  let failed = 0;
  for await (const finding of checkPlugin(folder)) {
    console.log(shownFinding(finding));
    if (!finding.ok) failed++;
  }
  console.log(
    failed === 0 ? "\nReady" : `\n${failed === 1 ? "One check has" : `${failed} checks have`} failed`,
  );
  return failed === 0;
}

async function main(argv: string[]): Promise<number> {
  const [folder, ...more] = argv;
  if (folder === undefined || more.length > 0) throw refusal("Usage: deno task plugin:check FOLDER");
  return await showChecks(given(folder)) ? 0 : 1;
}

if (import.meta.main) await runTool(main);

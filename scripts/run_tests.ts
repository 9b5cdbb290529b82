import { join } from "node:path";
import { readReport, summary, type TestResult } from "./test_result.ts";
import { ensureTestTools } from "./test_tools.ts";

/**
 * Tests start processes and look at them in /proc, which Deno keeps from all but the unrestricted, as it does from the
 * driver of the browser. What the product itself may do is in deno.json and core/boot/permissions.ts.
 */
const PERMISSIONS = ["--allow-all"];

/** They take as long as all others together. */
const HALF: readonly string[] = ["tests/browser", "tests/isolate", "tests/media"];

/** They time what a busy machine would be late with itself. */
const ALONE: readonly string[] = [
  "core/access/fsync_test.ts",
  "drivers/sim/process_test.ts",
  "tests/kill/pulses_test.ts",
];

const isCI = Deno.env.get("CI") === "true";
const long = Deno.args.includes("--long");
const rest = Deno.args.filter((arg) => arg !== "--long" && arg !== "--");

const missing = ensureTestTools();
if (isCI && missing.length > 0) stop(missing.join("\n"));
if (!await succeeds(["task", "--quiet", "build"])) stop("Cannot build the pages");

const temporary = await Deno.makeTempDir({ prefix: "latchkey-test-" });
const result = await runTests(temporary);
await Deno.remove(temporary, { recursive: true });

for (const sentence of missing) console.log(sentence);
for (const name of result.skipped) console.log(`Skipped: ${name}`);
const ran = result.passed + result.failed > 0;
if (!ran) console.log("No test ran");
// A machine that checks what lands must have checked all of it.
const complete = ran && (result.skipped.length === 0 || !isCI);
console.log(summary(result));
Deno.exit(complete && result.failed === 0 ? 0 : 1);

/**
 * Tests of whole panels mostly wait, so one half runs beside the other, which is told of once all are over. The temporary
 * directory is the tests' own, so that a killed process leaves nothing behind.
 */
async function runTests(temporary: string): Promise<TestResult> {
  if (rest.some((arg) => !arg.startsWith("-"))) return await runSome(temporary, "all", rest);
  const said = join(temporary, "said.txt");
  async function runOthers(): Promise<TestResult[]> {
    const parts = await runSome(temporary, "parts", [...rest, ignoring("tests", ...ALONE)], said);
    const whole = [...rest, ignoring(...HALF, ...ALONE), "tests"];
    return [parts, await runSome(temporary, "whole", whole, said)];
  }
  const [half, others] = await Promise.all([
    runSome(temporary, "half", [...rest, ...HALF]),
    runOthers(),
  ]);
  console.log(await Deno.readTextFile(said));
  const results = [half, ...others, await runSome(temporary, "alone", [...rest, ...ALONE])];
  return {
    passed: results.reduce((sum, { passed }) => sum + passed, 0),
    failed: results.reduce((sum, { failed }) => sum + failed, 0),
    skipped: results.flatMap(({ skipped }) => skipped),
  };
}

function ignoring(...paths: string[]): string {
  return `--ignore=${paths.join()}`;
}

/** @param said the file for what is said, in place of the terminal */
async function runSome(temporary: string, name: string, which: string[], said?: string): Promise<TestResult> {
  const report = join(temporary, `${name}.xml`);
  const args = ["test", "--frozen", "--sanitize-ops", "--sanitize-resources", ...PERMISSIONS];
  const env = { TMPDIR: temporary, ...(long ? { LATCHKEY_LONG: "1" } : {}) };
  const passed = await succeeds([...args, `--junit-path=${report}`, ...which], env, said);
  const result = readReport(await Deno.readTextFile(report).catch(() => ""));
  // A file that does not compile or load is in no report.
  return passed || result.failed > 0 ? result : { ...result, failed: 1 };
}

async function succeeds(args: string[], env: Record<string, string> = {}, said?: string): Promise<boolean> {
  const out = said === undefined ? "inherit" : "piped";
  const program = new Deno.Command(Deno.execPath(), { args, env, stdin: "null", stdout: out, stderr: out })
    .spawn();
  if (said === undefined) return (await program.status).success;
  const { success, stdout, stderr } = await program.output();
  for (const text of [stderr, stdout]) await Deno.writeFile(said, text, { append: true });
  return success;
}

function stop(why: string): never {
  console.error(why);
  console.log(summary({ passed: 0, failed: 1, skipped: [] }));
  Deno.exit(1);
}

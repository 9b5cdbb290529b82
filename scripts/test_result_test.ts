import assert from "node:assert/strict";
import { readReport, summary } from "./test_result.ts";

const TESTS = `
Deno.test("passes", () => {});
Deno.test("has steps", async (t) => { await t.step("one", () => {}); });
Deno.test({ name: "is <left> out", ignore: Deno.args.length === 0, fn() {} });
Deno.test("fails", () => { throw new Error("<testcase name='x' time='0'>"); });
`;

async function reportOf(tests: string, ...args: string[]): Promise<string> {
  const dir = await Deno.makeTempDir({ prefix: "latchkey-" });
  try {
    await Deno.writeTextFile(`${dir}/a_test.ts`, tests);
    await new Deno.Command(Deno.execPath(), {
      args: ["test", "--no-check", "--junit-path=report.xml", ...args],
      cwd: dir,
    }).output();
    return await Deno.readTextFile(`${dir}/report.xml`);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

Deno.test("test command: counts what Deno reports: passed with steps, failed, left out by name", async () => {
  assert.deepEqual(readReport(await reportOf(TESTS)), { passed: 3, failed: 1, skipped: ["is <left> out"] });
});

Deno.test("test command: what a filter leaves out is not skipped", async () => {
  assert.deepEqual(readReport(await reportOf(TESTS, "--filter=passes")), {
    passed: 1,
    failed: 0,
    skipped: [],
  });
});

Deno.test("test command: closes with one plain line", () => {
  assert.equal(summary({ passed: 3, failed: 0, skipped: [] }), "3 passed, 0 failed");
  assert.equal(summary({ passed: 3, failed: 1, skipped: ["a", "b"] }), "3 passed, 1 failed, 2 skipped");
});

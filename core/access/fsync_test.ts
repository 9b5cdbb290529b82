import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { takesAtMost } from "../testing/takes_at_most.ts";
import { inTempDir } from "../testing/temp_dir.ts";

const hasStrace = spawnSync("strace", ["-V"]).status === 0;
const SLOW_MS = 100;

/** Runs releases in a child under strace, and gives what it wrote and which calls for the disk it made, in order. */
function straced(dir: string, times: number, inject: string[] = []): string[] {
  const log = join(dir, "calls");
  const script = fileURLToPath(new URL("./testing/release_often.ts", import.meta.url));
  const { status, stderr } = spawnSync("strace", [
    ...["-f", "--seccomp-bpf", "-qq", "-o", log, "-e", "trace=fsync,fdatasync,write", ...inject],
    ...[process.execPath, "run", "--no-prompt", "--allow-env", `--allow-read=${dir}`, `--allow-write=${dir}`],
    ...[script, dir, String(times)],
  ], { encoding: "utf8" });
  assert.equal(status, 0, stderr);
  return readFileSync(log, "utf8").split("\n").flatMap((line) =>
    /^\d+ +(fsync|fdatasync)\(/.exec(line)?.[1] ??
      /^\d+ +write\(1, "(asked|moved [\d.]+)\\n"/.exec(line)?.[1] ?? []
  );
}

/** The fsyncs between each asking and its movement. */
function fsyncsBefore(calls: string[]): number[] {
  const counts: number[] = [];
  let count = 0;
  for (const call of calls) {
    if (call === "asked") count = 0;
    else if (call.startsWith("moved")) counts.push(count);
    else count++;
  }
  return counts;
}

Deno.test({
  name: "I-7: exactly one fsync comes before each pulse, whatever the write-ahead log is doing" +
    (hasStrace ? "" : " (skipped: no strace)"),
  ignore: !hasStrace,
  fn: inTempDir((dir) => {
    // By itself SQLite would checkpoint after some 330 of these releases.
    const counts = fsyncsBefore(straced(dir, 950));
    assert.equal(counts.length, 950);
    assert.deepEqual(
      counts.flatMap((count, index) => count === 1 ? [] : [`release ${index + 1}: ${count}`]),
      [],
    );
  }),
});

Deno.test({
  name: "I-7: with an fsync of 100 ms an output moves within 250 ms, the first after a start included" +
    (hasStrace ? "" : " (skipped: no strace)"),
  ignore: !hasStrace,
  fn: inTempDir((dir) => {
    const slow = ["-e", `inject=fsync,fdatasync:delay_enter=${SLOW_MS * 1_000}`];
    return takesAtMost(250, (attempt) => {
      const own = join(dir, String(attempt));
      mkdirSync(own);
      const took = straced(own, 10, slow).filter((call) => call.startsWith("moved"))
        .map((call) => Number(call.slice("moved ".length)));
      assert.equal(took.length, 10);
      assert.ok(Math.min(...took) >= SLOW_MS, `the disk was not slow: ${took}`);
      return Math.max(...took);
    });
  }),
});

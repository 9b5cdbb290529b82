import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ChildProcess } from "node:child_process";
import { takesAtMost } from "../../core/testing/takes_at_most.ts";
import { BoardProcess, signal } from "../../drivers/sim/testing/board_process.ts";
import { onAnswers, startAccess } from "./killing.ts";

const PULSE_MS = 700;
/** What an output may be on beyond its pulse, ms. */
const MARGIN_MS = 100;

/** What becomes of a pulse when the process that asked for it is treated badly right after it began. */
async function pulseAfter(mode: "hang" | "block", harm: (child: ChildProcess) => void): Promise<number> {
  const dir = mkdtempSync(join(tmpdir(), "latchkey-pulse-"));
  const board = new BoardProcess(dir);
  try {
    await board.link(true);
    const child = startAccess(dir, ["1", String(PULSE_MS), mode]);
    const gone = once(child, "exit");
    await new Promise<void>((answered) => onAnswers(child, () => answered()));
    harm(child);
    const [on, off] = await board.edges("lock", 2, 0);
    if (child.exitCode === null && child.signalCode === null) signal(child, "SIGKILL");
    await gone;
    assert.equal(on?.level, 1);
    return off!.at - on!.at;
  } finally {
    await board.end();
    rmSync(dir, { recursive: true, force: true });
  }
}

function endsInTime(mode: "hang" | "block", harm: (child: ChildProcess) => void): Promise<void> {
  return takesAtMost(PULSE_MS + MARGIN_MS, async () => {
    const ms = await pulseAfter(mode, harm);
    assert.ok(ms >= PULSE_MS - 1, `the output was on for ${ms} ms only`);
    return ms;
  });
}

Deno.test("I-5: the pulse ends in time when the runtime is killed in its middle", () =>
  endsInTime("hang", (child) => signal(child, "SIGKILL")));

Deno.test("I-5: the pulse ends in time when the runtime is stopped in its middle", () =>
  endsInTime("hang", (child) => signal(child, "SIGSTOP")));

Deno.test("I-5: the pulse ends in time when the runtime's loop is blocked for 3 s", () =>
  endsInTime("block", () => {}));

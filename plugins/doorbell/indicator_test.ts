import assert from "node:assert/strict";
import { VirtualClock } from "../../core/testing/virtual_clock.ts";
import { BoardModel } from "../../drivers/sim/model.ts";
import { quietLog } from "../testing/bench.ts";
import { createIndicator, type Look } from "./indicator.ts";

/** An indicator of a program that dies right after it has shown something: its timers never fire. */
function dying() {
  const clock = new VirtualClock();
  const board = new BoardModel(clock);
  const indicator = createIndicator(
    { after: () => () => {}, log: quietLog() },
    {
      pattern: (output, onOffMs) => Promise.resolve(board.pattern(output, onOffMs)),
      set: (output, level, { leaseMs } = {}) => Promise.resolve(board.set(output, level, leaseMs, "")),
    },
  );
  const lit = () => board.state().outputs.some(({ name, level }) => name === "indicator" && level > 0);
  return { clock, indicator, lit };
}

for (const look of ["ringing", "answered", "failed"] satisfies Look[]) {
  Deno.test(`B-CALL-1: what the LED shows of a call (${look}) ends by itself when the program dies`, async () => {
    const { clock, indicator, lit } = dying();
    indicator.show(look);
    assert.ok(lit());
    await clock.advance(10_000);
    assert.ok(!lit());
    assert.equal(clock.pending, 0);
  });
}

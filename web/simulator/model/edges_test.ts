import assert from "node:assert/strict";
import type { Edge } from "../../../drivers/sim/keys.ts";
import { gateStartedAt, spansOf, strikeGivesWay } from "./edges.ts";

function edges(...list: [at: number, line: string, level: number][]): Edge[] {
  return list.map(([at, line, level], index) => ({ n: index + 1, at, line, level, cause: "test" }));
}

Deno.test("a line's edges become the times it was on, the last one open where it still is", () => {
  const record = edges([10, "lock", 1], [20, "beeper", 1], [30, "lock", 0], [40, "lock", 1]);
  assert.deepEqual(spansOf(record, "lock", 1), [
    { from: 10, to: 30, level: 1 },
    { from: 40, to: undefined, level: 1 },
  ]);
});

Deno.test("a light that is dimmed changes its level without going off", () => {
  const record = edges([10, "nameplate", 1], [20, "nameplate", 0.4], [30, "nameplate", 0]);
  assert.deepEqual(spansOf(record, "nameplate", 0), [
    { from: 10, to: 20, level: 1 },
    { from: 20, to: 30, level: 0.4 },
  ]);
});

Deno.test("what came on before the oldest edge has been on ever since", () => {
  assert.deepEqual(spansOf(edges([10, "lock", 1]), "nameplate", 0.4), [
    { from: -Infinity, to: undefined, level: 0.4 },
  ]);
  assert.deepEqual(spansOf(edges([10, "lock", 0]), "lock", 0), [{ from: -Infinity, to: 10, level: 1 }]);
  assert.deepEqual(spansOf([], "lock", 0), []);
});

Deno.test("the strike gives way after its pulse, once", () => {
  assert.equal(strikeGivesWay([]), false);
  const pulse = [[10, "lock", 1], [20, "lock", 0]] as const;
  assert.equal(strikeGivesWay(edges([...pulse[0]], [...pulse[1]])), true);
  assert.equal(
    strikeGivesWay(edges([...pulse[0]], [...pulse[1]], [30, "door-contact", 1], [40, "door-contact", 0])),
    false,
  );
});

Deno.test("the gate's motor starts with each impulse", () => {
  assert.equal(gateStartedAt([]), undefined);
  assert.equal(gateStartedAt(edges([10, "gate", 1], [20, "gate", 0], [50, "gate", 1])), 50);
});

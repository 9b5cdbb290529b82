import assert from "node:assert/strict";
import { Signals } from "./signals.ts";

function listen() {
  const said: string[] = [];
  const waiting = new Set<() => void>();
  const signals = new Signals({
    say: (text) => said.push(text),
    after(_ms, work) {
      waiting.add(work);
      return () => waiting.delete(work);
    },
  });
  const quiet = () => {
    for (const work of [...waiting]) {
      waiting.delete(work);
      work();
    }
  };
  return { signals, said, quiet };
}

Deno.test("beeps are counted and told once they are over", () => {
  const { signals, said, quiet } = listen();
  for (const level of [1, 0, 1, 0, 1, 0]) signals.heard("beeper", level);
  assert.deepEqual(said, []);
  quiet();
  signals.heard("beeper", 1);
  signals.heard("beeper", 0);
  quiet();
  assert.deepEqual(said, ["Three short beeps", "One short beep"]);
});

Deno.test("the bell’s ring is told as flashes or as lit", () => {
  const { signals, said, quiet } = listen();
  for (const level of [1, 0, 1, 0, 1, 0]) signals.heard("indicator", level);
  quiet();
  signals.heard("indicator", 1);
  quiet();
  signals.heard("indicator", 0);
  quiet();
  assert.deepEqual(said, ["Three flashes of the bell’s ring", "The bell’s ring is lit"]);
});

Deno.test("a ring that keeps flashing is told once, and its end is not", () => {
  const { signals, said, quiet } = listen();
  for (let flash = 0; flash < 6; flash++) {
    signals.heard("indicator", 1);
    signals.heard("indicator", 0);
  }
  quiet();
  assert.deepEqual(said, ["The bell’s ring keeps flashing"]);
});

Deno.test("strike and gate are told at once, lights that tell nothing are not", () => {
  const { signals, said } = listen();
  signals.heard("lock", 1);
  signals.heard("nameplate", 0.5);
  signals.heard("gate", 1);
  assert.deepEqual(said, ["The strike lets go", "The gate’s motor gets its impulse"]);
});

Deno.test("a signal under way is not told after the end", () => {
  const { signals, said, quiet } = listen();
  signals.heard("beeper", 1);
  signals.heard("beeper", 0);
  signals.stop();
  quiet();
  assert.deepEqual(said, []);
});

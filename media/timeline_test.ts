import assert from "node:assert/strict";
import { Timeline } from "./timeline.ts";

Deno.test("what comes late or in a heap keeps the distances it was made with", () => {
  const timeline = new Timeline(1_000);
  const placed = [[0, 5_000], [40, 5_180], [80, 5_181], [120, 5_182]].map(([own, now]) =>
    timeline.place(own!, now!)
  );
  assert.deepEqual(placed, [5_000, 5_040, 5_080, 5_120]);
});

Deno.test("a clock that runs away is not believed, and time never stands still or goes back", () => {
  const timeline = new Timeline(1_000);
  assert.equal(timeline.place(0, 5_000), 5_000);
  assert.equal(timeline.place(0, 5_001), 5_001);
  assert.equal(timeline.place(9_000, 5_080), 5_080);
  timeline.reset();
  assert.equal(timeline.place(0, 5_080), 5_081);
});

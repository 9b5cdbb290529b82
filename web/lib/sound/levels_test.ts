import assert from "node:assert/strict";
import { levelOf, levelsOf } from "./levels.ts";

const tone = (amplitude: number, length: number) =>
  Float32Array.from({ length }, (_, index) => index % 2 === 0 ? amplitude : -amplitude);

Deno.test("silence is no level, the loudest there is the highest, and half as loud lies between", () => {
  assert.equal(levelOf(tone(0, 100)), 0);
  assert.equal(levelOf(new Float32Array()), 0);
  assert.equal(levelOf(tone(0.001, 100)), 0, "too quiet to be seen");
  assert.equal(levelOf(tone(1, 100)), 1);
  assert.equal(levelOf(tone(0.1, 100)).toFixed(2), "0.60");
});

Deno.test("the levels of a sound come in its order, as many as are wanted, also of a very short one", () => {
  const sound = new Float32Array([...tone(1, 50), ...tone(0, 50)]);
  assert.deepEqual(levelsOf(sound, 4), [1, 1, 0, 0]);
  assert.equal(levelsOf(tone(1, 3), 8).length, 8);
});

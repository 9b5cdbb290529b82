import assert from "node:assert/strict";
import type { Image } from "../../../plugins/camera/keys.ts";
import { previewOf } from "./preview.ts";

const PLAIN: Image = { brightness: 0, contrast: 0, flip: "none", night: false };

/** What the panel makes of a brightness from 0 to 1: see media/ffmpeg/filters.ts. */
function made(x: number, { brightness, contrast }: Image): number {
  return (1 + contrast / (contrast < 0 ? 125 : 100)) * (x - 0.5) + 0.5 + brightness / 200;
}

/** What a browser makes of it, by the definition of these filters. */
function filtered(x: number, filter: string): number {
  for (const [, name, factor] of filter.matchAll(/(\w+)\(([\d.]+)\)/g)) {
    if (name === "brightness") x *= Number(factor);
    if (name === "contrast") x = (x - 0.5) * Number(factor) + 0.5;
    // As most browsers keep it in between.
    x = within(x);
  }
  return x;
}

function within(x: number): number {
  return Math.min(Math.max(x, 0), 1);
}

Deno.test("what is seen while the picture is on its way is as dark and as strong as it will be", () => {
  const looks = [-100, -35, 0, 20, 100].flatMap((brightness) =>
    [-100, -40, 0, 50, 100].map((contrast) => ({ ...PLAIN, brightness, contrast }))
  );
  for (const from of looks) {
    for (const to of looks) {
      const { filter } = previewOf(from, to);
      for (const x of [0.1, 0.3, 0.5, 0.8]) {
        const shown = made(x, from);
        // What one look has cut off is lost to the next.
        if (shown < 0 || shown > 1) continue;
        const error = Math.abs(filtered(shown, filter) - within(made(x, to)));
        assert.ok(error < 0.01, `${JSON.stringify([from, to, x])}: ${filter} is ${error} off`);
      }
    }
  }
});

Deno.test("a picture that looks as it should is left alone", () => {
  const night: Image = { brightness: 10, contrast: -20, flip: "both", night: true };
  for (const look of [PLAIN, night]) {
    assert.deepEqual(previewOf(look, look), { filter: "none", transform: "none" });
  }
});

Deno.test("a flip is seen at once, by what is flipped already", () => {
  const transform = (from: Image["flip"], to: Image["flip"]) =>
    previewOf({ ...PLAIN, flip: from }, { ...PLAIN, flip: to }).transform;
  assert.equal(transform("none", "horizontal"), "scaleX(-1)");
  assert.equal(transform("none", "both"), "scaleX(-1) scaleY(-1)");
  assert.equal(transform("both", "horizontal"), "scaleY(-1)");
  assert.equal(transform("vertical", "horizontal"), "scaleX(-1) scaleY(-1)");
});

Deno.test("the night has no colours at once", () => {
  assert.match(previewOf(PLAIN, { ...PLAIN, night: true }).filter, /^grayscale\(1\)/);
  assert.equal(previewOf({ ...PLAIN, night: true }, PLAIN).filter, "none");
});

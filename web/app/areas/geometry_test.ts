import assert from "node:assert/strict";
import { areasSchema } from "../../../media/keys.ts";
import { between, flipped, fresh, MOST_AREAS, moved, placeText, resized, STEP } from "./geometry.ts";

const AREA = { x: 100, y: 200, width: 250, height: 300 };

Deno.test("B-LIVE-3: what is drawn on a flipped picture covers what the camera has there, and is shown where it was drawn", () => {
  assert.deepEqual(flipped(AREA, "none"), AREA);
  assert.deepEqual(flipped(AREA, "horizontal"), { ...AREA, x: 650 });
  assert.deepEqual(flipped(AREA, "vertical"), { ...AREA, y: 500 });
  assert.deepEqual(flipped(AREA, "both"), { ...AREA, x: 650, y: 500 });
  for (const flip of ["none", "horizontal", "vertical", "both"] as const) {
    for (
      const area of [AREA, { x: 0, y: 0, width: 1_000, height: 1_000 }, { x: 999, y: 0, width: 1, height: 1 }]
    ) {
      assert.deepEqual(flipped(flipped(area, flip), flip), area, flip);
    }
  }
});

Deno.test("B-LIVE-3: an area is drawn in any direction, outwards to whole thousandths", () => {
  const drawn = { x: 100, y: 200, width: 251, height: 301 };
  const [one, other] = [{ x: 100.9, y: 200.9 }, { x: 350.1, y: 500.1 }];
  assert.deepEqual(between(one, other), drawn);
  assert.deepEqual(between(other, one), drawn);
  assert.deepEqual(between({ x: one.x, y: other.y }, { x: other.x, y: one.y }), drawn);
});

Deno.test("B-LIVE-3: what is drawn to the edge of the picture, nearly or beyond, leaves no strip open", () => {
  assert.deepEqual(between({ x: -40, y: -3 }, { x: 300, y: 1_200 }), {
    x: 0,
    y: 0,
    width: 300,
    height: 1_000,
  });
  assert.deepEqual(between({ x: 9.5, y: 9.5 }, { x: 991, y: 990.5 }), {
    ...{ x: 0, y: 0 },
    ...{ width: 1_000, height: 1_000 },
  });
  assert.deepEqual(between({ x: 10, y: 10 }, { x: 990, y: 990 }), { x: 10, y: 10, width: 980, height: 980 });
});

Deno.test("an area is large enough to be taken hold of, and in the picture", () => {
  assert.deepEqual(between({ x: 500, y: 500 }, { x: 500, y: 500 }), {
    x: 500,
    y: 500,
    width: 20,
    height: 20,
  });
  assert.deepEqual(between({ x: 1_000, y: 1_000 }, { x: 1_000, y: 999 }), {
    ...{ x: 980, y: 980 },
    ...{ width: 20, height: 20 },
  });
  const shrunk = resized(AREA, ["right", "bottom"], { x: -900, y: -900 });
  assert.deepEqual(shrunk, { x: 100, y: 200, width: 20, height: 20 });
  assert.deepEqual(resized(AREA, ["left", "top"], { x: 900, y: 900 }), {
    ...{ x: 330, y: 480 },
    ...{ width: 20, height: 20 },
  });
});

Deno.test("an area that is moved keeps its size and stays in the picture", () => {
  assert.deepEqual(moved(AREA, { x: 10.4, y: -10.4 }), { ...AREA, x: 110, y: 190 });
  assert.deepEqual(moved(AREA, { x: -500, y: -500 }), { ...AREA, x: 0, y: 0 });
  assert.deepEqual(moved(AREA, { x: 5_000, y: 5_000 }), { ...AREA, x: 750, y: 700 });
});

Deno.test("edges are moved outwards to whole thousandths, and the others stay", () => {
  assert.deepEqual(resized(AREA, ["left"], { x: -0.1, y: 50 }), { ...AREA, x: 99, width: 251 });
  assert.deepEqual(resized(AREA, ["bottom"], { x: 50, y: 0.1 }), { ...AREA, height: 301 });
  assert.deepEqual(resized(AREA, ["right", "top"], { x: 5_000, y: -5_000 }), {
    ...{ x: 100, y: 0 },
    ...{ width: 900, height: 500 },
  });
});

Deno.test("by keys an edge gets to that of the picture, and away from it again", () => {
  let area = AREA;
  for (let i = 0; i < 100; i++) area = resized(area, ["right"], { x: STEP, y: 0 });
  assert.deepEqual(area, { ...AREA, width: 900 });
  assert.deepEqual(resized(area, ["right"], { x: -STEP, y: 0 }), { ...AREA, width: 890 });
});

Deno.test("as many areas as the panel takes can be added, each where it is in the picture", () => {
  const all = Array.from({ length: MOST_AREAS }, (_, i) => fresh(i));
  assert.deepEqual(areasSchema.parse(all), all);
  assert.equal(areasSchema.safeParse([...all, fresh(0)]).success, false);
});

Deno.test("where an area is can be read aloud", () => {
  assert.equal(
    placeText({ x: 125, y: 0, width: 250, height: 1_000 }),
    "left 12.5 %, top 0 %, 25 % wide, 100 % high",
  );
});

import assert from "node:assert/strict";
import { SIZES } from "../spec.ts";
import { filtered, type Picture } from "../testing/pixels.ts";
import { cameraSpec } from "../testing/specs.ts";
import { findFfmpeg } from "../../scripts/test_tools.ts";
import { filtersOf } from "./filters.ts";
import { clockFilters, sceneInput, timeCells } from "./simulated.ts";

const HD = SIZES.hd;
const WHITE = "color=white:size=1280x720:rate=1";
const ignore = findFfmpeg() === undefined;

function isBlack(picture: Picture, x: number, y: number): boolean {
  return picture.at(x, y).every((part) => part <= 16);
}

/** How many pixels of the lower quarter are not white. */
function marks(picture: Picture): number {
  let count = 0;
  for (let y = picture.height * 3 / 4; y < picture.height; y++) {
    for (let x = 0; x < picture.width; x++) if (picture.at(x, y)[1] < 250) count++;
  }
  return count;
}

Deno.test({
  name: "B-LIVE-3: a privacy area is black to its last pixel, rounded outwards, and nothing else is",
  ignore,
  fn() {
    const spec = cameraSpec({ privacyAreas: [{ x: 101, y: 203, width: 299, height: 331 }] });
    const picture = filtered(WHITE, filtersOf(spec, HD, true));
    // 129.28 to 512 and 146.16 to 384.48 of 1280 × 720.
    for (const [x, y] of [[128, 146], [511, 146], [128, 385], [511, 385], [300, 250]] as const) {
      assert.ok(isBlack(picture, x, y), `${x}, ${y}`);
    }
    for (const [x, y] of [[127, 146], [512, 300], [300, 145], [300, 386]] as const) {
      assert.ok(!isBlack(picture, x, y), `${x}, ${y}`);
    }
  },
});

Deno.test({
  name: "B-LIVE-3: what is covered stays covered in a smaller definition, flipped and made bright",
  ignore,
  fn() {
    const area = { x: 0, y: 0, width: 250, height: 500 };
    const image = { brightness: 20, contrast: -20, flip: "both", night: true } as const;
    const spec = cameraSpec({ privacyAreas: [area], image });
    const picture = filtered("color=red:size=2560x1440:rate=1", filtersOf(spec, HD, true));
    assert.equal(picture.width, 1280);
    const [covered] = picture.at(1_279, 719);
    for (const [x, y] of [[965, 365], [1_270, 700], [1_100, 500]] as const) {
      assert.deepEqual(picture.at(x, y), picture.at(1_279, 719), "one colour, whatever was there");
    }
    assert.notEqual(covered, picture.at(900, 300)[0]);
  },
});

Deno.test({
  name: "a name that is written like a filter is written into the picture and does nothing else",
  ignore,
  fn() {
    const shown = (name: string) =>
      filtered(WHITE, filtersOf(cameraSpec({ overlay: { name, time: false } }), HD, true));
    const names = [
      "a:textfile=/etc/passwd",
      "a,drawbox=t=fill",
      "a'b",
      "a\\",
      "%{pts}",
      "a];[b",
      "'",
      "\\'",
      "x'\\:y,[z];%{n}",
    ];
    for (const name of names) {
      const picture = shown(name);
      assert.deepEqual(picture.at(640, 200), [255, 255, 255], name);
      assert.ok(marks(picture) > 300, name);
    }
    assert.notEqual(marks(shown("%{pts}")), marks(shown("0.000000")), "it is not worked out");
  },
});

Deno.test({
  name: "the time in the picture is the time of the panel's zone",
  ignore,
  fn() {
    const spec = cameraSpec({ overlay: { name: null, time: true } });
    const row = (picture: Picture, y: number) =>
      Array.from({ length: picture.width }, (_, x) => picture.at(x, y)[1]);
    // The date, the left three fifths of the text whatever the font: 26 hours apart it is never the same.
    const dateIn = (zone: string) => {
      const picture = filtered(WHITE, filtersOf(spec, HD, true), zone);
      const box = row(picture, 700).flatMap((green, x) => green < 250 ? [x] : []);
      const [left, right] = [box[0]!, box[0]! + (box.at(-1)! - box[0]!) * 3 / 5];
      const rows = Array.from({ length: 26 }, (_, y) => row(picture, 682 + y).slice(left, right));
      return rows.flat().map((green) => green > 128);
    };
    const west = dateIn("Etc/GMT+12");
    assert.ok(west.includes(true) && west.includes(false));
    assert.notDeepEqual(west, dateIn("Etc/GMT-14"));
  },
});

Deno.test({
  name: "B-SET-1: brightness, contrast, flip and night do what they say",
  ignore,
  fn() {
    const grey = "color=0x606060:size=1280x720:rate=1,drawbox=x=0:y=0:w=640:h=360:color=0xa0a0a0:t=fill," +
      "drawbox=x=0:y=360:w=640:h=360:color=0x904040:t=fill";
    const plain = cameraSpec().image;
    const shown = (image: Partial<typeof plain>) =>
      filtered(grey, filtersOf(cameraSpec({ image: { ...plain, ...image } }), HD, true));
    const before = shown({});
    assert.ok(shown({ brightness: 50 }).at(1_000, 300)[1] > before.at(1_000, 300)[1] + 20);
    assert.ok(shown({ brightness: -50 }).at(1_000, 300)[1] < before.at(1_000, 300)[1] - 20);
    const spread = (picture: Picture) => picture.at(100, 300)[0] - picture.at(1_000, 300)[0];
    assert.ok(spread(shown({ contrast: 50 })) > spread(before));
    assert.ok(spread(shown({ contrast: -50 })) < spread(before));
    assert.ok(shown({ flip: "horizontal" }).at(1_000, 300)[0] > 120);
    assert.ok(shown({ flip: "vertical" }).at(100, 700)[1] > 120);
    const [red, green, blue] = shown({ night: true }).at(100, 600);
    assert.ok(Math.abs(red - green) < 6 && Math.abs(green - blue) < 6, "without colours");
  },
});

Deno.test({
  name: "a simulated picture bears the time at which it was made, for programs to read",
  ignore,
  fn() {
    for (const size of [SIZES.hd, SIZES["quad-hd"]]) {
      const before = Date.now();
      const picture = filtered(sceneInput(size, 25), clockFilters(size, true));
      const after = Date.now();
      const bits = timeCells(picture).map(({ x, y }) => Number(picture.at(x, y)[1] > 128));
      const shown = bits.reduce((sum, bit, i) => sum + bit * 2 ** i, 0);
      const since = (shown - before % 65_536 + 65_536) % 65_536;
      assert.ok(since <= after - before, `${shown} is not between ${before} and ${after}`);
      assert.equal(picture.width, size.width);
    }
  },
});

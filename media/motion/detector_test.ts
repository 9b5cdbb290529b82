import assert from "node:assert/strict";
import { HEIGHT, MotionDetector, type Watchfulness, WIDTH } from "./detector.ts";

const ANYWHERE: Watchfulness = { zones: [], sensitivity: 50 };

/** A scene with some noise; `things` are brighter or darker rectangles in it. */
class Scene {
  #seed = 7;
  light = 0;

  picture(...things: { x: number; y: number; w: number; h: number; by?: number }[]): Uint8Array {
    const picture = Uint8Array.from(
      { length: WIDTH * HEIGHT },
      (_, i) => 80 + i % WIDTH + this.light + this.#noise(),
    );
    for (const { x, y, w, h, by = 90 } of things) {
      for (let row = y; row < y + h; row++) {
        for (let column = x; column < x + w; column++) picture[row * WIDTH + column]! += by;
      }
    }
    return picture;
  }

  /** Whether anything was seen in `count` pictures. */
  shows(
    detector: MotionDetector,
    count: number,
    at: (i: number) => Parameters<Scene["picture"]>[0][] = () => [],
  ) {
    return Array.from({ length: count }, (_, i) => detector.look(this.picture(...at(i)))).includes(true);
  }

  #noise(): number {
    this.#seed = (this.#seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return this.#seed / 2 ** 31 * 6 - 3;
  }
}

const walker = (from: number) => (i: number) => [{ x: from + i * 3, y: 12, w: 5, h: 16 }];

Deno.test("B-LIVE-5: somebody who walks is seen, and a scene in which nothing moves is not", () => {
  const scene = new Scene();
  const detector = new MotionDetector(ANYWHERE);
  assert.equal(scene.shows(detector, 200), false);
  assert.equal(scene.shows(detector, 6, walker(10)), true);
  assert.equal(scene.shows(detector, 3) && scene.shows(detector, 60), false, "they have gone");
});

Deno.test("B-LIVE-5: what moves outside the zones is nobody's business", () => {
  const scene = new Scene();
  const zones = [{ x: 0, y: 0, width: 1_000, height: 300 }];
  const detector = new MotionDetector({ ...ANYWHERE, zones });
  scene.shows(detector, 20);
  assert.equal(scene.shows(detector, 10, walker(10)), false);
  assert.equal(scene.shows(detector, 6, (i) => [{ x: 10 + i * 3, y: 2, w: 5, h: 8 }]), true);
});

Deno.test("B-LIVE-5: a zone that is smaller than what is told apart sees what moves where it is, and nothing beside", () => {
  const zones = [
    [{ x: 200, y: 210, width: 20, height: 20 }, { x: 12, y: 7 }],
    [{ x: 0, y: 0, width: 1, height: 1 }, { x: 0, y: 0 }],
    [{ x: 999, y: 999, width: 1, height: 1 }, { x: WIDTH - 1, y: HEIGHT - 1 }],
  ] as const;
  for (const [zone, { x, y }] of zones) {
    const scene = new Scene();
    const detector = new MotionDetector({ ...ANYWHERE, zones: [zone] });
    scene.shows(detector, 20);
    const beside = { x: (x + 20) % WIDTH, y, w: 1, h: 1 };
    assert.equal(scene.shows(detector, 5, () => [beside]), false, JSON.stringify(zone));
    assert.equal(scene.shows(detector, 5, () => [{ x, y, w: 1, h: 1 }]), true, JSON.stringify(zone));
  }
});

Deno.test("B-LIVE-5: how small and faint it may be is set by the sensitivity", () => {
  const faint = (i: number) => [{ x: 20 + i * 2, y: 14, w: 3, h: 5, by: 25 }];
  for (const [sensitivity, seen] of [[90, true], [10, false]] as const) {
    const scene = new Scene();
    const detector = new MotionDetector({ ...ANYWHERE, sensitivity });
    scene.shows(detector, 30);
    assert.equal(scene.shows(detector, 8, faint), seen, String(sensitivity));
  }
});

Deno.test("B-LIVE-5: clouds, a lamp that is switched on and a camera that is turned are no visitors", () => {
  const scene = new Scene();
  const detector = new MotionDetector({ ...ANYWHERE, sensitivity: 80 });
  scene.shows(detector, 30);
  for (let i = 0; i < 60; i++) {
    scene.light -= 1;
    assert.equal(detector.look(scene.picture()), false, `dusk, ${i}`);
  }
  scene.light += 70;
  assert.equal(scene.shows(detector, 20), false, "a lamp");
  const turned = () => scene.picture().map((_, i) => i * 37 % 256);
  const seen = Array.from({ length: 20 }, () => detector.look(turned()));
  assert.equal(seen.includes(true), false, "another scene");
});

Deno.test("what was put down and stays becomes a part of the scene", () => {
  const scene = new Scene();
  const detector = new MotionDetector(ANYWHERE);
  scene.shows(detector, 30);
  const parcel = () => [{ x: 30, y: 20, w: 8, h: 8 }];
  assert.equal(scene.shows(detector, 5, parcel), true);
  scene.shows(detector, 60, parcel);
  assert.equal(scene.shows(detector, 20, parcel), false);
});

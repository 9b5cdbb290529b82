import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import type { Frames, FramesListener } from "./frames.ts";
import { Ring } from "./ring.ts";
import { CONFIG } from "./testing/fake_tool.ts";

/** A camera that gives a frame every 500 ms, every fourth a key frame, each with a packet of sound. */
class Camera implements Frames {
  readonly group = [];
  readonly #listeners = new Set<FramesListener>();
  #count = 0;

  get listeners(): number {
    return this.#listeners.size;
  }

  listen(listener: FramesListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  configure(config: Buffer = CONFIG): void {
    for (const listener of this.#listeners) listener.parameters?.({ config, units: config });
  }

  change(): void {
    for (const listener of this.#listeners) listener.outdated?.();
  }

  run(frames: number, bytes = 1, keys = true): void {
    for (let i = 0; i < frames; i++) {
      const at = 500 * this.#count;
      const frame = { at, key: this.#count++ % 4 === 0 && keys, data: Buffer.alloc(bytes) };
      for (const listener of this.#listeners) {
        listener.frame?.(frame);
        listener.sound?.(Buffer.alloc(1), at + 1);
      }
    }
  }
}

function kept(ring: Ring): { frames: number[]; sound: number[]; told: boolean } {
  const all = { frames: [] as number[], sound: [] as number[], told: false };
  ring.replay({
    parameters: () => void (all.told = true),
    frame: ({ at }) => all.frames.push(at),
    sound: (_packet, at) => all.sound.push(at),
  });
  return all;
}

Deno.test("B-REC-3: the last five seconds are kept, from the key frame before them on, with their sound", () => {
  const camera = new Camera();
  const ring = new Ring(camera, 5_000);
  camera.configure();
  camera.run(41);
  const { frames, sound, told } = kept(ring);
  assert.ok(told);
  // 20,000 is now; key frames stand 2 s apart.
  assert.deepEqual([frames[0], frames.at(-1), frames.length], [14_000, 20_000, 13]);
  assert.deepEqual([sound[0], sound.at(-1)], [14_001, 20_001]);
  camera.run(3);
  assert.equal(kept(ring).frames[0], 14_000, "a second later they are in there still");
  ring.end();
  assert.deepEqual([kept(ring).frames, camera.listeners], [[], 0]);
});

Deno.test("what can't be decoded any more, or was made by settings of before, is not kept", () => {
  const camera = new Camera();
  const ring = new Ring(camera, 5_000);
  camera.configure();
  camera.run(8);
  camera.configure();
  assert.equal(kept(ring).frames.length, 8, "the same again");
  camera.configure(Buffer.from([...CONFIG, 1]));
  assert.equal(kept(ring).frames.length, 0);
  camera.run(4);
  camera.change();
  assert.equal(kept(ring).frames.length, 0);
});

Deno.test("a camera that gives too much is kept for a shorter time", () => {
  const camera = new Camera();
  const ring = new Ring(camera, 5_000);
  camera.configure();
  camera.run(9, 2 ** 21);
  assert.deepEqual(kept(ring).frames, [4_000], "from the newest key frame on");
});

Deno.test("a camera that gives no key frame any more fills no memory, and is kept again from its next one on", () => {
  const camera = new Camera();
  const ring = new Ring(camera, 5_000);
  camera.configure();
  camera.run(1, 2 ** 21);
  for (let i = 0; i < 8; i++) {
    camera.run(4, 2 ** 21, false);
    assert.ok(kept(ring).frames.length <= 8, String(kept(ring).frames.length));
  }
  assert.deepEqual(kept(ring), { frames: [], sound: [], told: true });
  camera.run(4);
  assert.deepEqual(kept(ring).frames, [18_000]);
});

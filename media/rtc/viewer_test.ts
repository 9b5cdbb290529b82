import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { VirtualClock } from "../../core/testing/virtual_clock.ts";
import type { Frame, Frames, FramesListener } from "../frames.ts";
import { fakeNative, VIEWER_OFFER } from "../testing/fake_native.ts";
import { Viewer } from "./viewer.ts";

/** A receiver report of nothing in particular. */
const REPORT = Buffer.from([0x80, 201, 0, 1, 0, 0, 0, 9]);

/** Pictures and sound that a test gives. */
class Source implements Frames {
  group: Frame[] = [];
  readonly listeners = new Set<FramesListener>();

  listen(listener: FramesListener): () => void {
    this.listeners.add(listener);
    listener.parameters?.({ config: Buffer.alloc(0), units: Buffer.alloc(0) });
    return () => void this.listeners.delete(listener);
  }

  picture(text: string, at: number): void {
    for (const { frame } of this.listeners) frame?.({ at, key: true, data: Buffer.from(text) });
  }

  sound(text: string, at: number): void {
    for (const { sound } of this.listeners) sound?.(Buffer.from(text), at);
  }
}

async function start() {
  const { native, peers } = fakeNative();
  const clock = new VirtualClock();
  const ends: string[] = [];
  const ended = (why: string) => void ends.push(why);
  const viewer = new Viewer({ native, id: "one", address: null, clock, ended });
  await viewer.answer(VIEWER_OFFER);
  const [peer] = peers;
  peer!.state("connected");
  return { viewer, peer: peer!, ends };
}

Deno.test("B-CALL-4: where the camera gives no picture the panel is heard all the same", async () => {
  const { viewer, peer } = await start();
  const [hd, fullHd] = [new Source(), new Source()];
  viewer.show(hd);
  hd.sound("one", 0);
  viewer.show(fullHd);
  assert.equal(hd.listeners.size, 0, "nothing of it was seen that could go on");
  hd.sound("none", 20);
  fullHd.sound("two", 20);
  assert.deepEqual([peer.sent("audio"), peer.sent("video")], [["one", "two"], []]);
  viewer.close();
  assert.equal(fullHd.listeners.size, 0);
});

Deno.test("what was seen and heard goes on until there is a picture of what comes in its place", async () => {
  const { viewer, peer } = await start();
  const [hd, fullHd] = [new Source(), new Source()];
  viewer.show(hd);
  hd.picture("small", 0);
  viewer.show(fullHd);
  hd.sound("old", 20);
  fullHd.sound("early", 20);
  fullHd.picture("large", 40);
  fullHd.sound("new", 40);
  assert.deepEqual([peer.sent("video"), peer.sent("audio")], [["small", "large"], ["old", "new"]]);
  assert.equal(hd.listeners.size, 0);
  viewer.close();
});

Deno.test("who does not report of what is sent is gone: of pictures within 6 s, of sound alone within 20 s", async () => {
  for (const [kind, patience] of [["picture", 6_000], ["sound", 20_000]] as const) {
    const { viewer, peer, ends } = await start();
    const source = new Source();
    viewer.show(source);
    source[kind]("first", 0);
    source[kind]("last", patience);
    peer.tracks[0]!.message(REPORT);
    source[kind]("first", patience + 1);
    source[kind]("last", 2 * patience + 1);
    assert.deepEqual(ends, [], kind);
    source[kind]("too late", 2 * patience + 2);
    assert.deepEqual([ends, peer.closed, source.listeners.size], [["the viewer is gone"], true, 0], kind);
  }
});

Deno.test("a picture that comes after a long time of sound alone finds the viewer still there", async () => {
  const { viewer, ends } = await start();
  const source = new Source();
  viewer.show(source);
  source.sound("alone", 0);
  source.picture("back", 7_000);
  source.picture("next", 13_000);
  assert.deepEqual(ends, []);
  source.picture("too late", 13_001);
  assert.equal(ends.length, 1);
});

Deno.test("who is found gone while pictures are made up for is sent no more of them", async () => {
  const { viewer, peer, ends } = await start();
  const source = new Source();
  viewer.show(source);
  source.sound("alone", 0);
  source.group = ["one", "two", "three"].map((text, i) => ({ at: i, key: i === 0, data: Buffer.from(text) }));
  source.picture("three", 21_000);
  assert.deepEqual([peer.sent("video"), ends], [["one"], ["the viewer is gone"]]);
});

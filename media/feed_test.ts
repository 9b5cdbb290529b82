import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { VirtualClock } from "../core/testing/virtual_clock.ts";
import type { Command } from "./ffmpeg/commands.ts";
import { Feed } from "./feed.ts";
import type { Frame, FramesListener } from "./frames.ts";
import { FlvReader, type FlvTag } from "./flv.ts";
import { FakeTool } from "./testing/fake_tool.ts";

const COMMAND: Command = { program: "ffmpeg", args: [], hasSound: false, zone: "UTC" };

class Bench {
  readonly clock = new VirtualClock();
  readonly tools: FakeTool[] = [];
  readonly faults: (string | undefined)[] = [];
  readonly feed = this.feedOf();

  feedOf(parent?: Feed): Feed {
    return new Feed({
      command: COMMAND,
      ...(parent ? { parent } : {}),
      clock: this.clock,
      start: (command, takesInput) => {
        const tool = new FakeTool(command, takesInput);
        this.tools.push(tool);
        return tool;
      },
      fault: (text) => void this.faults.push(text),
    });
  }

  get tool(): FakeTool {
    return this.tools.at(-1)!;
  }

  /** Lets the program give a picture; what was written is heard by then. */
  async gives(at: number, key = false): Promise<void> {
    this.tool.frame(at, key);
    await this.clock.advance(0);
  }

  hear(feed = this.feed): { frames: Frame[]; stop: () => void } {
    const frames: Frame[] = [];
    const listener: FramesListener = { frame: (frame) => void frames.push(frame) };
    return { frames, stop: feed.listen(listener) };
  }
}

Deno.test("B-LIVE-2: a program runs while somebody looks and a moment longer, one for all", async () => {
  const bench = new Bench();
  assert.equal(bench.tools.length, 0);
  const [first, second] = [bench.hear(), bench.hear()];
  assert.equal(bench.tools.length, 1);
  bench.tool.begin();
  await bench.gives(0, true);
  assert.deepEqual([first.frames.length, second.frames.length], [1, 1]);
  first.stop();
  second.stop();
  await bench.clock.advance(2_900);
  const third = bench.hear();
  await bench.clock.advance(4_000);
  assert.deepEqual([bench.tools.length, bench.tool.killed], [1, false], "a page that is loaded anew");
  await bench.gives(40);
  third.stop();
  await bench.clock.advance(2_999);
  assert.equal(bench.tool.killed, false);
  await bench.clock.advance(1);
  assert.equal(bench.tool.killed, true);
  assert.equal(bench.clock.pending, 0);
});

Deno.test("who comes later begins with the last key frame, and nothing is kept when nobody looks", async () => {
  const bench = new Bench();
  const { stop } = bench.hear();
  bench.tool.begin();
  for (const [at, key] of [[0, true], [40, false], [80, true], [120, false]] as const) {
    await bench.gives(at, key);
  }
  assert.deepEqual(bench.feed.group.map(({ key }) => key), [true, false]);
  let told = 0;
  bench.feed.listen({ parameters: () => void told++ })();
  assert.equal(told, 1);
  stop();
  await bench.clock.advance(3_000);
  assert.deepEqual(bench.feed.group, []);
});

Deno.test("a program that ends starts again after pauses that grow, and its last words are told once", async () => {
  const bench = new Bench();
  bench.hear();
  for (const pause of [250, 500, 1_000, 2_000, 4_000, 8_000, 8_000]) {
    const before = bench.tools.length;
    bench.tool.die("No route to host");
    await bench.clock.advance(pause - 1);
    assert.equal(bench.tools.length, before, String(pause));
    await bench.clock.advance(1);
    assert.equal(bench.tools.length, before + 1, String(pause));
  }
  assert.equal(bench.faults[0], "No route to host");
  bench.tool.begin();
  await bench.gives(0, true);
  assert.equal(bench.faults.at(-1), undefined);
  bench.tool.die("gone");
  await bench.clock.advance(250);
  assert.equal(bench.tools.length, 9, "a picture makes the pause short again");
});

Deno.test("a program that falls silent, or gives what can't be read, is started anew", async () => {
  const bench = new Bench();
  bench.hear();
  const [silent] = bench.tools;
  await bench.clock.advance(8_000);
  assert.deepEqual([silent!.killed, bench.faults.at(-1)], [true, "no picture for 8 s"]);
  await bench.clock.advance(250);
  const garbled = bench.tool;
  garbled.output.write("what is this, a picture?");
  await bench.clock.advance(0);
  assert.deepEqual([garbled.killed, bench.faults.at(-1)], [true, "This is not FLV"]);
});

Deno.test("time goes on where a program is replaced: a decoder sees no leap back", async () => {
  const bench = new Bench();
  const { frames } = bench.hear();
  await bench.clock.advance(1_000);
  bench.tool.begin();
  await bench.gives(500_000, true);
  await bench.clock.advance(40);
  await bench.gives(500_040);
  bench.tool.die("");
  await bench.clock.advance(250);
  bench.tool.begin();
  await bench.gives(0, true);
  assert.deepEqual(frames.map(({ at }) => at), [1_000, 1_040, 1_290]);
});

Deno.test("one that is made of another's pictures begins with its last key frame, and holds it only as long as it runs", async () => {
  const bench = new Bench();
  const derived = bench.feedOf(bench.feed);
  const { stop } = bench.hear(derived);
  const [own, parent] = bench.tools;
  assert.ok(own!.input, "it reads");
  parent!.begin();
  for (const [at, key] of [[0, true], [40, false]] as const) {
    parent!.frame(at, key);
    await bench.clock.advance(40);
  }
  const tags: FlvTag[] = [];
  const reader = new FlvReader((tag) => tags.push(tag));
  own!.input!.on("data", (chunk: Buffer) => reader.push(chunk));
  await bench.clock.advance(0);
  assert.deepEqual(tags.map((tag) => tag.kind === "frame" ? tag.at : "config"), ["config", 0, 40]);
  stop();
  await bench.clock.advance(3_000);
  assert.equal(own!.killed, true);
  await bench.clock.advance(3_000);
  assert.equal(parent!.killed, true);
  assert.equal(bench.clock.pending, 0);
});

Deno.test("one whose program does not read is sent no more until the next key frame", async () => {
  const bench = new Bench();
  const derived = bench.feedOf(bench.feed);
  bench.hear(derived);
  const [own, parent] = bench.tools;
  parent!.begin();
  await bench.clock.advance(0);
  const big = Buffer.alloc(1024 * 1024, 1);
  const { flvFrame } = await import("./flv.ts");
  for (let i = 0; i < 12; i++) {
    parent!.output.write(flvFrame({ at: i * 40, key: i === 0, data: big }));
    await bench.clock.advance(0);
  }
  assert.ok(own!.input!.writableLength < 6 * 1024 * 1024, `${own!.input!.writableLength} bytes wait`);
  own!.input!.resume();
  await bench.clock.advance(0);
  const before = own!.input!.writableLength;
  parent!.frame(500);
  await bench.clock.advance(0);
  assert.equal(own!.input!.writableLength, before, "what follows on something lost is of no use");
});

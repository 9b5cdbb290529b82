import assert from "node:assert/strict";
import { VirtualClock } from "../../core/testing/virtual_clock.ts";
import { Camera } from "../camera.ts";
import type { Command } from "../ffmpeg/commands.ts";
import { FakeTool } from "../testing/fake_tool.ts";
import { cameraSpec, RTSP } from "../testing/specs.ts";
import { HEIGHT, MotionDetector, WIDTH } from "./detector.ts";
import { Lookout } from "./lookout.ts";

const AREA = { x: 0, y: 0, width: 400, height: 1_000 };

/** A plain picture; `columns` of it, from the left, are black. */
const picture = (columns = 0) =>
  Uint8Array.from({ length: WIDTH * HEIGHT }, (_, i) => i % WIDTH < columns ? 0 : 120);

function start() {
  const clock = new VirtualClock();
  const tools: FakeTool[] = [];
  const startTool = (command: Command, takesInput: boolean) => {
    const tool = new FakeTool(command, takesInput);
    tools.push(tool);
    return tool;
  };
  const camera = new Camera({
    spec: cameraSpec({ source: RTSP }),
    abilities: { text: true },
    clock,
    start: startTool,
    fault: () => {},
  });
  const begun = new Set<FakeTool>();
  let detected = 0;
  const lookout = new Lookout({
    frames: camera.frames("full-hd"),
    detector: () => new MotionDetector({ zones: [], sensitivity: 50 }),
    clock,
    start: startTool,
    detected: () => void detected++,
  });
  const newest = (kind: string) => tools.findLast(({ command }) => command.args.includes(kind))!;
  return {
    camera,
    /** The program whose pictures are looked at. */
    looks: () => newest("rawvideo"),
    get detected() {
      return detected;
    },
    /** A program that makes frames begins where it is new, and gives a key frame. */
    async key(kind: string, at: number) {
      const tool = newest(kind);
      if (!begun.has(tool)) tool.begin();
      begun.add(tool);
      tool.frame(at, true);
      await clock.advance(0);
    },
    async see(tool: FakeTool, count: number, columns = 0) {
      for (let i = 0; i < count; i++) tool.output.write(picture(columns));
      await clock.advance(0);
    },
    async [Symbol.asyncDispose]() {
      lookout.end();
      camera.end();
      await clock.advance(0);
    },
  };
}

Deno.test("B-LIVE-5: a privacy area that is drawn or removed is no motion, and what moves then is seen", async () => {
  await using bench = start();
  await bench.key("copy", 0);
  await bench.see(bench.looks(), 10);
  bench.camera.change(cameraSpec({ source: RTSP, privacyAreas: [AREA] }));
  await bench.key("copy", 40);
  await bench.key("libx264", 0);
  await bench.see(bench.looks(), 10, 26);
  assert.equal(bench.detected, 0, "it was drawn");
  bench.camera.change(cameraSpec({ source: RTSP }));
  await bench.key("copy", 80);
  await bench.see(bench.looks(), 10);
  assert.equal(bench.detected, 0, "it was removed");
  await bench.see(bench.looks(), 3, 12);
  assert.equal(bench.detected, 1);
});

Deno.test("what was seen of the picture of before is not held against the new one", async () => {
  await using bench = start();
  await bench.key("copy", 0);
  const before = bench.looks();
  await bench.see(before, 10);
  bench.camera.change(cameraSpec({ source: RTSP, privacyAreas: [AREA] }));
  assert.equal(before.killed, true);
  for (let i = 0; i < 3; i++) before.output.emit("data", picture());
  await bench.key("libx264", 0);
  assert.notEqual(bench.looks(), before);
  await bench.see(bench.looks(), 10, 26);
  assert.equal(bench.detected, 0);
});

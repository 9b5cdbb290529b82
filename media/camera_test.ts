import assert from "node:assert/strict";
import { VirtualClock } from "../core/testing/virtual_clock.ts";
import { Camera } from "./camera.ts";
import { recording } from "./recording.ts";
import { type CameraSpec, SIZES } from "./spec.ts";
import { FakeTool } from "./testing/fake_tool.ts";
import { cameraSpec, RTSP } from "./testing/specs.ts";

const AREA = { x: 0, y: 0, width: 500, height: 500 };

function start(spec: CameraSpec) {
  const clock = new VirtualClock();
  const tools: FakeTool[] = [];
  const camera = new Camera({
    spec,
    abilities: { text: true },
    clock,
    start(command, takesInput) {
      const tool = new FakeTool(command, takesInput);
      tools.push(tool);
      return tool;
    },
    fault() {},
  });
  return { clock, tools, camera };
}

Deno.test("B-LIVE-3: a recording that is under way when an area is drawn gets nothing of before any more, and goes on", async () => {
  const { clock, tools, camera } = start(cameraSpec());
  let bytes = "";
  const out = recording({ frames: camera.frames("hd"), size: SIZES.hd, hasSound: false, ring: undefined });
  out.on("data", (part) => void (bytes += part.toString("latin1")));
  tools[0]!.begin();
  for (const [at, content] of [[0, "open one"], [500, "open two"]] as const) {
    await clock.advance(500);
    tools[0]!.frame(at, true, content);
  }
  await clock.advance(0);
  assert.ok(bytes.includes("open one"), "its fragment is whole");
  bytes = "";

  tools[0]!.frame(540, false, "open three");
  camera.change(cameraSpec({ privacyAreas: [AREA] }));
  const after = tools.at(-1)!;
  assert.match(after.command.args.join(" "), /color=black/);
  after.begin();
  for (const [at, content] of [[0, "covered one"], [500, "covered two"]] as const) {
    await clock.advance(500);
    after.frame(at, true, content);
  }
  await clock.advance(0);
  assert.ok(bytes.includes("covered one"), "it goes on");
  assert.doesNotMatch(bytes, /open/);
  out.destroy();
  camera.end();
  await clock.advance(0);
});

Deno.test("who looks on in other settings begins with a key frame of them", async () => {
  const covered = cameraSpec({ source: RTSP, privacyAreas: [AREA] });
  const { clock, tools, camera } = start(covered);
  const seen: boolean[] = [];
  let outdated = 0;
  camera.frames("full-hd").listen({
    frame: ({ key }) => seen.push(key),
    outdated: () => void outdated++,
  });
  const copy = tools.find(({ command }) => command.args.includes("copy"))!;
  copy.begin();
  copy.frame(0, true);
  await clock.advance(0);
  camera.change(covered);
  assert.equal(outdated, 0, "nothing has changed");
  camera.change(cameraSpec({ source: RTSP }));
  assert.deepEqual([copy.killed, outdated], [false, 1]);
  copy.frame(40);
  copy.frame(80);
  await clock.advance(0);
  assert.deepEqual(seen, []);
  copy.frame(120, true);
  copy.frame(160);
  await clock.advance(0);
  assert.deepEqual(seen, [true, false]);
  camera.end();
});

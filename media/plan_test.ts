import assert from "node:assert/strict";
import { planOf } from "./plan.ts";
import type { CameraSpec, Definition, Source } from "./spec.ts";
import { cameraSpec, RTSP } from "./testing/specs.ts";

const AREA = { x: 100, y: 200, width: 300, height: 400 };

/** `derive hd ← copy`, and what the programs do to the picture. */
function planned(definition: Definition, change: Partial<CameraSpec>) {
  const chain = [];
  for (let plan = planOf(cameraSpec(change), definition, { text: true }); plan; plan = plan.parent!) {
    chain.push(plan);
  }
  return {
    names: chain.map(({ key }) => key).join(" ← "),
    filters: chain.map(({ command }) => command.args[command.args.indexOf("-vf") + 1] ?? ""),
    commands: chain.map(({ command }) => [command.program, ...command.args].join(" ")),
  };
}

Deno.test("what the camera has compressed is passed through in its own definition, and only there", () => {
  const own = planned("full-hd", { source: RTSP });
  assert.equal(own.names, "copy");
  assert.match(own.commands[0]!, /-c:v copy/);
  assert.equal(planned("hd", { source: RTSP }).names, "derive hd ← copy");
});

const changes: Record<string, Partial<CameraSpec>> = {
  "a privacy area": { privacyAreas: [AREA] },
  "a name in the picture": { overlay: { name: "Door", time: false } },
  "the time in the picture": { overlay: { name: null, time: true } },
  "a flip": { image: { brightness: 0, contrast: 0, flip: "both", night: false } },
  "brightness": { image: { brightness: 1, contrast: 0, flip: "none", night: false } },
  "night": { image: { brightness: 0, contrast: 0, flip: "none", night: true } },
};
for (const [name, change] of Object.entries(changes)) {
  Deno.test(`${name} makes even the camera's own definition an encode`, () => {
    assert.equal(planned("full-hd", { source: RTSP, ...change }).names, "derive full-hd ← copy");
  });
}

const sources: Source[] = [
  { kind: "simulated", native: "full-hd", sound: true },
  RTSP,
  { kind: "v4l2", device: "/dev/video0", format: "h264", native: "full-hd" },
  { kind: "v4l2", device: "/dev/video0", format: "raw", native: "full-hd" },
  { kind: "libcamera", native: "full-hd" },
];
for (const source of sources) {
  const format = source.kind === "v4l2" ? ` (${source.format})` : "";
  Deno.test(`B-LIVE-3: nothing of ${source.kind}${format} is encoded before its privacy areas are black`, () => {
    for (const definition of ["full-hd", "hd"] as const) {
      const { names, filters } = planned(definition, { source, privacyAreas: [AREA], ...changes["a flip"] });
      // The last of the chain reads the camera. It may copy; whatever encodes first must have covered them first.
      const first = filters.toReversed().find((graph) => graph.includes("scale="));
      assert.match(first ?? "", /drawbox=x=floor\(iw\*100\/2000\)\*2:.*color=black:t=fill,scale=/, names);
      assert.ok(first!.indexOf("color=black") < first!.indexOf("hflip"));
      assert.doesNotMatch(names, /^copy/, "what is shown is no copy");
    }
  });
}

Deno.test("a simulated camera makes each definition anew, a camera that does not compress is read once", () => {
  const raw = sources[3]!;
  assert.equal(planned("hd", { source: sources[0]! }).names, "encode hd");
  assert.equal(planned("full-hd", { source: raw }).names, "encode full-hd");
  const { names, filters } = planned("hd", { source: raw, ...changes.night });
  assert.equal(names, "derive hd ← encode full-hd");
  assert.deepEqual(filters.map((graph) => graph.includes("hue=s=0")), [false, true], "done once");
});

Deno.test("sound comes from the one program that reads the camera, where it is wanted", () => {
  const sounds = (source: Source) => {
    const { commands } = planned("hd", { source });
    return commands.map((command) => command.includes("libopus"));
  };
  assert.deepEqual(sounds(RTSP), [false, true]);
  assert.deepEqual(sounds({ ...RTSP, sound: false } as Source), [false, false]);
  assert.deepEqual(sounds(sources[0]!), [true]);
});

Deno.test("an ffmpeg that can't write leaves names and times out", () => {
  const overlay = { name: "Door", time: true };
  const { command } = planOf(cameraSpec({ overlay }), "hd", { text: false });
  assert.doesNotMatch(command.args.join(" "), /drawtext/);
});

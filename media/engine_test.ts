import assert from "node:assert/strict";
import { VirtualClock } from "../core/testing/virtual_clock.ts";
import { Engine } from "./engine.ts";
import type { Probe } from "./ffmpeg/probe.ts";
import type { MediaEvent } from "./protocol.ts";
import type { Source } from "./spec.ts";
import type { Native } from "./rtc/connection.ts";
import { fakeNative, VIEWER_OFFER } from "./testing/fake_native.ts";
import { FakeTool } from "./testing/fake_tool.ts";
import { cameraSpec, RTSP } from "./testing/specs.ts";

const PLACE = { camera: "front", definition: "hd" } as const;
const AREA = { x: 0, y: 0, width: 500, height: 500 };

class Bench {
  readonly clock = new VirtualClock();
  readonly tools: FakeTool[] = [];
  readonly events: MediaEvent[] = [];
  found: Probe = { abilities: { text: true } };
  probes = 0;
  native: Native | string = "there is none";
  readonly engine = new Engine({
    clock: this.clock,
    probe: () => {
      this.probes++;
      return Promise.resolve(this.found);
    },
    start: (command, takesInput) => {
      const tool = new FakeTool(command, takesInput);
      this.tools.push(tool);
      return tool;
    },
    native: () => Promise.resolve(this.native),
    tell: (event) => void this.events.push(event),
  });

  get encodes(): FakeTool[] {
    return this.tools.filter(({ command }) => command.args.includes("libx264"));
  }

  /** What makes streams of pictures, and snapshots: of these one is always ready for the next. */
  get decodes(): FakeTool[] {
    return this.tools.filter(({ command }) => command.args.includes("mjpeg"));
  }

  /** Asks for a snapshot, and lets the camera give its first picture. */
  async snapshot() {
    const answer = this.engine.run("snapshot", PLACE);
    answer.catch(() => {});
    await this.clock.advance(0);
    this.tools[0]!.begin();
    this.tools[0]!.frame(0, true);
    await this.clock.advance(0);
    return answer;
  }

  /** Takes the first one, whole. */
  async firstSnapshot(): Promise<void> {
    const answer = this.snapshot();
    await this.clock.advance(0);
    this.decodes[0]!.output.write("a picture");
    this.decodes[0]!.die("");
    await answer;
  }
}

Deno.test("B-LIVE-2: a camera that nobody looks at costs nothing, and of a definition there is one encode", async () => {
  const bench = new Bench();
  await bench.engine.run("configure", { cameras: [cameraSpec()], address: null });
  assert.deepEqual([bench.tools.length, bench.engine.programs], [0, 0]);
  for (let i = 0; i < 2; i++) await bench.engine.run("jpegs", { ...PLACE, fps: 5 });
  assert.equal(bench.encodes.length, 1);
  await bench.engine.run("jpegs", { ...PLACE, definition: "full-hd", fps: 5 });
  assert.equal(bench.encodes.length, 2);
  await bench.clock.advance(5_000);
  for (const encode of bench.encodes) {
    encode.begin();
    encode.frame(0, true);
  }
  await bench.clock.advance(2_999);
  assert.equal(bench.engine.programs, 2);
  await bench.clock.advance(1);
  assert.deepEqual([bench.engine.programs, bench.clock.pending], [0, 0], "nobody came for the pictures");
});

Deno.test("those who ask for a snapshot at the same time get the same one", async () => {
  const bench = new Bench();
  await bench.engine.run("configure", { cameras: [cameraSpec()], address: null });
  const [first, second] = [bench.snapshot(), bench.engine.run("snapshot", PLACE)];
  await bench.clock.advance(0);
  assert.equal(bench.decodes.length, 1);
  bench.decodes[0]!.output.write("a picture");
  await bench.clock.advance(0);
  bench.decodes[0]!.die("");
  assert.notEqual((await first).key, (await second).key);
  bench.engine.forget();
});

Deno.test("after a snapshot a program is ready for the next one, for half a minute", async () => {
  const bench = new Bench();
  await bench.engine.run("configure", { cameras: [cameraSpec()], address: null });
  await bench.firstSnapshot();
  assert.equal(bench.decodes.length, 2);
  const second = bench.engine.run("snapshot", PLACE);
  await bench.clock.advance(0);
  assert.equal(bench.decodes.length, 2, "the one that was ready");
  bench.decodes[1]!.output.write("another");
  bench.decodes[1]!.die("");
  await second;
  assert.equal(bench.decodes.length, 3);
  await bench.clock.advance(30_000);
  assert.deepEqual([bench.decodes[2]!.killed, bench.engine.programs, bench.clock.pending], [true, 0, 0]);
});

Deno.test("a program that was ready for too long is used no more, also while it is still ending", async () => {
  const bench = new Bench();
  await bench.engine.run("configure", { cameras: [cameraSpec()], address: null });
  await bench.firstSnapshot();
  bench.decodes[1]!.kill = () => {};
  await bench.clock.advance(30_000);
  const second = bench.engine.run("snapshot", PLACE);
  await bench.clock.advance(0);
  bench.encodes.at(-1)!.begin();
  bench.encodes.at(-1)!.frame(0, true);
  await bench.clock.advance(0);
  assert.equal(bench.decodes.length, 3);
  bench.decodes[2]!.output.write("another");
  bench.decodes[2]!.die("");
  await second;
  bench.engine.forget();
});

Deno.test("a snapshot of a camera that gives no picture is refused after 8 s, and one that fails says why", async () => {
  const bench = new Bench();
  await bench.engine.run("configure", { cameras: [cameraSpec()], address: null });
  const answer = bench.engine.run("snapshot", PLACE);
  const refused = assert.rejects(answer, { code: "picture-none", status: 503 });
  await bench.clock.advance(8_000);
  await refused;
  bench.engine.forget();

  const failing = new Bench();
  await failing.engine.run("configure", { cameras: [cameraSpec()], address: null });
  const failed = assert.rejects(failing.snapshot(), { code: "picture-none", message: /No space left/ });
  await failing.clock.advance(0);
  failing.decodes[0]!.die("No space left on device");
  await failed;
  failing.engine.forget();
});

Deno.test("B-LIVE-3: when the settings are in force, no program of the old ones runs and nothing of theirs is kept", async () => {
  const bench = new Bench();
  await bench.engine.run("configure", { cameras: [cameraSpec()], address: null });
  await bench.engine.run("jpegs", { ...PLACE, fps: 5 });
  const [before] = bench.encodes;
  before!.begin();
  before!.frame(0, true);
  await bench.clock.advance(0);
  bench.engine.run("snapshot", PLACE).catch(() => {});
  await bench.clock.advance(0);
  assert.equal(bench.decodes.length, 2, "the stream's, and the snapshot's that is under way");
  await bench.engine.run("configure", { cameras: [cameraSpec({ privacyAreas: [AREA] })], address: null });
  assert.equal(before!.killed, true);
  const after = bench.encodes.at(-1)!;
  assert.notEqual(after, before);
  assert.match(after.command.args.join(" "), /color=black/);
  const answer = bench.engine.run("snapshot", PLACE);
  await bench.clock.advance(0);
  answer.catch(() => {});
  after.begin();
  after.frame(0, true);
  await bench.clock.advance(0);
  assert.equal(bench.decodes.length, 3, "a new one, of what came since");
  bench.engine.forget();
});

Deno.test("a camera that compresses is read on where only its picture is treated otherwise", async () => {
  const bench = new Bench();
  await bench.engine.run("configure", { cameras: [cameraSpec({ source: RTSP })], address: null });
  await bench.engine.run("jpegs", { ...PLACE, definition: "full-hd", fps: 5 });
  const copy = bench.tools.find(({ command }) => command.args.includes("copy"));
  const covered = cameraSpec({ source: RTSP, privacyAreas: [AREA] });
  await bench.engine.run("configure", { cameras: [covered], address: null });
  assert.equal(copy!.killed, false);
  assert.equal(bench.encodes.length, 1, "what is shown is made anew");
  await bench.engine.run("configure", {
    cameras: [cameraSpec({ source: { ...RTSP, sound: false } as Source })],
    address: null,
  });
  assert.equal(copy!.killed, true, "it is read otherwise");
  assert.equal(bench.encodes[0]!.killed, true);
  bench.engine.forget();
});

Deno.test("what a camera lacks is told: its definitions, itself, ffmpeg, what sends live video", async () => {
  const bench = new Bench();
  const { engine } = bench;
  await engine.run("configure", { cameras: [cameraSpec({ source: RTSP })], address: null });
  const refusal = (code: string, status: number, message?: RegExp) =>
    message ? { code, status, message } : { code, status };
  await assert.rejects(
    engine.run("snapshot", { ...PLACE, definition: "quad-hd" }),
    refusal("definition-unknown", 404, /"quad-hd"; it has full-hd, hd$/),
  );
  await assert.rejects(engine.run("snapshot", { ...PLACE, camera: "back" }), refusal("camera-unknown", 404));
  await assert.rejects(
    engine.run("view", { ...PLACE, offer: "v=0" }),
    refusal("media-missing", 503, /^There is no picture: there is none$/),
  );
  assert.deepEqual(bench.events.at(-1), { event: "state", missing: "there is none" });
});

Deno.test("an ffmpeg that is installed while the panel runs is found by the next who asks", async () => {
  const bench = new Bench();
  bench.found = { missing: "ffmpeg is not installed" };
  await bench.engine.look();
  assert.deepEqual(bench.engine.state, { event: "state", missing: "ffmpeg is not installed" });
  await bench.engine.run("configure", { cameras: [cameraSpec()], address: null });
  await assert.rejects(bench.engine.run("jpegs", { ...PLACE, fps: 1 }), { code: "media-missing" });
  bench.found = { abilities: { text: true } };
  await bench.engine.run("jpegs", { ...PLACE, fps: 1 });
  assert.deepEqual(bench.engine.state, { event: "state", missing: "" });
  await bench.engine.run("jpegs", { ...PLACE, fps: 1 });
  assert.equal(bench.probes, 3, "once found, it is not looked for again");
  bench.engine.forget();
});

Deno.test("what is to end while ffmpeg is still looked for does not begin after that", async () => {
  const bench = new Bench();
  const { engine } = bench;
  await engine.run("configure", { cameras: [cameraSpec()], address: null });
  const watch = { sensitivity: 50, zones: [] };
  const before = [
    engine.run("detect", { ...PLACE, watch }),
    engine.run("keep", { ...PLACE, ms: 5_000, sound: false }),
  ];
  await engine.run("detect", { ...PLACE, watch: null });
  await engine.run("keep", { ...PLACE, ms: 0, sound: false });
  await Promise.all(before);
  assert.deepEqual(bench.tools, []);
  await Promise.all([
    engine.run("detect", { ...PLACE, watch }),
    engine.run("keep", { ...PLACE, ms: 5_000, sound: false }),
  ]);
  assert.equal(bench.encodes.length, 1);
  engine.forget();
  assert.deepEqual([bench.encodes[0]!.killed, bench.clock.pending], [true, 0]);
});

Deno.test("streams of pictures are four at most: each has a program of its own", async () => {
  const bench = new Bench();
  await bench.engine.run("configure", { cameras: [cameraSpec()], address: null });
  for (let i = 0; i < 4; i++) await bench.engine.run("jpegs", { ...PLACE, fps: 1 });
  await assert.rejects(bench.engine.run("jpegs", { ...PLACE, fps: 1 }), {
    code: "viewers-busy",
    status: 503,
  });
  bench.engine.forget();
  await bench.clock.advance(0);
  assert.ok(bench.tools.every(({ killed }) => killed));
  assert.equal(bench.clock.pending, 0);
});

Deno.test("a camera that is taken away is read no more", async () => {
  const bench = new Bench();
  await bench.engine.run("configure", { cameras: [cameraSpec()], address: null });
  await bench.engine.run("jpegs", { ...PLACE, fps: 1 });
  await bench.engine.run("configure", { cameras: [], address: null });
  assert.equal(bench.encodes[0]!.killed, true);
  await assert.rejects(bench.engine.run("jpegs", { ...PLACE, fps: 1 }), { code: "camera-unknown" });
  bench.engine.forget();
});

Deno.test("who leaves while another definition is asked for is shown nothing more: no program and no microphone runs on", async () => {
  const bench = new Bench();
  bench.native = fakeNative().native;
  await bench.engine.run("configure", { cameras: [cameraSpec()], address: null });
  const microphone = { kind: "alsa", device: "porch" } as const;
  await bench.engine.run("sound", {
    spec: { loudspeaker: null, microphone, volume: 80, halfDuplex: false },
  });
  const { session } = await bench.engine.run("view", { ...PLACE, offer: VIEWER_OFFER });
  const chosen = bench.engine.run("choose", { session, definition: "full-hd" });
  const refused = assert.rejects(chosen, { code: "session-unknown", status: 404 });
  await bench.engine.run("leave", { session });
  await refused;
  await bench.clock.advance(3_000);
  assert.ok(bench.tools.length > 0 && bench.tools.every(({ killed }) => killed));
  assert.equal(bench.clock.pending, 0);
});

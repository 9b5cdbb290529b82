import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { VirtualClock } from "../../core/testing/virtual_clock.ts";
import type { FramesListener } from "../frames.ts";
import { Outlets } from "../outlets.ts";
import type { MediaEvent } from "../protocol.ts";
import type { Native } from "../rtc/connection.ts";
import type { SoundSpec } from "../spec.ts";
import { fakeNative, VOICE_OFFER } from "../testing/fake_native.ts";
import { FakeTool } from "../testing/fake_tool.ts";
import { given } from "../testing/given.ts";
import { OggWriter } from "./ogg_writer.ts";
import { PanelSound } from "./panel_sound.ts";

const ALSA: SoundSpec = {
  loudspeaker: { kind: "alsa", device: "plughw:0,0" },
  microphone: { kind: "alsa", device: "default" },
  volume: 80,
  halfDuplex: false,
};
const PACKET = Uint8Array.of(0xf8, 1, 2);
const OTHER = Uint8Array.of(0xf8, 3, 4);

class Bench {
  readonly clock = new VirtualClock();
  readonly tools: FakeTool[] = [];
  readonly events: MediaEvent[] = [];
  /** Loaded when somebody speaks. */
  native: () => Promise<Native> = () => Promise.reject(new Error("there is none"));
  readonly #heard = new Set<FramesListener>();
  readonly sound = new PanelSound({
    clock: this.clock,
    start: (command, takesInput) => {
      const tool = new FakeTool(command, takesInput);
      this.tools.push(tool);
      return tool;
    },
    outlets: new Outlets(this.clock),
    native: () => this.native(),
    address: () => null,
    tell: (event) => void this.events.push(event),
  });

  async configure(spec: Partial<SoundSpec> | null): Promise<void> {
    await this.sound.handlers.sound({ spec: spec && { ...ALSA, ...spec } });
  }

  /** One who hears what is said of a camera that has a sound of its own. */
  listen(live = true): { heard: Uint8Array[]; stop(): void } {
    const heard: Uint8Array[] = [];
    const listen = (listener: FramesListener) => {
      this.#heard.add(listener);
      return () => void this.#heard.delete(listener);
    };
    const stop = this.sound.mix({ group: [], listen }, live)
      .listen({ sound: (packet) => void heard.push(packet) });
    return { heard, stop };
  }

  cameraSays(packet: Uint8Array): void {
    for (const { sound } of this.#heard) sound?.(packet, this.clock.monotonic());
  }

  async play(packets: readonly Uint8Array[]): Promise<string> {
    return (await this.sound.handlers.play({ sound: ogg(packets).toString("base64") })).session;
  }

  /** The loudspeaker's program says that its device is open. */
  async open(): Promise<FakeTool> {
    const tool = this.running("plughw:0,0")!;
    tool.output.write("progress=continue\n");
    await this.clock.advance(0);
    return tool;
  }

  running(device: string): FakeTool | undefined {
    return this.tools.findLast(({ command, killed }) => !killed && command.args.includes(device));
  }
}

function ogg(packets: readonly Uint8Array[]): Buffer {
  const writer = new OggWriter();
  return Buffer.concat([writer.head(), ...packets.map((packet) => writer.packet(packet))]);
}

Deno.test("the microphone is open while somebody listens, and heard in place of the camera", async () => {
  const bench = new Bench();
  await bench.configure({});
  assert.equal(bench.tools.length, 0);
  const { heard, stop } = bench.listen();
  const microphone = bench.running("default")!;
  microphone.output.write(ogg([PACKET, PACKET]));
  await bench.clock.advance(0);
  bench.cameraSays(OTHER);
  assert.deepEqual(heard.map((one) => [...one]), [[...PACKET], [...PACKET]]);
  stop();
  await bench.clock.advance(3_000);
  assert.deepEqual([microphone.killed, bench.clock.pending], [true, 0]);
});

Deno.test("without a microphone the camera's own sound is heard, and one that comes is heard by who listens", async () => {
  const bench = new Bench();
  await bench.configure({ microphone: null });
  const { heard } = bench.listen();
  bench.cameraSays(OTHER);
  assert.equal(heard.length, 1);
  await bench.configure({});
  bench.cameraSays(OTHER);
  bench.running("default")!.output.write(ogg([PACKET]));
  await bench.clock.advance(0);
  assert.deepEqual(heard.map((one) => [...one]), [[...OTHER], [...PACKET]]);
  bench.sound.forget();
  assert.equal(bench.running("default"), undefined);
});

Deno.test("B-CALL-4: where one is heard at a time, who listens hears nothing of the panel while somebody speaks there", async () => {
  const bench = new Bench();
  await bench.configure({ microphone: null, halfDuplex: true });
  const [live, recorded] = [bench.listen(true), bench.listen(false)];
  await bench.play([PACKET, PACKET]);
  await bench.open();
  await bench.clock.advance(30);
  bench.cameraSays(OTHER);
  assert.deepEqual([live.heard.length, recorded.heard.length], [0, 1]);
  await bench.clock.advance(430);
  bench.cameraSays(OTHER);
  assert.deepEqual([live.heard.length, recorded.heard.length], [1, 2]);
  await bench.configure({ microphone: null, halfDuplex: false });
  await bench.play([PACKET]);
  await bench.clock.advance(30);
  bench.cameraSays(OTHER);
  assert.equal(live.heard.length, 2, "both are heard at the same time");
  bench.sound.forget();
});

Deno.test("what is played is heard once the loudspeaker is open, and its end is told", async () => {
  const bench = new Bench();
  await bench.configure({});
  const session = await bench.play([PACKET, OTHER]);
  const tool = bench.running("plughw:0,0")!;
  const heard = given(tool);
  assert.ok(tool.command.args.includes("volume=0.8"));
  await bench.clock.advance(2_000);
  assert.deepEqual(heard(), []);
  await bench.open();
  await bench.clock.advance(30);
  assert.deepEqual([heard(), bench.events], [[[...PACKET], [...OTHER]], []]);
  await bench.clock.advance(20);
  assert.deepEqual(bench.events, [{ event: "session-ended", session, why: "" }]);
  await bench.clock.advance(3_000);
  assert.deepEqual([tool.killed, bench.clock.pending], [true, 0]);
});

Deno.test("another sound takes the place of the one before, of which nothing more is heard", async () => {
  const bench = new Bench();
  await bench.configure({});
  const first = await bench.play(Array.from({ length: 200 }, () => PACKET));
  const heard = given(await bench.open());
  await bench.clock.advance(100);
  const before = heard();
  const second = await bench.play(Array.from({ length: 200 }, () => OTHER));
  assert.deepEqual(bench.events, [{
    event: "session-ended",
    session: first,
    why: "somebody else is heard now",
  }]);
  await bench.clock.advance(100);
  const after = heard().slice(before.length);
  assert.ok(before.length > 3 && after.length > 3 && after.every((packet) => packet[1] === OTHER[1]));
  assert.equal(bench.sound.leave(first), false);
  assert.equal(bench.sound.leave(second), true);
  await bench.clock.advance(3_000);
  assert.equal(bench.clock.pending, 0);
});

Deno.test("a loudspeaker's program that ends is started anew, and why is told until it works again", async () => {
  const bench = new Bench();
  await bench.configure({});
  await bench.play(Array.from({ length: 2_000 }, () => PACKET));
  bench.running("plughw:0,0")!.die("Device or resource busy");
  await bench.clock.advance(0);
  assert.deepEqual(bench.events, [
    { event: "sound", fault: "the loudspeaker plughw:0,0: Device or resource busy" },
  ]);
  await bench.clock.advance(2_000);
  assert.equal(bench.events.length, 1);
  await bench.open();
  assert.deepEqual(bench.events.slice(1), [{ event: "sound", fault: "" }]);
  bench.sound.forget();
});

Deno.test("a loudspeaker that works again does not hide that the microphone does not", async () => {
  const bench = new Bench();
  await bench.configure({});
  bench.listen();
  await bench.play(Array.from({ length: 2_000 }, () => PACKET));
  bench.running("default")!.die("no such device");
  bench.running("plughw:0,0")!.die("busy");
  await bench.clock.advance(300);
  await bench.open();
  assert.deepEqual(bench.events.map((event) => event.event === "sound" && event.fault), [
    "the microphone default: no such device",
    "the microphone default: no such device; the loudspeaker plughw:0,0: busy",
    "the microphone default: no such device",
  ]);
  bench.sound.forget();
});

Deno.test("another volume is in force for who is speaking, and another loudspeaker ends them", async () => {
  const bench = new Bench();
  await bench.configure({});
  const session = await bench.play(Array.from({ length: 500 }, () => PACKET));
  await bench.configure({ volume: 20 });
  assert.ok(bench.running("plughw:0,0")!.command.args.includes("volume=0.2"));
  assert.deepEqual(bench.events, []);
  await bench.configure({ loudspeaker: null });
  assert.deepEqual(bench.events, [
    { event: "session-ended", session, why: "the loudspeaker has changed" },
  ]);
  assert.equal(bench.running("plughw:0,0"), undefined);
  await assert.rejects(bench.play([PACKET]), { code: "sound-none", status: 404 });
  assert.throws(() => bench.sound.handlers.overhear({}), { code: "sound-none" });
  assert.throws(() => bench.sound.handlers.speak({ offer: "v=0" }), { code: "sound-none" });
});

Deno.test("who asks to speak is not heard where loudspeaker and microphone were set up anew meanwhile, also in the same way", async () => {
  const bench = new Bench();
  const { native, peers } = fakeNative();
  const loaded = Promise.withResolvers<Native>();
  bench.native = () => loaded.promise;
  await bench.configure({});
  const asked = assert.rejects(bench.sound.handlers.talk({ offer: VOICE_OFFER }), {
    code: "session-unknown",
  });
  // As a plugin that stops and starts again with other settings does.
  await bench.configure(null);
  await bench.configure({});
  loaded.resolve(native);
  await asked;
  assert.deepEqual([peers.length, peers[0]!.closed], [1, true]);
  const { session } = await bench.sound.handlers.talk({ offer: VOICE_OFFER });
  assert.equal(bench.sound.leave(session), true);
  bench.sound.forget();
  assert.equal(bench.clock.pending, 0);
});

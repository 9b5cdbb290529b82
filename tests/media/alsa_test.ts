import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { inTempDir } from "../../core/testing/temp_dir.ts";
import type { SoundSpec } from "../../media/spec.ts";
import { ffmpeg } from "../../media/testing/pixels.ts";
import { Sound } from "../../media/testing/sound.ts";
import { cameraSpec } from "../../media/testing/specs.ts";
import { findFfmpeg } from "../../scripts/test_tools.ts";
import { until } from "../soon.ts";
import { AlsaPanel } from "./alsa_panel.ts";

const SILENT: SoundSpec = { loudspeaker: null, microphone: null, volume: 100, halfDuplex: false };
const FRONT = { camera: "front", definition: "hd" } as const;

function alsaTest(name: string, story: (panel: AlsaPanel) => Promise<void>): void {
  Deno.test({
    name,
    ignore: findFfmpeg() === undefined,
    fn: inTempDir(async (dir) => {
      await using panel = new AlsaPanel(dir);
      await panel.media.link(true);
      await story(panel);
    }),
  });
}

async function configure(panel: AlsaPanel, spec: Partial<SoundSpec>): Promise<void> {
  await panel.media.port.call("sound", { spec: { ...SILENT, ...spec } });
}

/** A tone as somebody hands it in, made ready to be played. */
async function tone(panel: AlsaPanel, hertz: number, seconds: number): Promise<string> {
  const source = ["-f", "lavfi", "-i", `sine=frequency=${hertz}:duration=${seconds}`];
  const file = ffmpeg([...source, "-c:a", "flac", "-f", "flac", "-"]);
  const { key } = await panel.media.port.call("convert", { sound: file.toString("base64") });
  return Buffer.from(await panel.media.bytes(key)).toString("base64");
}

alsaTest(
  "B-CALL-4: what is played comes out of ALSA's device, also where a card has two channels, as loud as is asked for",
  async (panel) => {
    // As a card is named.
    panel.define(panel.loudspeaker("plughw"));
    // ALSA's file has what is ahead of its last 2.7 s.
    const sound = await tone(panel, 440, 6);
    const levels: number[] = [];
    for (const volume of [100, 50]) {
      await configure(panel, { loudspeaker: { kind: "alsa", device: "hw:0,0" }, volume });
      const { session } = await panel.media.port.call("play", { sound });
      await panel.media.hears("session-ended", (event) => event.session === session);
      const { loud } = panel.played;
      assert.ok(loud.seconds > 0.5, `${loud.seconds} s are heard`);
      assert.ok(Math.abs(loud.hertz - 440) < 5, `${loud.hertz} Hz`);
      levels.push(loud.level);
    }
    const [full, half] = levels as [number, number];
    assert.ok(full > 2_000, `a level of ${full}`);
    assert.ok(Math.abs(half / full - 0.5) < 0.05, `${half} of ${full}`);
    assert.ok(!panel.media.events.some(({ event }) => event === "sound"), "nothing was wrong");
  },
);

alsaTest(
  "a loudspeaker that is not there is told by its name, and what is said is heard once it is there",
  async (panel) => {
    await configure(panel, { loudspeaker: { kind: "alsa", device: "porch" } });
    const { session } = await panel.media.port.call("play", { sound: await tone(panel, 440, 30) });
    const { fault } = await panel.media.hears("sound");
    assert.equal(
      fault,
      "the loudspeaker porch: cannot open audio device porch (No such file or directory)",
    );
    panel.define(panel.loudspeaker("porch"));
    await panel.media.hears("sound", (event) => event.fault === "");
    await until(() => panel.played.loud.seconds > 0.5, 100);
    await panel.media.port.call("leave", { session });
    assert.ok(Math.abs(panel.played.loud.hertz - 440) < 5);
    assert.ok(!panel.media.events.some(({ event }) => event === "session-ended"), "it was not lost");
  },
);

alsaTest(
  "what ALSA's microphone hears is in a recording with sound, and it is open for nothing else",
  async (panel) => {
    panel.define(panel.microphone("porch"));
    await panel.media.port.call("configure", { cameras: [cameraSpec()], address: null });
    await configure(panel, { microphone: { kind: "alsa", device: "porch" } });
    const silent = await panel.media.port.call("record", { ...FRONT, sound: false });
    await panel.media.bytes(silent.key, 100_000);
    assert.equal(panel.started("porch"), 0);
    const closed = panel.speak(440);
    const { key } = await panel.media.port.call("record", { ...FRONT, sound: true });
    const loud = await heard(panel, key);
    assert.ok(Math.abs(loud.hertz - 440) < 5, `not the camera's own tone of 330 Hz: ${loud.hertz}`);
    assert.equal(panel.started("porch"), 1);
    await closed;
  },
);

alsaTest("a microphone that is not there is told by its name, and takes no picture away", async (panel) => {
  await panel.media.port.call("configure", { cameras: [cameraSpec()], address: null });
  await configure(panel, { microphone: { kind: "alsa", device: "hw:CARD=Porch" } });
  const { key } = await panel.media.port.call("record", { ...FRONT, sound: true });
  const [{ fault }] = await Promise.all([panel.media.hears("sound"), panel.media.bytes(key, 200_000)]);
  assert.equal(
    fault,
    "the microphone hw:CARD=Porch: cannot open audio device plughw:CARD=Porch (No such file or directory)",
  );
});

/** The longest tone of a recording, once it is a second long. */
async function heard(panel: AlsaPanel, key: string): Promise<Sound> {
  const parts: Uint8Array[] = [];
  for await (const part of await panel.media.port.take(key)) {
    parts.push(part);
    const { loud } = Sound.of(Buffer.concat(parts));
    if (loud.seconds > 1) return loud;
  }
  throw new Error("The recording has ended");
}

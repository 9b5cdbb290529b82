import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { Buffer } from "node:buffer";
import { findFfmpeg } from "../../scripts/test_tools.ts";
import { FlvReader } from "../flv.ts";
import type { Frame } from "../frames.ts";
import { parameterSets } from "../h264.ts";
import { OggReader } from "../sound/ogg_reader.ts";
import { SIZES } from "../spec.ts";
import { ffmpeg, H264 } from "../testing/pixels.ts";
import { Mp4Recorder } from "./recorder.ts";

const ignore = findFfmpeg() === undefined;

/** Three seconds of a camera, 25 pictures a second, one of `apart` a key frame, and 50 packets of sound a second. */
function camera(apart = 25) {
  const frames: Frame[] = [];
  let config = Buffer.alloc(0);
  const source = ["-f", "lavfi", "-i", "testsrc2=size=1280x720:rate=25:duration=3"];
  const coding = [...H264, "-g", String(apart)];
  new FlvReader((tag) => {
    if (tag.kind === "config") config = Buffer.from(tag.data);
    else frames.push({ at: 1_000 + tag.at, key: tag.key, data: Buffer.from(tag.data) });
  }).push(ffmpeg([...source, ...coding, "-f", "flv", "pipe:1"]));
  const packets: Buffer[] = [];
  const tone = ["-f", "lavfi", "-i", "sine=frequency=440:duration=3:sample_rate=48000"];
  const opus = ["-c:a", "libopus", "-ac", "1", "-frame_duration", "20", "-f", "ogg", "pipe:1"];
  new OggReader((packet) => packets.push(Buffer.from(packet))).push(ffmpeg([...tone, ...opus]));
  return { frames, parameters: { config, units: parameterSets(config) }, packets };
}

function recorded(hasSound: boolean): Buffer[] {
  const { frames, parameters, packets } = camera();
  const parts: Buffer[] = [];
  const mp4 = new Mp4Recorder({ size: SIZES.hd, hasSound, write: (bytes) => void parts.push(bytes) });
  mp4.parameters(parameters);
  frames.forEach((frame, i) => {
    mp4.frame(frame);
    for (const packet of packets.slice(i * 2, i * 2 + 2)) mp4.sound(packet, frame.at);
  });
  mp4.end();
  return parts;
}

/** How many frames of each stream a player finds, after decoding each of them. */
function found(file: Buffer): Record<string, number> {
  const { stdout } = spawnSync("ffprobe", [
    ...["-v", "quiet", "-count_frames", "-of", "json", "-show_streams", "-f", "mp4", "pipe:0"],
  ], { input: file, encoding: "utf8" });
  const { streams = [] } = JSON.parse(stdout) as {
    streams?: { codec_name: string; nb_read_frames?: string }[];
  };
  return Object.fromEntries(streams.map((one) => [one.codec_name, Number(one.nb_read_frames ?? 0)]));
}

Deno.test({
  name: "B-REC-4: what is recorded is an MP4 that plays, with its sound where it is wanted",
  ignore,
  fn() {
    assert.deepEqual(found(Buffer.concat(recorded(false))), { h264: 75 });
    const { h264, opus } = found(Buffer.concat(recorded(true)));
    assert.equal(h264, 75);
    assert.ok(opus! > 140, `${opus} packets of sound`);
  },
});

Deno.test({
  name: "B-REC-4: cut off after any fragment, or within the next, it plays up to that one",
  ignore,
  fn() {
    const parts = recorded(true);
    assert.equal(parts.length, 4, "its head, and a fragment for each second");
    for (const [whole, frames] of [[2, 25], [3, 50]] as const) {
      const kept = Buffer.concat(parts.slice(0, whole));
      assert.equal(found(kept)["h264"], frames);
      const within = Buffer.concat([kept, parts[whole]!.subarray(0, 300)]);
      assert.equal(found(within)["h264"], frames, "the next one's head is not all there");
    }
  },
});

Deno.test({
  name: "a camera with few key frames is recorded in fragments of a second all the same",
  ignore,
  fn() {
    const { frames, parameters } = camera(250);
    const parts: Buffer[] = [];
    const mp4 = new Mp4Recorder({
      size: SIZES.hd,
      hasSound: false,
      write: (bytes) => void parts.push(bytes),
    });
    mp4.parameters(parameters);
    for (const frame of frames) mp4.frame(frame);
    mp4.end();
    assert.equal(parts.length, 4);
    assert.equal(found(Buffer.concat(parts))["h264"], frames.length);
  },
});

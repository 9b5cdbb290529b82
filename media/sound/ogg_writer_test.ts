import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { findFfmpeg } from "../testing/tools.ts";
import { OggReader } from "./ogg_reader.ts";
import { OggWriter } from "./ogg_writer.ts";

function written(packets: readonly Uint8Array[]): Buffer {
  const writer = new OggWriter();
  return Buffer.concat([writer.head(), ...packets.map((packet) => writer.packet(packet))]);
}

Deno.test("each packet that is written is read again, of whatever length", () => {
  const packet = fc.uint8Array({ minLength: 1, maxLength: 700 });
  fc.assert(fc.property(fc.array(packet, { maxLength: 8 }), (packets) => {
    const read: Buffer[] = [];
    new OggReader((packet) => read.push(Buffer.from(packet))).push(written(packets));
    assert.deepEqual(read.map((one) => [...one]), packets.map((one) => [...one]));
  }));
});

Deno.test({
  name: "ffmpeg finds nothing wrong with what is written, and hears as much as was said",
  ignore: findFfmpeg() === undefined,
  fn() {
    const packets: Buffer[] = [];
    const opus = ["-c:a", "libopus", "-ac", "1", "-frame_duration", "20", "-f", "ogg", "pipe:1"];
    const made = ffmpeg(["-f", "lavfi", "-i", "sine=frequency=440:duration=2", ...opus]);
    new OggReader((packet) => packets.push(Buffer.from(packet))).push(made.stdout);
    const heard = ffmpeg(
      [
        "-err_detect",
        "crccheck+explode",
        "-f",
        "ogg",
        "-i",
        "pipe:0",
        "-f",
        "s16le",
        "-ar",
        "48000",
        "pipe:1",
      ],
      written(packets),
    );
    assert.equal(heard.stderr.toString(), "");
    assert.equal(heard.status, 0);
    const samples = new Int16Array(new Uint8Array(heard.stdout).buffer);
    assert.equal(samples.length, packets.length * 960);
    const loudest = samples.reduce((most, one) => Math.max(most, Math.abs(one)), 0);
    assert.ok(loudest > 2_000, `at most ${loudest}`);
  },
});

function ffmpeg(args: string[], input?: Buffer) {
  const options = { maxBuffer: 1e8, ...(input ? { input } : {}) };
  return spawnSync("ffmpeg", ["-hide_banner", "-loglevel", "warning", ...args], options);
}

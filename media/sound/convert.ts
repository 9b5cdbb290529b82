import { Buffer } from "node:buffer";
import type { Clock } from "../../core/clock.ts";
import { LatchkeyError } from "../../core/errors.ts";
import { convertCommand } from "../ffmpeg/sound_commands.ts";
import type { StartTool } from "../ffmpeg/tool.ts";
import { OggReader } from "./ogg_reader.ts";

/** Then the file is taken for one that has no end, ms. */
const LONGEST_MS = 8_000;

/**
 * Makes what can be played of a file with sound: Ogg with Opus.
 * @throws {LatchkeyError} `sound-unknown` (422)
 */
export async function convertSound(file: Buffer, clock: Clock, start: StartTool): Promise<Buffer> {
  const tool = start(convertCommand(), true);
  const made: Buffer[] = [];
  tool.output.on("data", (chunk: Buffer) => void made.push(chunk));
  let isLate = false;
  const cancel = clock.after(LONGEST_MS, () => {
    isLate = true;
    tool.kill();
  });
  tool.input?.end(file);
  const said = await tool.ended;
  cancel();
  if (isLate) {
    const message = `To read this file takes more than ${
      LONGEST_MS / 1_000
    } s: bring a shorter one, or a WAV`;
    throw new LatchkeyError("sound-unknown", message, { status: 422 });
  }
  const ogg = Buffer.concat(made);
  if (opusPackets(ogg).length > 0) return ogg;
  throw new LatchkeyError(
    "sound-unknown",
    `This file can't be played: ${
      said || "it holds no sound"
    }. Allowed are MP3, M4A, WAV, FLAC, Ogg and WebM`,
    { status: 422 },
  );
}

/** @throws {LatchkeyError} `sound-unknown` (422) */
export function opusPackets(ogg: Buffer): Buffer[] {
  const packets: Buffer[] = [];
  try {
    new OggReader((packet) => packets.push(Buffer.from(packet))).push(ogg);
  } catch (error) {
    throw new LatchkeyError("sound-unknown", `This is no sound: ${(error as Error).message}`, {
      status: 422,
    });
  }
  return packets;
}

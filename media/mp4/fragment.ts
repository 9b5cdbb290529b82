import { Buffer } from "node:buffer";
import { box, fullBox, u32, u64 } from "./boxes.ts";

export interface Sample {
  data: Uint8Array;
  /** In ticks of its track. */
  duration: number;
  /** Whether a decoder can begin with it. */
  key: boolean;
}

export interface TrackPart {
  id: number;
  /** When its first sample begins, in ticks of its track. */
  at: number;
  samples: readonly Sample[];
}

/** Offset to what follows, and duration, size and flags for each sample. */
const TRUN_FLAGS = 0x000701;
/** Offsets count from the fragment's own beginning. */
const TFHD_FLAGS = 0x020000;
/** Others depend on it and it depends on none; it depends on others. */
const KEY = 0x02000000;
const NOT_KEY = 0x01010000;

/** A piece of a movie that can be understood once the movie's head is known. @param number counts from 1 */
export function fragment(number: number, parts: readonly TrackPart[]): Buffer {
  const filled = parts.filter(({ samples }) => samples.length > 0);
  // The offsets depend on how long the head is, which does not depend on them.
  const { length } = head(number, filled, 0);
  const bodies = filled.flatMap(({ samples }) => samples.map(({ data }) => data));
  const mdat = Buffer.alloc(8);
  mdat.writeUInt32BE(bodies.reduce((sum, { length }) => sum + length, mdat.length));
  mdat.write("mdat", 4, "latin1");
  // In one go: each copy of the pictures is time.
  return Buffer.concat([head(number, filled, length), mdat, ...bodies]);
}

function head(number: number, parts: readonly TrackPart[], length: number): Buffer {
  let offset = length + 8;
  const tracks = parts.map(({ id, at, samples }) => {
    const rows = samples.map(({ data, duration, key }) => u32(duration, data.length, key ? KEY : NOT_KEY));
    const part = box(
      "traf",
      fullBox("tfhd", 0, TFHD_FLAGS, u32(id)),
      fullBox("tfdt", 1, 0, u64(at)),
      fullBox("trun", 0, TRUN_FLAGS, u32(samples.length, offset), ...rows),
    );
    offset += samples.reduce((sum, { data }) => sum + data.length, 0);
    return part;
  });
  return box("moof", fullBox("mfhd", 0, 0, u32(number)), ...tracks);
}

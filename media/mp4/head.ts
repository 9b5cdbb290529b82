import { Buffer } from "node:buffer";
import { box, fullBox, text, u16, u32, u64, u8 } from "./boxes.ts";

export const VIDEO_TRACK = 1;
export const SOUND_TRACK = 2;
/** Ticks a second. */
export const VIDEO_SCALE = 90_000;
export const SOUND_SCALE = 48_000;

export interface Movie {
  /** AVCDecoderConfigurationRecord. */
  config: Uint8Array;
  width: number;
  height: number;
  hasSound: boolean;
  /** Where it is known, ms. */
  durationMs?: number;
}

/** 1:1, neither turned nor moved. */
const MATRIX = u32(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000);

/** What a fragmented MP4 begins with: all that a decoder needs, and no pictures. */
export function movieHead(movie: Movie): Buffer {
  const ftyp = box("ftyp", text("isom"), u32(0x200), text("isomiso6avc1mp41"));
  const duration = movie.durationMs === undefined
    ? []
    : [fullBox("mehd", 1, 0, u64(Math.round(movie.durationMs)))];
  const tracks = movie.hasSound ? [videoTrack(movie), soundTrack()] : [videoTrack(movie)];
  const extends_ = [VIDEO_TRACK, ...(movie.hasSound ? [SOUND_TRACK] : [])].map((id) =>
    fullBox("trex", 0, 0, u32(id, 1, 0, 0, 0))
  );
  return Buffer.concat([
    ftyp,
    box("moov", movieHeader(), ...tracks, box("mvex", ...duration, ...extends_)),
  ]);
}

function movieHeader(): Buffer {
  // Times in ms; no length of its own, since all is in fragments.
  const times = u32(0, 0, 1_000, 0);
  return fullBox(
    "mvhd",
    0,
    0,
    times,
    u32(0x10000),
    u16(0x100),
    Buffer.alloc(10),
    MATRIX,
    Buffer.alloc(24),
    u32(3),
  );
}

function videoTrack({ config, width, height }: Movie): Buffer {
  const entry = box(
    "avc1",
    Buffer.alloc(6),
    u16(1),
    Buffer.alloc(16),
    u16(width, height),
    u32(0x480000, 0x480000, 0),
    u16(1),
    Buffer.alloc(32),
    u16(24, 0xffff),
    box("avcC", config),
  );
  return track(VIDEO_TRACK, VIDEO_SCALE, "vide", entry, { width, height });
}

function soundTrack(): Buffer {
  // One channel at 48 kHz; 312 samples come before the first that is heard, as libopus makes it.
  const dOps = box("dOps", u8(0, 1), u16(312), u32(SOUND_SCALE), u16(0), u8(0));
  const entry = box(
    "Opus",
    Buffer.alloc(6),
    u16(1),
    Buffer.alloc(8),
    u16(1, 16),
    u32(0, SOUND_SCALE * 0x10000),
    dOps,
  );
  return track(SOUND_TRACK, SOUND_SCALE, "soun", entry);
}

function track(
  id: number,
  scale: number,
  kind: "vide" | "soun",
  entry: Buffer,
  size: { width: number; height: number } = { width: 0, height: 0 },
): Buffer {
  const isSound = kind === "soun";
  const media = isSound ? fullBox("smhd", 0, 0, u32(0)) : fullBox("vmhd", 0, 1, Buffer.alloc(8));
  const data = box("dinf", fullBox("dref", 0, 0, u32(1), fullBox("url ", 0, 1)));
  const none = u32(0);
  const samples = box(
    "stbl",
    fullBox("stsd", 0, 0, u32(1), entry),
    fullBox("stts", 0, 0, none),
    fullBox("stsc", 0, 0, none),
    fullBox("stsz", 0, 0, none, none),
    fullBox("stco", 0, 0, none),
  );
  return box(
    "trak",
    fullBox(
      "tkhd",
      0,
      3,
      u32(0, 0, id, 0, 0),
      Buffer.alloc(8),
      u16(0, 0, isSound ? 0x100 : 0, 0),
      MATRIX,
      u32(size.width * 0x10000, size.height * 0x10000),
    ),
    box(
      "mdia",
      // Of no language.
      fullBox("mdhd", 0, 0, u32(0, 0, scale, 0), u16(0x55c4, 0)),
      fullBox("hdlr", 0, 0, none, text(kind), Buffer.alloc(12), u8(0)),
      box("minf", media, data, samples),
    ),
  );
}

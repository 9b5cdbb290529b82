import { Buffer } from "node:buffer";
import { spawnSync } from "node:child_process";
import { FlvReader } from "../flv.ts";
import { parameterSets } from "../h264.ts";
import { Mp4Recorder } from "../mp4/recorder.ts";
import { SIZES } from "../spec.ts";
import { ffmpeg, H264 } from "./pixels.ts";

/** What the media process gives of a moving picture: the head, then a fragment for each second. */
export function recordedParts(seconds: number): Buffer[] {
  const known = made.get(seconds);
  if (known) return known;
  const source = ["-f", "lavfi", "-i", `testsrc2=size=1280x720:rate=25:duration=${seconds}`];
  const coding = [
    ...H264,
    "-b:v",
    "1M",
    "-g",
    "25",
  ];
  const parts: Buffer[] = [];
  const mp4 = new Mp4Recorder({ size: SIZES.hd, hasSound: false, write: (bytes) => void parts.push(bytes) });
  new FlvReader((tag) => {
    const data = Buffer.from(tag.data);
    if (tag.kind === "config") mp4.parameters({ config: data, units: parameterSets(data) });
    else mp4.frame({ at: tag.at, key: tag.key, data });
  }).push(ffmpeg([...source, ...coding, "-f", "flv", "pipe:1"]));
  mp4.end();
  made.set(seconds, parts);
  return parts;
}

const made = new Map<number, Buffer[]>();

export interface Played {
  /** Video frames that can be decoded. */
  frames: number;
  /** What a player says of its length, s. */
  seconds: number;
  /** What it complains of. */
  complaints: string;
}

/** Has a file decoded from its beginning to its end. */
export function played(path: string): Played {
  const { stdout, stderr } = spawnSync("ffprobe", [
    ...["-v", "warning", "-count_frames", "-select_streams", "v", "-of", "json"],
    ...["-show_entries", "stream=nb_read_frames:format=duration", path],
  ], { encoding: "utf8" });
  const found = JSON.parse(stdout || "{}") as {
    streams?: { nb_read_frames?: string }[];
    format?: { duration?: string };
  };
  return {
    frames: Number(found.streams?.[0]?.nb_read_frames ?? 0),
    seconds: Number(found.format?.duration ?? 0),
    complaints: stderr,
  };
}

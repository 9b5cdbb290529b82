import { type CameraSpec, type Definition, SIZES, type Source } from "../spec.ts";
import { filtersOf } from "./filters.ts";
import type { Abilities } from "./probe.ts";
import { clockFilters, sceneInput } from "./simulated.ts";

/** A program that gives FLV with H.264 on its standard output and, where it has sound, Ogg with Opus on the third pipe. */
export interface Command {
  program: "ffmpeg" | "rpicam-vid";
  args: string[];
  hasSound: boolean;
  /** For the time in the picture; null for the machine's. */
  zone: string | null;
}

export const QUIET: readonly string[] = ["-hide_banner", "-loglevel", "error"];
/** A camera that says nothing for so long is asked anew, µs. */
const SILENCE_US = "5000000";

/** What a camera sends stands in its description; of the stream itself not much has to be looked at. */
const SHORT_LOOK = ["-analyzeduration", "500000", "-probesize", "500000"];

const FLV_OUT = ["-f", "flv", "-flvflags", "no_duration_filesize", "-flush_packets", "1", "pipe:1"];

/** Reads the source and hands on what it has compressed itself. */
export function copyCommand({ source, fps, zone }: CameraSpec): Command {
  const { width, height, kbps } = SIZES[source.native];
  if (source.kind === "libcamera") {
    const picture = ["--width", String(width), "--height", String(height), "--framerate", String(fps)];
    const coding = ["--intra", String(fps), "--bitrate", String(kbps * 1_000), "--profile", "baseline"];
    const out = ["--codec", "libav", "--libav-format", "flv", "-o", "-"];
    return {
      program: "rpicam-vid",
      args: ["-t", "0", "-n", ...picture, ...coding, ...out],
      hasSound: false,
      zone,
    };
  }
  const hasSound = source.kind === "rtsp" && source.sound;
  const args = [...QUIET, ...inputOf(source, fps), "-map", "0:v:0", "-c:v", "copy", ...FLV_OUT];
  return { program: "ffmpeg", args: [...args, ...soundOut("0:a:0", hasSound)], hasSound, zone };
}

/** Reads the source, does all that is asked for, compresses. */
export function encodeCommand(spec: CameraSpec, definition: Definition, abilities: Abilities): Command {
  const { source, fps, zone } = spec;
  const size = SIZES[definition];
  const simulated = source.kind === "simulated";
  const hasSound = simulated && source.sound;
  const input = simulated
    ? [
      ...["-re", "-f", "lavfi", "-i", sceneInput(size, fps)],
      ...(hasSound ? ["-re", "-f", "lavfi", "-i", "sine=frequency=330:beep_factor=2:sample_rate=48000"] : []),
    ]
    : inputOf(source, fps);
  const filters = [
    ...(simulated ? clockFilters(size, abilities.text) : []),
    ...filtersOf(spec, size, abilities.text),
  ];
  const args = [...QUIET, ...input, "-map", "0:v:0", ...encoding(filters, definition, fps)];
  return { program: "ffmpeg", args: [...args, ...soundOut("1:a:0", hasSound)], hasSound, zone };
}

/** Makes another definition of FLV on its standard input. */
export function deriveCommand(
  spec: CameraSpec,
  definition: Definition,
  abilities: Abilities,
): Command {
  const filters = filtersOf(spec, SIZES[definition], abilities.text);
  const args = [...QUIET, ...FLV_IN, "-map", "0:v:0", ...encoding(filters, definition, spec.fps)];
  return { program: "ffmpeg", args, hasSound: false, zone: spec.zone };
}

/** Begins with the first picture that comes, in place of looking at some first. */
export const FLV_IN: readonly string[] = [
  ...["-flags", "low_delay", "-probesize", "32", "-analyzeduration", "0"],
  ...["-f", "flv", "-i", "pipe:0"],
];

function inputOf(source: Source, fps: number): string[] {
  const { width, height } = SIZES[source.native];
  switch (source.kind) {
    case "rtsp":
      return [
        ...["-fflags", "nobuffer", "-flags", "low_delay", ...SHORT_LOOK],
        ...["-rtsp_transport", source.transport, "-timeout", SILENCE_US, "-i", source.url],
      ];
    case "v4l2":
      return [
        ...["-f", "v4l2", "-input_format", source.format === "raw" ? "yuyv422" : source.format],
        ...["-video_size", `${width}x${height}`, "-framerate", String(fps), "-i", source.device],
      ];
    default:
      throw new TypeError(`ffmpeg does not read a source of kind ${source.kind}`);
  }
}

/** Two key frames a second: a viewer begins with one, recovers from a loss with one, and a snapshot decodes no more. */
function encoding(filters: string[], definition: Definition, fps: number): string[] {
  const { kbps } = SIZES[definition];
  const group = Math.ceil(fps / 2);
  return [
    ...["-vf", filters.join(","), "-enc_time_base", "1:1000"],
    ...["-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-profile:v", "baseline"],
    ...["-crf", "23", "-maxrate", `${kbps}k`, "-bufsize", `${kbps}k`],
    ...["-g", String(group), "-keyint_min", String(group), "-sc_threshold", "0"],
    ...FLV_OUT,
  ];
}

function soundOut(stream: string, hasSound: boolean): string[] {
  return hasSound ? ["-map", stream, ...opusOut("pipe:3")] : [];
}

/** 20 ms a packet, handed on at once. */
export function opusOut(to: string): string[] {
  return [
    ...["-c:a", "libopus", "-b:a", "32k", "-ac", "1", "-ar", "48000"],
    ...["-application", "lowdelay", "-frame_duration", "20"],
    ...["-f", "ogg", "-page_duration", "20000", "-flush_packets", "1", to],
  ];
}

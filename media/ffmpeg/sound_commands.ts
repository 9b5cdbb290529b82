import { LONGEST_SOUND_MS } from "../spec.ts";
import { type Command, opusOut, QUIET } from "./commands.ts";

/** What files may hold sound in; nothing that names other files or addresses. */
const CONTAINERS = "aac,aiff,caf,flac,matroska,webm,mov,mp4,m4a,mp3,ogg,wav";

const MOST_PIXELS = String(1024 * 1024);

/** Ogg with Opus of a microphone, on the standard output. */
export function microphoneCommand(device: string): Command {
  const input = ["-fflags", "nobuffer", "-f", "alsa", "-i", plugged(device)];
  return command([...QUIET, ...input, "-map", "0:a:0", ...opusOut("pipe:1")]);
}

/**
 * Says something on its standard output as soon as its device is open.
 * @param volume per cent
 */
export function loudspeakerCommand(device: string, volume: number): Command {
  const progress = ["-progress", "pipe:1", "-stats_period", "0.1"];
  const output = ["-af", `volume=${volume / 100}`, "-f", "alsa", plugged(device)];
  return command([...QUIET, ...progress, ...OGG_IN, ...output]);
}

/** A card that has not one channel, or not this rate, is given what it has. */
function plugged(device: string): string {
  return device.replace(/^hw:/, "plughw:");
}

/** Begins with the first packet that comes. */
export const OGG_IN: readonly string[] = [
  ...["-fflags", "nobuffer", "-flags", "low_delay", "-probesize", "32", "-analyzeduration", "0"],
  ...["-f", "ogg", "-i", "pipe:0"],
];

/** Ogg with Opus of a file on the standard input, as loud as speech is elsewhere. */
export function convertCommand(): Command {
  // Some files say at their end what is in them: they are kept beside until then.
  const allowed = ["-protocol_whitelist", "cache,pipe", "-format_whitelist", CONTAINERS];
  // A picture of the cover is decoded, too, to know what it is.
  const input = [...allowed, "-max_pixels", MOST_PIXELS, "-i", "cache:pipe:0"];
  const length = String(LONGEST_SOUND_MS / 1_000);
  return command([
    ...[...QUIET, ...input, "-map", "0:a:0", "-t", length, "-map_metadata", "-1"],
    ...["-af", "aresample=48000,aformat=channel_layouts=mono,loudnorm=I=-16:TP=-1.5", ...opusOut("pipe:1")],
  ]);
}

function command(args: string[]): Command {
  return { program: "ffmpeg", args, hasSound: false, zone: null };
}

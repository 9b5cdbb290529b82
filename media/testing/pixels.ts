import { spawnSync } from "node:child_process";
import type { Buffer } from "node:buffer";

export interface Picture {
  width: number;
  height: number;
  /** Red, green, blue, 0 to 255. */
  at(x: number, y: number): [number, number, number];
}

/** The coding of a camera, for tests: no frame waits for a later one. */
export const H264: readonly string[] = ["-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency"];

/** Runs ffmpeg on a picture, or on what it makes itself. @throws {Error} with what it says */
export function ffmpeg(args: string[], input?: Uint8Array, env: Record<string, string> = {}): Buffer {
  const { status, stdout, stderr } = spawnSync("ffmpeg", ["-hide_banner", "-loglevel", "error", ...args], {
    input: input ?? "",
    maxBuffer: 64 * 1024 * 1024,
    env: { ...Deno.env.toObject(), ...env },
  });
  if (status !== 0) throw new Error(`ffmpeg ended with ${status}: ${stderr}`);
  return stdout;
}

/** Decodes an image file. */
export function decode(image: Uint8Array): Picture {
  const ppm = ffmpeg(["-i", "pipe:0", "-frames:v", "1", "-c:v", "ppm", "-f", "image2pipe", "pipe:1"], image);
  const [, width, height] = /^P6\n(\d+) (\d+)\n255\n/.exec(ppm.toString("latin1", 0, 40)) ?? [];
  if (!width || !height) throw new Error("This is no picture");
  const pixels = ppm.subarray(ppm.length - Number(width) * Number(height) * 3);
  return {
    width: Number(width),
    height: Number(height),
    at(x, y) {
      const place = (y * Number(width) + x) * 3;
      return [pixels[place]!, pixels[place + 1]!, pixels[place + 2]!];
    },
  };
}

/** Makes one picture with these filters. */
export function filtered(source: string, filters: string[], zone = "UTC"): Picture {
  const graph = ["-f", "lavfi", "-i", source, "-vf", filters.join(","), "-frames:v", "1"];
  return decode(ffmpeg([...graph, "-c:v", "png", "-f", "image2pipe", "pipe:1"], undefined, { TZ: zone }));
}

import { Buffer } from "node:buffer";
import type { Readable } from "node:stream";
import type { Cancel, Clock } from "../core/clock.ts";
import { LatchkeyError } from "../core/errors.ts";
import { FLV_IN, QUIET } from "./ffmpeg/commands.ts";
import type { StartTool } from "./ffmpeg/tool.ts";
import { flvFrame, flvStart } from "./flv.ts";
import { JPEG_BOUNDARY } from "./spec.ts";
import type { Frame, Frames, Parameters } from "./frames.ts";
import { pour } from "./pour.ts";

/** A camera that is not running yet gets this long to give its first picture, ms. */
const FIRST_PICTURE_MS = 5_000;
/** A snapshot is a later picture of the last group only where it is soon decoded, frames. */
const MOST_DECODED = 13;
const ZONE = "UTC";

/**
 * The newest picture as JPEG.
 * @throws {LatchkeyError} `picture-none` (503)
 */
export async function snapshot(frames: Frames, clock: Clock, start: StartTool): Promise<Buffer> {
  const { parameters, group } = await firstGroup(frames, clock);
  const decoded = group.slice(0, MOST_DECODED);
  const last = `select=eq(n\\,${decoded.length - 1})`;
  const out = ["-frames:v", "1", "-c:v", "mjpeg", "-q:v", "3", "-f", "image2pipe", "pipe:1"];
  const args = [...QUIET, ...FLV_IN, "-vf", last, ...out];
  const tool = start({ program: "ffmpeg", args, hasSound: false, zone: ZONE }, true);
  const parts: Buffer[] = [];
  tool.output.on("data", (part: Buffer) => parts.push(part));
  tool.input?.end(Buffer.concat([flvStart(parameters.config), ...decoded.map(flvFrame)]));
  const words = await tool.ended;
  if (parts.length > 0) return Buffer.concat(parts);
  throw noPicture(words || "ffmpeg has made none");
}

/** Every picture as JPEG, `fps` a second, as the parts of a multipart message; ends when it is not read any more. */
export function jpegs(frames: Frames, fps: number, start: StartTool): Readable {
  const out = ["-c:v", "mjpeg", "-q:v", "5", "-f", "mpjpeg", "-boundary_tag", JPEG_BOUNDARY, "pipe:1"];
  const args = [...QUIET, ...FLV_IN, "-vf", `fps=${fps}`, ...out];
  const tool = start({ program: "ffmpeg", args, hasSound: false, zone: ZONE }, true);
  const stop = tool.input ? pour(frames, tool.input) : () => {};
  tool.output.once("close", () => {
    stop();
    tool.kill();
  });
  return tool.output;
}

interface Group {
  parameters: Parameters;
  group: readonly Frame[];
}

function firstGroup(frames: Frames, clock: Clock): Promise<Group> {
  let parameters: Parameters | undefined;
  let stop: Cancel = () => {};
  let cancel: Cancel = () => {};
  const found = new Promise<Group>((done, fail) => {
    const look = () => {
      if (parameters && frames.group.length > 0) done({ parameters, group: [...frames.group] });
    };
    stop = frames.listen({ parameters: (given) => void (parameters = given), frame: look });
    look();
    cancel = clock.after(FIRST_PICTURE_MS, () => fail(noPicture("the camera gives none")));
  });
  return found.finally(() => {
    stop();
    cancel();
  });
}

function noPicture(why: string): LatchkeyError {
  return new LatchkeyError("picture-none", `There is no picture: ${why}`, { status: 503 });
}

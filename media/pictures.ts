import type { Readable } from "node:stream";
import { FLV_IN, QUIET } from "./ffmpeg/commands.ts";
import type { StartTool } from "./ffmpeg/tool.ts";
import type { Frames } from "./frames.ts";
import { pour } from "./pour.ts";
import { JPEG_BOUNDARY } from "./spec.ts";

/** Every picture as JPEG, `fps` a second, as the parts of a multipart message; ends when it is not read any more. */
export function jpegs(frames: Frames, fps: number, start: StartTool): Readable {
  const out = ["-c:v", "mjpeg", "-q:v", "5", "-f", "mpjpeg", "-boundary_tag", JPEG_BOUNDARY, "pipe:1"];
  const args = [...QUIET, ...FLV_IN, "-vf", `fps=${fps}`, ...out];
  const tool = start({ program: "ffmpeg", args, hasSound: false, zone: null }, true);
  const stop = tool.input ? pour(frames, tool.input) : () => {};
  tool.output.once("close", () => {
    stop();
    tool.kill();
  });
  return tool.output;
}

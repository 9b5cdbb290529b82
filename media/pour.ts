import type { Writable } from "node:stream";
import type { Cancel } from "../core/clock.ts";
import { flvConfig, flvFrame, flvStart } from "./flv.ts";
import type { Frame, Frames, FramesListener } from "./frames.ts";

/** A reader that falls behind by so much goes on with the next key frame, bytes. */
const MOST_UNREAD = 4 * 1024 * 1024;

/** Pours pictures, from the last key frame on, as FLV into a program that reads them. */
export function pour(frames: Frames, into: Writable, sound?: FramesListener["sound"]): Cancel {
  let began: number | undefined;
  let follows = false;
  let started = false;
  const hand = (frame: Frame) => {
    if (!follows && !frame.key) return;
    began ??= frame.at;
    follows = into.writableLength < MOST_UNREAD;
    if (follows) into.write(flvFrame({ ...frame, at: frame.at - began }));
  };
  const stop = frames.listen({
    parameters({ config }) {
      into.write(started ? flvConfig(config) : flvStart(config));
      started = true;
    },
    frame: hand,
    ...(sound ? { sound } : {}),
  });
  frames.group.forEach(hand);
  return stop;
}

import { PassThrough, type Readable } from "node:stream";
import type { Frames, FramesListener } from "./frames.ts";
import { Mp4Recorder } from "./mp4/recorder.ts";
import type { Ring } from "./ring.ts";
import type { Size } from "./spec.ts";

/** A reader that falls behind by so much misses what comes until it has caught up, bytes. */
const MOST_UNREAD = 8 * 1024 * 1024;

export interface RecordingOptions {
  frames: Frames;
  size: Size;
  hasSound: boolean;
  /** What came before, where it is kept. */
  ring: Ring | undefined;
}

/** A stream of pictures, and sound where it is wanted, as a fragmented MP4; goes on until nobody reads it. */
export function recording({ frames, size, hasSound, ring }: RecordingOptions): Readable {
  const out = new PassThrough({ highWaterMark: MOST_UNREAD });
  const mp4 = new Mp4Recorder({
    size,
    hasSound,
    write(bytes) {
      if (!out.destroyed && out.readableLength + out.writableLength < MOST_UNREAD) out.write(bytes);
    },
  });
  const listener: FramesListener = {
    parameters: (parameters) => mp4.parameters(parameters),
    frame: (frame) => mp4.frame(frame),
    sound: (packet, at) => mp4.sound(packet, at),
  };
  let replayed = false;
  const stop = frames.listen({
    parameters(parameters) {
      mp4.parameters(parameters);
      if (replayed) return;
      replayed = true;
      // Told as soon as one listens; where the stream begins only now, nothing is kept.
      if (ring) ring.replay(listener);
      else frames.group.forEach((frame) => mp4.frame(frame));
    },
    frame: listener.frame!,
    sound: listener.sound!,
    outdated: () => mp4.forget(),
  });
  out.once("close", stop);
  return out;
}

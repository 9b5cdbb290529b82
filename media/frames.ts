import type { Buffer } from "node:buffer";
import type { Cancel } from "../core/clock.ts";

/** One compressed picture. */
export interface Frame {
  /** Monotonic ms of this process; rises with each frame. */
  at: number;
  /** Whether a decoder can begin with it. */
  key: boolean;
  /** NAL units, each behind its length in four bytes; the parameter sets are in `Parameters`. */
  data: Buffer;
}

/** What frames are decoded with; new ones come before the frames that need them. */
export interface Parameters {
  /** As FLV and MP4 hold them. */
  config: Buffer;
  /** As they stand before a key frame. */
  units: Buffer;
}

export interface FramesListener {
  parameters?(parameters: Parameters): void;
  frame?(frame: Frame): void;
  /** 20 ms of Opus. */
  sound?(packet: Uint8Array, at: number): void;
  /** What came so far was made by settings that are no longer in force; what comes next is a key frame. */
  outdated?(): void;
}

/** A stream of compressed pictures, and of sound. */
export interface Frames {
  /** Since the last key frame, which is the first. */
  readonly group: readonly Frame[];
  /** Hears what comes from now on; what is needed to decode it is told at once. */
  listen(listener: FramesListener): Cancel;
}

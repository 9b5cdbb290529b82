import { Buffer } from "node:buffer";
import type { Frame, Parameters } from "../frames.ts";
import type { Size } from "../spec.ts";
import { fragment, type Sample } from "./fragment.ts";
import { movieHead, SOUND_SCALE, SOUND_TRACK, VIDEO_SCALE, VIDEO_TRACK } from "./head.ts";

/** A fragment is as long, ms, also where key frames are further apart: what is cut off loses no more. */
const LONGEST_MS = 1_000;
/** Of the last frame, whose successor is not there to say, ms. */
const USUAL_MS = 40;
/** 20 ms of Opus. */
const PACKET_TICKS = 960;
/** A frame does not stay for longer, ms: the camera was away. */
const LONGEST_FRAME_MS = 10_000;

/**
 * Makes a fragmented MP4 of frames and sound as they come: a head, then fragments, each whole in itself. A file of it
 * that is cut off anywhere plays up to its last whole fragment.
 */
export class Mp4Recorder {
  readonly #size: Size;
  readonly #hasSound: boolean;
  readonly #write: (bytes: Buffer) => void;
  #parameters: Parameters | undefined;
  #begun = false;
  #number = 0;
  /** When the movie begins, monotonic ms. */
  #zero = 0;
  #frames: Frame[] = [];
  #sound: { packet: Uint8Array; at: number }[] = [];

  constructor(options: { size: Size; hasSound: boolean; write(bytes: Buffer): void }) {
    this.#size = options.size;
    this.#hasSound = options.hasSound;
    this.#write = options.write;
  }

  parameters(parameters: Parameters): void {
    this.#parameters = parameters;
  }

  frame(frame: Frame): void {
    if (!this.#begun) {
      if (!frame.key || !this.#parameters) return;
      this.#begin(frame.at, this.#parameters);
    }
    const first = this.#frames[0];
    if (first && (frame.key || frame.at - first.at >= LONGEST_MS)) this.#flush(frame.at);
    // Where the camera's settings change, so may what frames are decoded with: it stands before each key frame.
    const data = frame.key ? Buffer.concat([this.#parameters!.units, frame.data]) : frame.data;
    this.#frames.push({ ...frame, data });
  }

  sound(packet: Uint8Array, at: number): void {
    if (this.#hasSound && this.#begun && at >= this.#zero) this.#sound.push({ packet, at });
  }

  /** What is not in a fragment yet is in none. */
  forget(): void {
    this.#frames = [];
    this.#sound = [];
  }

  #begin(at: number, { config }: Parameters): void {
    this.#begun = true;
    this.#zero = at;
    const { width, height } = this.#size;
    this.#write(movieHead({ config, width, height, hasSound: this.#hasSound }));
  }

  #flush(next: number): void {
    const ticks = (at: number) => Math.round((at - this.#zero) * VIDEO_SCALE / 1_000);
    const samples = this.#frames.map(({ data, key, at }, i): Sample => {
      const end = Math.min(this.#frames[i + 1]?.at ?? next, at + LONGEST_FRAME_MS);
      return { data, key, duration: Math.max(1, ticks(end) - ticks(at)) };
    });
    const packets = this.#sound.map(({ packet }): Sample => ({
      data: packet,
      key: true,
      duration: PACKET_TICKS,
    }));
    const heardAt = this.#sound[0]?.at ?? this.#zero;
    this.#write(fragment(++this.#number, [
      { id: VIDEO_TRACK, at: ticks(this.#frames[0]!.at), samples },
      { id: SOUND_TRACK, at: Math.round((heardAt - this.#zero) * SOUND_SCALE / 1_000), samples: packets },
    ]));
    this.#frames = [];
    this.#sound = [];
  }

  /** What is not in a fragment yet is lost; a last frame is shown for as long as one usually is. */
  end(): void {
    const last = this.#frames.at(-1);
    if (last) this.#flush(last.at + USUAL_MS);
  }
}

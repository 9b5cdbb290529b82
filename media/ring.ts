import type { Cancel } from "../core/clock.ts";
import type { Frame, Frames, FramesListener, Parameters } from "./frames.ts";

type Heard = { frame: Frame } | { packet: Uint8Array; at: number };

/** What is kept at most, bytes: some seconds of the finest picture. */
const MOST_BYTES = 16 * 1024 * 1024;

/** Keeps the last seconds of a stream, compressed as they are, from a key frame on. */
export class Ring {
  readonly #ms: number;
  #heard: Heard[] = [];
  #bytes = 0;
  #parameters: Parameters | undefined;
  readonly #stop: Cancel;

  constructor(frames: Frames, ms: number) {
    this.#ms = ms;
    this.#stop = frames.listen({
      parameters: (parameters) => {
        // What came before can't be decoded with them.
        if (this.#parameters && !this.#parameters.config.equals(parameters.config)) this.#clear();
        this.#parameters = parameters;
      },
      frame: (frame) => this.#add({ frame }, frame.data.length, frame.at),
      sound: (packet, at) => this.#add({ packet, at }, packet.length, at),
      outdated: () => this.#clear(),
    });
  }

  /** Tells all that is kept, the oldest first. */
  replay(listener: FramesListener): void {
    if (this.#parameters) listener.parameters?.(this.#parameters);
    for (const heard of this.#heard) {
      if ("frame" in heard) listener.frame?.(heard.frame);
      else listener.sound?.(heard.packet, heard.at);
    }
  }

  end(): void {
    this.#stop();
    this.#clear();
  }

  #clear(): void {
    this.#heard = [];
    this.#bytes = 0;
  }

  #add(heard: Heard, bytes: number, now: number): void {
    const isKey = "frame" in heard && heard.frame.key;
    // Nothing can be decoded without the key frame before it.
    if (!isKey && this.#heard.length === 0) return;
    this.#heard.push(heard);
    this.#bytes += bytes;
    if (!isKey) {
      // A camera may give no key frame any more, or nothing but sound.
      if (this.#bytes > MOST_BYTES) this.#clear();
      return;
    }
    // The newest key frame that leaves enough behind it is where the ring begins.
    const starts = this.#heard.flatMap((one, i) => "frame" in one && one.frame.key ? [i] : []);
    const enough = starts.filter((i) => now - timeOf(this.#heard[i]!) >= this.#ms).at(-1) ?? 0;
    this.#drop(enough);
    if (this.#bytes > MOST_BYTES) this.#drop(this.#heard.length - 1);
  }

  #drop(count: number): void {
    for (const heard of this.#heard.splice(0, count)) {
      this.#bytes -= "frame" in heard ? heard.frame.data.length : heard.packet.length;
    }
  }
}

function timeOf(heard: Heard): number {
  return "frame" in heard ? heard.frame.at : heard.at;
}

import { ffmpeg } from "./pixels.ts";

/** What is quieter is silence. */
const QUIET = 300;
/** Longer than half a wave of what tests make, s: silence within a tone ends it. */
const GAP_S = 0.02;

/** One channel of sound. */
export class Sound {
  readonly #samples: Int16Array;
  readonly #rate: number;

  constructor(samples: Int16Array, rate: number) {
    this.#samples = samples;
    this.#rate = rate;
  }

  /** The sound of a file, whole or as much of it as there is. */
  static of(file: Uint8Array): Sound {
    const pcm = ffmpeg(
      ["-i", "pipe:0", "-map", "0:a:0", "-ac", "1", "-ar", "48000", "-f", "s16le", "-"],
      file,
    );
    return new Sound(new Int16Array(pcm.buffer.slice(pcm.byteOffset, pcm.byteOffset + pcm.length)), 48_000);
  }

  /** The longest part without silence. */
  get loud(): Sound {
    let [from, to] = [0, 0];
    let [begun, last] = [0, -Infinity];
    this.#samples.forEach((sample, i) => {
      if (Math.abs(sample) < QUIET) return;
      if (i - last > GAP_S * this.#rate) begun = i;
      last = i;
      if (last - begun > to - from) [from, to] = [begun, last];
    });
    return new Sound(this.#samples.subarray(from, to), this.#rate);
  }

  get seconds(): number {
    return this.#samples.length / this.#rate;
  }

  /** Of a tone. */
  get hertz(): number {
    let waves = 0;
    for (let i = 1; i < this.#samples.length; i++) {
      if (this.#samples[i - 1]! < 0 && this.#samples[i]! >= 0) waves++;
    }
    return waves / this.seconds;
  }

  /** How loud it is: the square root of the mean square. */
  get level(): number {
    return Math.sqrt(this.#samples.reduce((sum, sample) => sum + sample ** 2, 0) / this.#samples.length);
  }
}

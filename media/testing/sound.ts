import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ffmpeg } from "./pixels.ts";

/** What is quieter is silence. */
const QUIET = 300;
/** Longer than half a wave of what tests make, s: silence within a tone ends it. */
const GAP_S = 0.02;

const RATE = 48_000;

/** What a file with sound is made of: one channel of 48 kHz. */
export function samplesOf(content: Uint8Array): Int16Array {
  // Not by a pipe: Deno hands on all of it before it reads what comes back, and so may wait for ever.
  const dir = mkdtempSync(join(tmpdir(), "latchkey-sound-"));
  try {
    const file = join(dir, "sound");
    writeFileSync(file, content);
    const pcm = ffmpeg([
      "-i",
      file,
      "-map",
      "0:a:0",
      "-ac",
      "1",
      "-ar",
      String(RATE),
      "-f",
      "s16le",
      "pipe:1",
    ]);
    return new Int16Array(pcm.buffer.slice(pcm.byteOffset, pcm.byteOffset + pcm.length));
  } finally {
    rmSync(dir, { recursive: true });
  }
}

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
    return new Sound(samplesOf(file), RATE);
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

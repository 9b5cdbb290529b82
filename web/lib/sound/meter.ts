/// <reference lib="dom" />
import { levelOf } from "./levels.ts";

/** How loud a microphone is. */
export class Meter {
  readonly #context = new AudioContext();
  readonly #analyser = this.#context.createAnalyser();
  readonly #samples = new Float32Array(this.#analyser.fftSize);

  constructor(media: MediaStream) {
    this.#context.createMediaStreamSource(media).connect(this.#analyser);
    void this.#context.resume();
  }

  /** 0 silence, 1 the loudest there is. */
  now(): number {
    this.#analyser.getFloatTimeDomainData(this.#samples);
    return levelOf(this.#samples);
  }

  close(): void {
    void this.#context.close();
  }
}

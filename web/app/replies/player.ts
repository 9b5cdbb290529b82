/// <reference lib="dom" />
import { State } from "../../lib/state.ts";

export interface Heard {
  /** What it is to whoever had it played. */
  key: string;
  ms: number;
  /** When it began, wall time, ms. */
  begun: number;
}

/**
 * Lets sounds be heard on this device, one at a time. By Web Audio: the page's policy lets no element play what the page
 * itself holds.
 */
export class Player extends State<{ heard: Heard | undefined }> {
  #context: AudioContext | undefined;
  #source: AudioBufferSourceNode | undefined;

  constructor() {
    super({ heard: undefined });
  }

  /** @throws where the browser knows no such sound */
  async decode(file: ArrayBuffer): Promise<AudioBuffer> {
    try {
      return await this.#open().decodeAudioData(file);
    } catch (cause) {
      throw new Error("This browser can’t play it", { cause });
    }
  }

  /** In place of what is heard now. */
  async play(key: string, sound: AudioBuffer): Promise<void> {
    this.stop();
    const context = this.#open();
    const source = this.#source = context.createBufferSource();
    source.buffer = sound;
    source.connect(context.destination);
    source.onended = () => this.#source === source && this.stop();
    await context.resume();
    if (this.#source !== source) return;
    source.start();
    this.set({ heard: { key, ms: sound.duration * 1_000, begun: Date.now() } });
  }

  stop(): void {
    this.#source?.disconnect();
    this.#source = undefined;
    if (this.value.heard) this.set({ heard: undefined });
  }

  close(): void {
    this.stop();
    void this.#context?.close();
    this.#context = undefined;
  }

  #open(): AudioContext {
    return this.#context ??= new AudioContext();
  }
}

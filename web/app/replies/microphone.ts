/// <reference lib="dom" />
import { State } from "../../lib/state.ts";
import { type MicrophoneFault, microphoneFault } from "../../lib/words/replies.ts";
import { levelOf } from "./levels.ts";
import { LONGEST_MS } from "./limits.ts";

/** How often the level is looked at, ms. */
const LOOK_EVERY_MS = 80;

export interface MicrophoneData {
  phase: "off" | "asking" | "on";
  /** How long it has been recorded, ms. */
  ms: number;
  /** How loud it was so far, 0 to 1, every `LOOK_EVERY_MS`. */
  levels: number[];
  fault: string | undefined;
}

const OFF = { phase: "off", ms: 0, levels: [] } as const;

/** Whether this page could record at all; says why not. */
export function microphoneMissing(): MicrophoneFault | undefined {
  if (!navigator.mediaDevices) return isSecureContext ? "unknown" : "insecure";
  return "MediaRecorder" in globalThis ? undefined : "unknown";
}

/** Records what is said here, as long as the panel takes at most. */
export class Microphone extends State<MicrophoneData> {
  readonly #taken: (sound: Blob) => void;
  /** Counts recordings: what comes of one that was given up is thrown away. */
  #turn = 0;
  #end: (() => void) | undefined;

  /** @param taken is given what was recorded */
  constructor(taken: (sound: Blob) => void) {
    super({ ...OFF, levels: [], fault: undefined });
    this.#taken = taken;
  }

  async start(): Promise<void> {
    if (this.value.phase !== "off") return;
    const turn = ++this.#turn;
    this.set({ ...OFF, levels: [], phase: "asking", fault: undefined });
    try {
      const media = await navigator.mediaDevices.getUserMedia({ audio: true });
      if (turn !== this.#turn) return release(media);
      this.#record(media, turn);
    } catch (error) {
      if (turn !== this.#turn) return;
      this.set({ ...OFF, levels: [], fault: microphoneFault((error as Error).name) });
    }
  }

  /** What was recorded so far is taken. */
  stop(): void {
    this.#end?.();
  }

  /** What was recorded so far is thrown away. */
  close(): void {
    this.#turn++;
    this.#end?.();
  }

  #record(media: MediaStream, turn: number): void {
    const recorder = new MediaRecorder(media, { audioBitsPerSecond: 96_000 });
    const parts: Blob[] = [];
    const level = new Level(media);
    const begun = performance.now();
    const look = setInterval(() => {
      const ms = Math.min(LONGEST_MS, performance.now() - begun);
      this.set(({ levels }) => ({ ms, levels: [...levels, level.now()] }));
      if (ms === LONGEST_MS) this.#end?.();
    }, LOOK_EVERY_MS);
    this.#end = () => {
      if (recorder.state === "recording") recorder.stop();
    };
    recorder.ondataavailable = ({ data }) => void parts.push(data);
    // Also where the microphone is pulled out.
    recorder.onstop = () => {
      clearInterval(look);
      level.close();
      release(media);
      this.#end = undefined;
      this.set({ ...OFF, levels: [] });
      if (turn === this.#turn) this.#taken(new Blob(parts, { type: recorder.mimeType }));
    };
    recorder.start();
    this.set({ phase: "on" });
  }
}

/** How loud a microphone is. */
class Level {
  readonly #context = new AudioContext();
  readonly #analyser = this.#context.createAnalyser();
  readonly #samples = new Float32Array(this.#analyser.fftSize);

  constructor(media: MediaStream) {
    this.#context.createMediaStreamSource(media).connect(this.#analyser);
    void this.#context.resume();
  }

  now(): number {
    this.#analyser.getFloatTimeDomainData(this.#samples);
    return levelOf(this.#samples);
  }

  close(): void {
    void this.#context.close();
  }
}

function release(media: MediaStream): void {
  for (const track of media.getTracks()) track.stop();
}

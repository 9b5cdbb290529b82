/// <reference lib="dom" />
import { State } from "../../lib/state.ts";
import { messageOf } from "../../lib/api/problem.ts";
import { Meter } from "../../lib/sound/meter.ts";
import { closeMicrophone, openMicrophone } from "../../lib/sound/microphone.ts";
import { microphoneFault } from "../../lib/words/microphone.ts";
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

const OTHERWISE = ", or choose a file";
const NEVER = "This browser can’t record. Choose a file, or try another browser.";

/** Why this page could not record at all; undefined where it could. */
export function whyNotRecord(): string | undefined {
  if (!navigator.mediaDevices) return isSecureContext ? NEVER : microphoneFault("insecure", OTHERWISE);
  return "MediaRecorder" in globalThis ? undefined : NEVER;
}

/** Records what is said here, as long as the panel takes at most. */
export class Microphone extends State<MicrophoneData> {
  readonly #taken: (sound: Blob) => Promise<void>;
  /** Counts recordings: what comes of one that was given up is thrown away. */
  #turn = 0;
  #end: (() => void) | undefined;

  /** @param taken is given what was recorded; until it is done, it looks as if it went on */
  constructor(taken: (sound: Blob) => Promise<void>) {
    super({ ...OFF, levels: [], fault: undefined });
    this.#taken = taken;
  }

  async start(): Promise<void> {
    if (this.value.phase !== "off") return;
    const turn = ++this.#turn;
    this.set({ ...OFF, levels: [], phase: "asking", fault: undefined });
    try {
      const media = await openMicrophone(OTHERWISE);
      try {
        if (turn === this.#turn) return this.#record(media, turn);
      } catch (error) {
        closeMicrophone(media);
        throw error;
      }
      closeMicrophone(media);
    } catch (error) {
      if (turn !== this.#turn) return;
      this.set({ ...OFF, levels: [], fault: messageOf(error) });
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
    const level = new Meter(media);
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
    recorder.onstop = async () => {
      clearInterval(look);
      level.close();
      closeMicrophone(media);
      this.#end = undefined;
      if (turn === this.#turn) await this.#taken(new Blob(parts, { type: recorder.mimeType }));
      this.set({ ...OFF, levels: [] });
    };
    recorder.start();
    this.set({ phase: "on" });
  }
}

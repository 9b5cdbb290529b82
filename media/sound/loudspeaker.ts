import { PassThrough, type Readable } from "node:stream";
import type { Cancel, Clock } from "../../core/clock.ts";
import { loudspeakerCommand } from "../ffmpeg/sound_commands.ts";
import type { StartTool, Tool } from "../ffmpeg/tool.ts";
import { KeptTool, type Reading } from "../kept_tool.ts";
import { OggWriter } from "./ogg_writer.ts";
import { SILENCE } from "./opus.ts";
import { lengthMs } from "./playback.ts";

/** What plays packets of Opus as they come. */
export interface Loudspeaker {
  /** Somebody is about to be heard. */
  open(): void;
  /** Tells when what comes is heard, or after a moment all the same. @returns tells it no more */
  whenOpen(action: () => void): Cancel;
  packet(data: Uint8Array): void;
  /** Nobody is any more. */
  close(): void;
  end(): void;
}

export interface AlsaOptions {
  device: string;
  /** Per cent. */
  volume: number;
  clock: Clock;
  start: StartTool;
  /** Told why nothing is heard; undefined once something is. */
  fault(text: string | undefined): void;
}

/** A program that is late by so much is not heard in time any more, bytes. */
const MOST_UNREAD = 16 * 1024;
/**
 * What comes in a heap stays ahead of the loudspeaker for as long as somebody speaks: it is late by no more than this,
 * and by what a card that stalls has in its own buffer, ms.
 */
const MOST_AHEAD_MS = 200;
/** A device that is not open by then may never be, ms. */
const OPENING_MS = 3_000;

/** A loudspeaker of this machine, by ALSA. */
export class AlsaLoudspeaker implements Loudspeaker {
  readonly #kept: KeptTool;
  readonly #clock: Clock;
  readonly #waiting = new Set<() => void>();
  #writer = new OggWriter();
  #isOpen = false;
  /** When the last of what was handed on is over, monotonic ms. */
  #heardUntil = 0;

  constructor({ device, volume, clock, start, fault }: AlsaOptions) {
    this.#clock = clock;
    this.#kept = new KeptTool({
      name: "the program that plays sound",
      command: loudspeakerCommand(device, volume),
      takesInput: true,
      gives: undefined,
      clock,
      start,
      begun: (tool, reading) => this.#begun(tool, reading),
      halted: () => void (this.#isOpen = false),
      fault,
    });
  }

  open(): void {
    // What was said before is no matter of who speaks now.
    this.#heardUntil = 0;
    this.#kept.want();
  }

  whenOpen(action: () => void): Cancel {
    const stop = () => {
      cancel();
      this.#waiting.delete(go);
    };
    const go = () => {
      stop();
      action();
    };
    const cancel = this.#clock.after(OPENING_MS, go);
    this.#waiting.add(go);
    if (this.#isOpen) go();
    return stop;
  }

  /** Where it can't be heard in time it is not heard at all: it would be late, and so would all that follows. */
  packet(data: Uint8Array): void {
    const input = this.#kept.tool?.input;
    const now = this.#clock.monotonic();
    if (!input || !this.#isOpen || input.writableLength > MOST_UNREAD) return;
    if (this.#heardUntil - now > MOST_AHEAD_MS) return;
    this.#heardUntil = Math.max(this.#heardUntil, now) + lengthMs([data]);
    input.write(this.#writer.packet(data));
  }

  close(): void {
    this.#kept.letGo();
  }

  end(): void {
    this.#kept.end();
  }

  /** It opens the device by the first packet, which it reads once there is a second. */
  #begun({ input, output }: Tool, reading: Reading): void {
    this.#writer = new OggWriter();
    output.on("data", reading(() => this.#opened()));
    input?.write(this.#writer.head());
    for (let i = 0; i < 2; i++) input?.write(this.#writer.packet(SILENCE));
  }

  #opened(): void {
    if (this.#isOpen) return;
    this.#isOpen = true;
    this.#kept.works();
    for (const tell of [...this.#waiting]) tell();
  }
}

/** A loudspeaker of the simulated board: whoever listens gets what it plays. */
export class SimulatedLoudspeaker implements Loudspeaker {
  readonly #listeners = new Map<PassThrough, OggWriter>();

  /** What it plays from now on, as Ogg, until it is destroyed. */
  listen(): Readable {
    const out = new PassThrough({ highWaterMark: MOST_UNREAD });
    const writer = new OggWriter();
    out.write(writer.head());
    this.#listeners.set(out, writer);
    out.once("close", () => this.#listeners.delete(out));
    return out;
  }

  open(): void {}

  whenOpen(action: () => void): Cancel {
    action();
    return () => {};
  }

  packet(data: Uint8Array): void {
    for (const [out, writer] of this.#listeners) {
      if (out.readableLength + out.writableLength < MOST_UNREAD) out.write(writer.packet(data));
    }
  }

  close(): void {}

  end(): void {
    for (const out of this.#listeners.keys()) out.destroy();
    this.#listeners.clear();
  }
}

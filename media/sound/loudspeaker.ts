import { PassThrough, type Readable } from "node:stream";
import type { Clock } from "../../core/clock.ts";
import { loudspeakerCommand } from "../ffmpeg/sound_commands.ts";
import type { StartTool, Tool } from "../ffmpeg/tool.ts";
import { KeptTool } from "../kept_tool.ts";
import { OggWriter } from "./ogg_writer.ts";
import { SILENCE } from "./opus.ts";

/** What plays packets of Opus as they come. */
export interface Loudspeaker {
  /** Somebody is about to be heard. */
  open(): void;
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
/** One that has run for so long has opened its device, ms. */
const WORKS_AFTER_MS = 1_000;

/** A loudspeaker of this machine, by ALSA. */
export class AlsaLoudspeaker implements Loudspeaker {
  readonly #kept: KeptTool;
  readonly #clock: Clock;
  #writer = new OggWriter();
  #since = 0;

  constructor({ device, volume, clock, start, fault }: AlsaOptions) {
    this.#clock = clock;
    this.#kept = new KeptTool({
      name: "the program that plays sound",
      command: loudspeakerCommand(device, volume),
      takesInput: true,
      gives: undefined,
      clock,
      start,
      begun: (tool) => this.#begun(tool),
      halted: () => {},
      fault,
    });
  }

  open(): void {
    this.#kept.want();
  }

  packet(data: Uint8Array): void {
    const input = this.#kept.tool?.input;
    if (!input || input.writableLength > MOST_UNREAD) return;
    input.write(this.#writer.packet(data));
    if (this.#clock.monotonic() - this.#since > WORKS_AFTER_MS) this.#kept.works();
  }

  close(): void {
    this.#kept.letGo();
  }

  end(): void {
    this.#kept.end();
  }

  /** By the first packet it opens the device, so that what is said next is heard at once. */
  #begun({ input, output }: Tool): void {
    this.#writer = new OggWriter();
    this.#since = this.#clock.monotonic();
    output.resume();
    input?.write(this.#writer.head());
    input?.write(this.#writer.packet(SILENCE));
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

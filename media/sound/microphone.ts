import type { Buffer } from "node:buffer";
import type { Cancel, Clock } from "../../core/clock.ts";
import { microphoneCommand } from "../ffmpeg/sound_commands.ts";
import type { StartTool, Tool } from "../ffmpeg/tool.ts";
import { KeptTool, type Reading } from "../kept_tool.ts";
import { Timeline } from "../timeline.ts";
import { OggReader } from "./ogg_reader.ts";

/** Told 20 ms of Opus, and when they are heard: monotonic ms of this process. */
export type Ear = (packet: Uint8Array, at: number) => void;

export interface Microphone {
  /** Whether something may be heard of it now; where not, the camera's own is. */
  readonly live: boolean;
  listen(ear: Ear): Cancel;
  end(): void;
}

export interface AlsaOptions {
  device: string;
  clock: Clock;
  start: StartTool;
  /** Told why nothing is heard; undefined once something is. */
  fault(text: string | undefined): void;
}

const PACKET_MS = 20;
const DRIFT_MS = 200;

/** A microphone of this machine, by ALSA; open only while somebody listens. */
export class AlsaMicrophone implements Microphone {
  readonly live = true;
  readonly #clock: Clock;
  readonly #kept: KeptTool;
  readonly #ears = new Set<Ear>();
  readonly #times = new Timeline(DRIFT_MS);

  constructor({ device, clock, start, fault }: AlsaOptions) {
    this.#clock = clock;
    this.#kept = new KeptTool({
      name: "the program that reads the microphone",
      command: microphoneCommand(device),
      takesInput: false,
      gives: "sound",
      clock,
      start,
      begun: (tool, reading) => this.#begun(tool, reading),
      halted: () => this.#times.reset(),
      fault,
    });
  }

  listen(ear: Ear): Cancel {
    this.#ears.add(ear);
    this.#kept.want();
    return () => {
      if (this.#ears.delete(ear) && this.#ears.size === 0) this.#kept.letGo();
    };
  }

  end(): void {
    this.#ears.clear();
    this.#kept.end();
  }

  #begun(tool: Tool, reading: Reading): void {
    let packets = 0;
    const ogg = new OggReader((packet) => {
      this.#kept.works();
      const at = this.#times.place(PACKET_MS * packets++, this.#clock.monotonic());
      for (const ear of this.#ears) ear(packet, at);
    });
    tool.output.on("data", reading((chunk: Buffer) => ogg.push(chunk)));
  }
}

/** A microphone of the simulated board: one speaks into it from a page. */
export class SimulatedMicrophone implements Microphone {
  /** Whether somebody stands there. */
  live = false;
  readonly #clock: Clock;
  readonly #ears = new Set<Ear>();
  readonly #times = new Timeline(DRIFT_MS);
  #packets = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  listen(ear: Ear): Cancel {
    this.#ears.add(ear);
    return () => void this.#ears.delete(ear);
  }

  packet(data: Uint8Array): void {
    const at = this.#times.place(PACKET_MS * this.#packets++, this.#clock.monotonic());
    for (const ear of this.#ears) ear(data, at);
  }

  end(): void {
    this.#ears.clear();
  }
}

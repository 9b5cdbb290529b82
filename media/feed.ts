import type { Buffer } from "node:buffer";
import type { Cancel, Clock } from "../core/clock.ts";
import type { Command } from "./ffmpeg/commands.ts";
import type { StartTool, Tool } from "./ffmpeg/tool.ts";
import { FlvReader } from "./flv.ts";
import type { Frame, Frames, FramesListener, Parameters } from "./frames.ts";
import { parameterSets } from "./h264.ts";
import { KeptTool, type Reading } from "./kept_tool.ts";
import { pour } from "./pour.ts";
import { OggReader } from "./sound/ogg_reader.ts";
import { Timeline } from "./timeline.ts";

export interface FeedOptions {
  command: Command;
  /** What it is made of, where it does not read the camera itself. */
  parent?: Frames;
  clock: Clock;
  start: StartTool;
  /** Told why there is no picture; undefined once there is one. */
  fault(text: string | undefined): void;
}

const DRIFT_MS = 1_000;
const SOUND_MS = 20;
const SOUND_DRIFT_MS = 200;
/** Of a camera whose key frames are far apart not all is kept, frames. */
const LONGEST_GROUP = 300;

/** A stream of compressed pictures, and of sound, from a program that runs for as long as somebody listens. */
export class Feed implements Frames {
  readonly #options: FeedOptions;
  readonly #listeners = new Set<FramesListener>();
  readonly #kept: KeptTool;
  #ended = false;
  #leaveParent: Cancel = () => {};
  #parameters: Parameters | undefined;
  #group: Frame[] = [];
  readonly #pictureTimes = new Timeline(DRIFT_MS);
  readonly #soundTimes = new Timeline(SOUND_DRIFT_MS);

  constructor(options: FeedOptions) {
    this.#options = options;
    const { command, parent, clock, start, fault } = options;
    this.#kept = new KeptTool({
      name: "the program that reads the camera",
      command,
      takesInput: parent !== undefined,
      gives: "picture",
      clock,
      start,
      begun: (tool, reading) => this.#begun(tool, reading),
      halted: () => this.#halted(),
      fault,
    });
  }

  get group(): readonly Frame[] {
    return this.#group;
  }

  get parameters(): Parameters | undefined {
    return this.#parameters;
  }

  get running(): boolean {
    return this.#kept.tool !== undefined;
  }

  listen(listener: FramesListener): Cancel {
    this.#listeners.add(listener);
    if (this.#parameters) listener.parameters?.(this.#parameters);
    if (!this.#ended) this.#kept.want();
    return () => {
      if (this.#listeners.delete(listener) && this.#listeners.size === 0 && !this.#ended) this.#kept.letGo();
    };
  }

  /** Ends it for good. */
  end(): void {
    this.#ended = true;
    this.#kept.end();
    this.#listeners.clear();
  }

  #halted(): void {
    this.#leaveParent();
    this.#leaveParent = () => {};
    this.#group = [];
    this.#parameters = undefined;
    this.#pictureTimes.reset();
    this.#soundTimes.reset();
  }

  #begun(tool: Tool, reading: Reading): void {
    const { parent } = this.#options;
    const video = new FlvReader((tag) => {
      if (tag.kind === "frame") this.#frame(tag);
      else this.#configured(tag.data);
    });
    tool.output.on("data", reading((chunk: Buffer) => video.push(chunk)));
    let packets = 0;
    const sound = new OggReader((packet) => this.#sound(packet, SOUND_MS * packets++));
    tool.sound?.on("data", reading((chunk: Buffer) => sound.push(chunk)));
    if (parent && tool.input) {
      this.#leaveParent = pour(parent, tool.input, (packet, at) => this.#heard(packet, at));
    }
  }

  #configured(config: Buffer): void {
    this.#parameters = { config, units: parameterSets(config) };
    for (const listener of this.#listeners) listener.parameters?.(this.#parameters);
  }

  #frame({ at: own, key, data }: { at: number; key: boolean; data: Buffer }): void {
    const at = this.#pictureTimes.place(own, this.#options.clock.monotonic());
    const frame = { at, key, data };
    if (key) this.#group = [frame];
    else if (this.#group.length > 0 && this.#group.length < LONGEST_GROUP) this.#group.push(frame);
    this.#kept.works();
    for (const listener of this.#listeners) listener.frame?.(frame);
  }

  #sound(packet: Buffer, own: number): void {
    this.#heard(packet, this.#soundTimes.place(own, this.#options.clock.monotonic()));
  }

  #heard(packet: Uint8Array, at: number): void {
    for (const listener of this.#listeners) listener.sound?.(packet, at);
  }
}

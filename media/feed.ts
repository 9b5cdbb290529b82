import type { Buffer } from "node:buffer";
import type { Cancel, Clock } from "../core/clock.ts";
import { errorText } from "../core/log.ts";
import type { Command } from "./ffmpeg/commands.ts";
import type { StartTool, Tool } from "./ffmpeg/tool.ts";
import { FlvReader } from "./flv.ts";
import type { Frame, Frames, FramesListener, Parameters } from "./frames.ts";
import { parameterSets } from "./h264.ts";
import { OggReader } from "./ogg.ts";
import { pour } from "./pour.ts";
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

const LINGER_MS = 3_000;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 8_000;
/** A tool that gives no picture for so long is started anew. */
const SILENCE_MS = 8_000;
const DRIFT_MS = 1_000;
const SOUND_MS = 20;
const SOUND_DRIFT_MS = 200;
/** Of a camera whose key frames are far apart not all is kept, frames. */
const LONGEST_GROUP = 300;

/** A stream of compressed pictures, and of sound, from a program that runs for as long as somebody listens. */
export class Feed implements Frames {
  readonly #options: FeedOptions;
  readonly #listeners = new Set<FramesListener>();
  #tool: Tool | undefined;
  #ended = false;
  #pause = FIRST_PAUSE_MS;
  #cancelLinger: Cancel = () => {};
  #cancelRestart: Cancel = () => {};
  #cancelWatch: Cancel = () => {};
  #leaveParent: Cancel = () => {};
  #parameters: Parameters | undefined;
  #group: Frame[] = [];
  #faulty = false;
  readonly #pictureTimes = new Timeline(DRIFT_MS);
  readonly #soundTimes = new Timeline(SOUND_DRIFT_MS);

  constructor(options: FeedOptions) {
    this.#options = options;
  }

  get group(): readonly Frame[] {
    return this.#group;
  }

  get parameters(): Parameters | undefined {
    return this.#parameters;
  }

  get running(): boolean {
    return this.#tool !== undefined;
  }

  listen(listener: FramesListener): Cancel {
    this.#cancelLinger();
    this.#listeners.add(listener);
    if (this.#parameters) listener.parameters?.(this.#parameters);
    if (!this.#tool && this.#listeners.size === 1 && !this.#ended) this.#run();
    return () => {
      if (!this.#listeners.delete(listener) || this.#listeners.size > 0 || this.#ended) return;
      this.#cancelLinger = this.#options.clock.after(LINGER_MS, () => this.#halt());
    };
  }

  /** Ends it for good. */
  end(): void {
    this.#ended = true;
    this.#halt();
    this.#listeners.clear();
  }

  #halt(): void {
    this.#cancelLinger();
    this.#cancelRestart();
    this.#cancelWatch();
    this.#leaveParent();
    const tool = this.#tool;
    this.#tool = undefined;
    tool?.kill();
    this.#group = [];
    this.#parameters = undefined;
    this.#pictureTimes.reset();
    this.#soundTimes.reset();
  }

  #run(): void {
    const { command, parent, start } = this.#options;
    this.#cancelRestart();
    const tool = this.#tool = start(command, parent !== undefined);
    const own = <T extends unknown[]>(action: (...args: T) => void) => (...args: T) => {
      if (this.#tool === tool) this.#guarded(tool, () => action(...args));
    };
    const video = new FlvReader((tag) => {
      if (tag.kind === "frame") this.#frame(tool, tag);
      else this.#configured(tag.data);
    });
    tool.output.on("data", own((chunk: Buffer) => video.push(chunk)));
    let packets = 0;
    const sound = new OggReader((packet) => this.#sound(packet, SOUND_MS * packets++));
    tool.sound?.on("data", own((chunk: Buffer) => sound.push(chunk)));
    if (parent && tool.input) {
      this.#leaveParent = pour(parent, tool.input, (packet, at) => this.#heard(packet, at));
    }
    this.#watch(tool);
    tool.ended.then((words) => {
      if (this.#tool === tool) this.#again(words || "the program that reads the camera has ended");
    });
  }

  /** What can't be read is the program's fault: it is started anew. */
  #guarded(tool: Tool, action: () => void): void {
    try {
      action();
    } catch (error) {
      tool.kill();
      this.#again(errorText(error));
    }
  }

  #again(why: string): void {
    const pause = this.#pause;
    this.#halt();
    if (this.#listeners.size === 0) return;
    this.#faulty = true;
    this.#options.fault(why);
    this.#pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
    this.#cancelRestart = this.#options.clock.after(pause, () => this.#run());
  }

  #watch(tool: Tool): void {
    this.#cancelWatch = this.#options.clock.after(SILENCE_MS, () => {
      tool.kill();
      if (this.#tool === tool) this.#again(`no picture for ${SILENCE_MS / 1_000} s`);
    });
  }

  #configured(config: Buffer): void {
    this.#parameters = { config, units: parameterSets(config) };
    for (const listener of this.#listeners) listener.parameters?.(this.#parameters);
  }

  #frame(tool: Tool, { at: own, key, data }: { at: number; key: boolean; data: Buffer }): void {
    const at = this.#pictureTimes.place(own, this.#options.clock.monotonic());
    const frame = { at, key, data };
    if (key) this.#group = [frame];
    else if (this.#group.length > 0 && this.#group.length < LONGEST_GROUP) this.#group.push(frame);
    this.#cancelWatch();
    this.#watch(tool);
    this.#pause = FIRST_PAUSE_MS;
    if (this.#faulty) this.#options.fault(undefined);
    this.#faulty = false;
    for (const listener of this.#listeners) listener.frame?.(frame);
  }

  #sound(packet: Buffer, own: number): void {
    this.#heard(packet, this.#soundTimes.place(own, this.#options.clock.monotonic()));
  }

  #heard(packet: Uint8Array, at: number): void {
    for (const listener of this.#listeners) listener.sound?.(packet, at);
  }
}

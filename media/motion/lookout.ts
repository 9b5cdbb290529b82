import { Buffer } from "node:buffer";
import type { Cancel, Clock } from "../../core/clock.ts";
import { FLV_IN, QUIET } from "../ffmpeg/commands.ts";
import type { StartTool, Tool } from "../ffmpeg/tool.ts";
import { flvConfig, flvFrame, flvStart } from "../flv.ts";
import type { Frame, Frames, Parameters } from "../frames.ts";
import { type Detector, HEIGHT, WIDTH } from "./detector.ts";

const PICTURE_BYTES = WIDTH * HEIGHT;
/** A program that has ended is started anew after this, ms. */
const PAUSE_MS = 2_000;
/** While it goes on it is told again, ms. */
const TELL_EVERY_MS = 2_000;
/** What is not decoded by then is left out, bytes. */
const MOST_UNREAD = 1024 * 1024;

const COMMAND = {
  program: "ffmpeg" as const,
  args: [
    ...[...QUIET, "-threads", "1", ...FLV_IN, "-vf", `scale=${WIDTH}:${HEIGHT}:flags=area,format=gray`],
    ...["-fps_mode", "passthrough", "-f", "rawvideo", "pipe:1"],
  ],
  hasSound: false,
  zone: null,
};

export interface LookoutOptions {
  frames: Frames;
  /** Makes one that has seen nothing yet. */
  detector(): Detector;
  clock: Clock;
  start: StartTool;
  /** There is something, or there still is. */
  detected(): void;
}

/** Looks at a stream all the time. Only its key frames are decoded: two a second are enough, and cost a tenth of all. */
export class Lookout {
  readonly #options: LookoutOptions;
  readonly #stop: Cancel;
  #detector: Detector;
  #tool: Tool | undefined;
  #parameters: Parameters | undefined;
  #told = -Infinity;
  #ended = false;
  #paused = false;
  #cancelPause: Cancel = () => {};

  constructor(options: LookoutOptions) {
    this.#options = options;
    this.#detector = options.detector();
    this.#stop = options.frames.listen({
      parameters: (parameters) => {
        this.#parameters = parameters;
        this.#tool?.input?.write(flvConfig(parameters.config));
      },
      frame: (frame) => this.#frame(frame),
      outdated: () => this.#beginAnew(),
    });
  }

  end(): void {
    this.#ended = true;
    this.#stop();
    this.#cancelPause();
    this.#tool?.kill();
  }

  /** What is shown has changed, such as by an area that was drawn: nothing in it has moved. */
  #beginAnew(): void {
    const tool = this.#tool;
    this.#tool = undefined;
    tool?.kill();
    this.#detector = this.#options.detector();
  }

  #frame(frame: Frame): void {
    if (!frame.key || !this.#parameters) return;
    if (!this.#tool) this.#run(this.#parameters);
    const input = this.#tool?.input;
    if (input && input.writableLength < MOST_UNREAD) input.write(flvFrame(frame));
  }

  #run({ config }: Parameters): void {
    const { clock, start } = this.#options;
    if (this.#ended || this.#paused) return;
    const tool = this.#tool = start(COMMAND, true);
    tool.input?.write(flvStart(config));
    let held: Buffer = Buffer.alloc(0);
    tool.output.on("data", (chunk: Buffer) => {
      if (this.#tool !== tool) return;
      held = Buffer.concat([held, chunk]);
      for (; held.length >= PICTURE_BYTES; held = held.subarray(PICTURE_BYTES)) {
        this.#look(held.subarray(0, PICTURE_BYTES));
      }
    });
    tool.ended.then(() => {
      if (this.#tool !== tool) return;
      this.#tool = undefined;
      if (this.#ended) return;
      this.#paused = true;
      this.#cancelPause = clock.after(PAUSE_MS, () => void (this.#paused = false));
    });
  }

  #look(picture: Uint8Array): void {
    const { clock, detected } = this.#options;
    if (this.#ended || !this.#detector.look(picture)) return;
    const now = clock.monotonic();
    if (now - this.#told < TELL_EVERY_MS) return;
    this.#told = now;
    detected();
  }
}

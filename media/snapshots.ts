import { Buffer } from "node:buffer";
import type { Cancel, Clock } from "../core/clock.ts";
import { LatchkeyError } from "../core/errors.ts";
import { type Command, FLV_IN, QUIET } from "./ffmpeg/commands.ts";
import type { StartTool, Tool } from "./ffmpeg/tool.ts";
import { flvFrame, flvStart } from "./flv.ts";
import type { Frame, Frames, Parameters } from "./frames.ts";

/** A camera that is not running yet gets this long to give its first picture, ms. */
const FIRST_PICTURE_MS = 8_000;
/** A snapshot is a later picture of the last group only where it is soon decoded, frames. */
const MOST_DECODED = 13;
/** Whoever asked for one soon asks for another, ms. */
const SPARE_MS = 30_000;

/** Of all that it is given it makes a picture of the one frame whose time is odd. */
const COMMAND: Command = {
  program: "ffmpeg",
  args: [
    ...[...QUIET, "-copyts", ...FLV_IN, "-vf", "select=mod(round(t*1000)\\,2)", "-frames:v", "1"],
    ...["-c:v", "mjpeg", "-q:v", "3", "-f", "image2pipe", "pipe:1"],
  ],
  hasSound: false,
  zone: null,
};

/** Pictures of streams as they are now. To start a program takes longer than all else: one is kept ready for the next. */
export class Snapshots {
  readonly #clock: Clock;
  readonly #start: StartTool;
  readonly #underWay = new Map<string, Promise<Buffer>>();
  #spare: Tool | undefined;
  #ended = false;
  #cancelSpare: Cancel = () => {};

  constructor(clock: Clock, start: StartTool) {
    this.#clock = clock;
    this.#start = start;
  }

  /**
   * The newest picture, JPEG. Those who ask for it under one name at the same time get the same.
   * @throws {LatchkeyError} `picture-none` (503)
   */
  take(name: string, frames: Frames): Promise<Buffer> {
    const known = this.#underWay.get(name);
    if (known) return known;
    const fresh = this.#make(frames).finally(() => {
      if (this.#underWay.get(name) === fresh) this.#underWay.delete(name);
    });
    this.#underWay.set(name, fresh);
    return fresh;
  }

  /** Who asks from now on gets a new one, also where one is under way. */
  renew(): void {
    this.#underWay.clear();
  }

  end(): void {
    this.#ended = true;
    this.renew();
    this.#cancelSpare();
    this.#spare?.kill();
    this.#spare = undefined;
  }

  async #make(frames: Frames): Promise<Buffer> {
    this.#ended = false;
    const { parameters, group } = await firstGroup(frames, this.#clock);
    const tool = this.#spare ?? this.#start(COMMAND, true);
    this.#spare = undefined;
    this.#cancelSpare();
    const parts: Buffer[] = [];
    tool.output.on("data", (part: Buffer) => parts.push(part));
    const decoded = group.slice(0, MOST_DECODED);
    const last = decoded.length - 1;
    const tags = decoded.map(({ key, data }, i) => flvFrame({ key, data, at: 2 * i + (i === last ? 1 : 0) }));
    tool.input?.end(Buffer.concat([flvStart(parameters.config), ...tags]));
    const words = await tool.ended;
    this.#prepare();
    if (parts.length > 0) return Buffer.concat(parts);
    throw noPicture(words || "ffmpeg has made none");
  }

  #prepare(): void {
    if (this.#ended) return;
    this.#cancelSpare();
    const spare = this.#spare ??= this.#start(COMMAND, true);
    spare.ended.then(() => {
      if (this.#spare === spare) this.#spare = undefined;
    });
    this.#cancelSpare = this.#clock.after(SPARE_MS, () => {
      // At once: it takes a moment to end, and makes no picture any more.
      if (this.#spare === spare) this.#spare = undefined;
      spare.kill();
    });
  }
}

interface Group {
  parameters: Parameters;
  group: readonly Frame[];
}

function firstGroup(frames: Frames, clock: Clock): Promise<Group> {
  let parameters: Parameters | undefined;
  let stop: Cancel = () => {};
  let cancel: Cancel = () => {};
  const found = new Promise<Group>((done, fail) => {
    const look = () => {
      if (parameters && frames.group.length > 0) done({ parameters, group: [...frames.group] });
    };
    stop = frames.listen({ parameters: (given) => void (parameters = given), frame: look });
    look();
    cancel = clock.after(FIRST_PICTURE_MS, () => fail(noPicture("the camera gives none")));
  });
  return found.finally(() => {
    stop();
    cancel();
  });
}

function noPicture(why: string): LatchkeyError {
  return new LatchkeyError("picture-none", `There is no picture: ${why}`, { status: 503 });
}

import type { Cancel, Clock } from "../core/clock.ts";
import { errorText } from "../core/log.ts";
import type { Command } from "./ffmpeg/commands.ts";
import type { StartTool, Tool } from "./ffmpeg/tool.ts";

/** Lets what a program gives be read: what can't be read is its fault. */
export type Reading = <T extends unknown[]>(action: (...args: T) => void) => (...args: T) => void;

export interface KeptToolOptions {
  /** What it is called where it has ended without a word: "the program that …". */
  name: string;
  command: Command;
  /** Whether it is given something to read. */
  takesInput: boolean;
  /** What it gives, in a fault's words; undefined for one that gives nothing and is not watched. */
  gives: string | undefined;
  clock: Clock;
  start: StartTool;
  /** It runs. */
  begun(tool: Tool, reading: Reading): void;
  /** It runs no more. */
  halted(): void;
  /** Told why it does not do what it should; undefined once it does. */
  fault(text: string | undefined): void;
}

const LINGER_MS = 3_000;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 8_000;
/** A program that gives nothing for so long is started anew. */
const SILENCE_MS = 8_000;

/** A program that runs for as long as it is wanted, and a moment longer; one that ends is started anew. */
export class KeptTool {
  readonly #options: KeptToolOptions;
  #tool: Tool | undefined;
  #wanted = false;
  #pause = FIRST_PAUSE_MS;
  #faulty = false;
  #cancelLinger: Cancel = () => {};
  #cancelRestart: Cancel = () => {};
  #cancelWatch: Cancel = () => {};

  constructor(options: KeptToolOptions) {
    this.#options = options;
  }

  get tool(): Tool | undefined {
    return this.#tool;
  }

  want(): void {
    this.#cancelLinger();
    if (this.#wanted) return;
    this.#wanted = true;
    if (!this.#tool) this.#run();
  }

  letGo(): void {
    this.#wanted = false;
    this.#cancelLinger = this.#options.clock.after(LINGER_MS, () => this.#halt());
  }

  /** Ends it at once. */
  end(): void {
    this.#wanted = false;
    this.#halt();
  }

  /** It has given something, or done what it is for. */
  works(): void {
    if (!this.#tool) return;
    this.#cancelWatch();
    this.#watch(this.#tool);
    this.#pause = FIRST_PAUSE_MS;
    if (this.#faulty) this.#options.fault(undefined);
    this.#faulty = false;
  }

  #halt(): void {
    this.#cancelLinger();
    this.#cancelRestart();
    this.#cancelWatch();
    const tool = this.#tool;
    this.#tool = undefined;
    tool?.kill();
    this.#options.halted();
  }

  #run(): void {
    const { name, command, takesInput, start, begun } = this.#options;
    this.#cancelRestart();
    const tool = this.#tool = start(command, takesInput);
    begun(tool, (action) => (...args) => {
      if (this.#tool === tool) this.#guarded(tool, () => action(...args));
    });
    this.#watch(tool);
    tool.ended.then((words) => {
      if (this.#tool === tool) this.#again(words || `${name} has ended`);
    });
  }

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
    if (!this.#wanted) return;
    this.#faulty = true;
    this.#options.fault(why);
    this.#pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
    this.#cancelRestart = this.#options.clock.after(pause, () => this.#run());
  }

  #watch(tool: Tool): void {
    const { gives, clock } = this.#options;
    if (gives === undefined) return;
    this.#cancelWatch = clock.after(SILENCE_MS, () => {
      tool.kill();
      if (this.#tool === tool) this.#again(`no ${gives} for ${SILENCE_MS / 1_000} s`);
    });
  }
}

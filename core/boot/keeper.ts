import type { Cancel, Clock } from "../clock.ts";
import type { Ending, Program } from "./program.ts";

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 30_000;
/** Whatever ran for this long had started well: the next pause is a short one again. */
const HEALTHY_MS = 60_000;

export interface KeeperOptions {
  /** Starts it; `again` where it has died before. */
  start(again: boolean): Program;
  clock: Clock;
  /** Told of each death. */
  died(ending: Ending, pauseMs: number): void;
}

/** Keeps a program running: starts it, and starts it again when it dies, after pauses that grow. */
export class Keeper {
  /** How it ended for good: 0 of itself or because it was asked to, 2 where it refused to start. */
  readonly ended: Promise<Ending>;
  /** It has said that it is ready; never where it ends for good before. */
  readonly ready: Promise<void>;
  readonly #options: KeeperOptions;
  readonly #end: (ending: Ending) => void;
  readonly #isReady: () => void;
  #program: Program | undefined;
  #stopping = false;
  #pause = FIRST_PAUSE_MS;
  #cancelPause: Cancel = () => {};

  constructor(options: KeeperOptions) {
    this.#options = options;
    const ended = Promise.withResolvers<Ending>();
    this.ended = ended.promise;
    this.#end = ended.resolve;
    const ready = Promise.withResolvers<void>();
    this.ready = ready.promise;
    this.#isReady = ready.resolve;
    this.#start(false);
  }

  /** Asks it to end, and starts it no more. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#cancelPause();
    if (this.#program) this.#program.end();
    else this.#end(0);
    await this.ended;
  }

  /** Ends it at once. */
  kill(): void {
    this.#stopping = true;
    this.#cancelPause();
    if (this.#program) this.#program.kill();
    else this.#end(1);
  }

  #start(again: boolean): void {
    const { clock, start } = this.#options;
    const since = clock.monotonic();
    const program = this.#program = start(again);
    program.ended.then((ending) => {
      this.#program = undefined;
      if (this.#stopping || ending === 0 || ending === 2) this.#end(ending);
      else this.#startLater(ending, clock.monotonic() - since);
    });
    program.ready.then(this.#isReady);
  }

  #startLater(ending: Ending, ranMs: number): void {
    if (ranMs >= HEALTHY_MS) this.#pause = FIRST_PAUSE_MS;
    const pause = this.#pause;
    this.#pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
    this.#options.died(ending, pause);
    this.#cancelPause = this.#options.clock.after(pause, () => this.#start(true));
  }
}

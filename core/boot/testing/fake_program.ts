import { PassThrough } from "node:stream";
import type { Ending, Program, ProgramOptions } from "../program.ts";

/** A program that does what a test tells it to. */
export class FakeProgram implements Program {
  readonly options: ProgramOptions | undefined;
  readonly ready: Promise<void>;
  readonly ended: Promise<Ending>;
  /** Says its first words. */
  readonly say: () => void;
  readonly die: (ending: Ending) => void;
  /** How often it was asked to end. */
  asked = 0;
  killed = false;
  readonly link: PassThrough | undefined;

  constructor(options?: ProgramOptions) {
    this.options = options;
    const ready = Promise.withResolvers<void>();
    const ended = Promise.withResolvers<Ending>();
    this.ready = ready.promise;
    this.ended = ended.promise;
    this.say = ready.resolve;
    this.die = ended.resolve;
    this.link = options?.link ? new PassThrough() : undefined;
  }

  end(): void {
    this.asked++;
  }

  kill(): void {
    this.killed = true;
    this.die(1);
  }
}

import { type Cancel, type Clock, LatchkeyError, RELEASE_CAP_MS } from "../../core/mod.ts";
import type { OutputSpec } from "./layout.ts";

/** One output of the board. It ends its own pulses, leases and patterns: nobody has to tell it. */
export class Output {
  readonly spec: OutputSpec;
  refuses = false;
  readonly #clock: Clock;
  readonly #changed: (level: number, cause: string) => void;
  #level = 0;
  /** What a pattern returns to when it ends. */
  #rest = 0;
  #cancel: Cancel = () => {};

  constructor(spec: OutputSpec, clock: Clock, changed: (level: number, cause: string) => void) {
    this.spec = spec;
    this.#clock = clock;
    this.#changed = changed;
  }

  get level(): number {
    return this.#level;
  }

  /** False where the output is on already: nothing changes then. */
  pulse(ms: number, cause: string): boolean {
    if (this.#level > 0) return false;
    this.#turnOn(1, cause);
    this.#offAfter(ms, "pulse ended");
    return true;
  }

  set(level: number, leaseMs: number | undefined, cause: string): void {
    const wanted = this.spec.dimmable ? level : Math.ceil(level);
    if (wanted === 0) return this.off(cause);
    if (this.spec.kind === "release" && leaseMs === undefined) {
      throw new LatchkeyError("lease-needed", `Output "${this.spec.name}" takes a level with leaseMs only`);
    }
    this.#turnOn(wanted, cause);
    if (leaseMs === undefined) this.#rest = wanted;
    else this.#offAfter(leaseMs, "lease ended");
  }

  pattern(onOffMs: number[]): void {
    if (this.spec.kind === "release") {
      throw new LatchkeyError("unknown-output", `Output "${this.spec.name}" takes no patterns`);
    }
    const step = (index: number) => {
      const ms = onOffMs[index];
      if (ms === undefined) return this.#move(this.#rest, "pattern ended");
      this.#move(index % 2 === 0 ? 1 : 0, "pattern");
      this.#cancel = this.#clock.after(ms, () => step(index + 1));
    };
    this.#refuse();
    this.#cancel();
    step(0);
  }

  off(cause: string): void {
    this.#cancel();
    this.#cancel = () => {};
    this.#rest = 0;
    this.#move(0, cause);
  }

  #turnOn(level: number, cause: string): void {
    this.#refuse();
    this.#cancel();
    this.#cancel = () => {};
    this.#rest = 0;
    this.#move(level, cause);
  }

  #refuse(): void {
    if (this.refuses) {
      throw new LatchkeyError("output-failed", `Output "${this.spec.name}" refuses`, { status: 502 });
    }
  }

  #offAfter(ms: number, cause: string): void {
    const longest = this.spec.kind === "release" ? RELEASE_CAP_MS : ms;
    this.#cancel = this.#clock.after(Math.min(ms, longest), () => this.#move(0, cause));
  }

  #move(level: number, cause: string): void {
    if (level === this.#level) return;
    this.#level = level;
    this.#changed(level, cause);
  }
}

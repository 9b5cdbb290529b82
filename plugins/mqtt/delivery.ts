import { setImmediate } from "node:timers";
import { type Cancel, type Clock, errorText, LatchkeyError, type Log } from "../../core/mod.ts";
import type { Journal } from "./journal.ts";
import type { Entry } from "./journal_file.ts";
import type { Publish } from "./lane.ts";

/** Fewer than a broker takes, so that a backlog leaves room for states. */
const WINDOW = 10;
/** What is older than this when it is sent is marked as late, ms. */
const LATE_MS = 10_000;
/** How long a broker that is full is left alone, ms. */
const FULL_PAUSE_MS = 5_000;

export interface DeliveryParts {
  clock: Clock;
  log: Log;
  journal: Journal;
  /** Facts of events that the owner does not want told: what waits may be from when they were. */
  withheld: readonly string[];
}

/** Tells the journal's events to the broker, in order; each is taken out when the broker has acknowledged it and all before it. */
export class Delivery {
  readonly #parts: DeliveryParts;
  #publish: Publish | undefined;
  /** Events that are under way, oldest first. */
  #flights: { seq: number; landed: boolean }[] = [];
  #sent = -1;
  #scheduled = false;
  #cancelPause: Cancel | undefined;

  constructor(parts: DeliveryParts) {
    this.#parts = parts;
    parts.journal.onAdded = () => this.#soon();
  }

  /** From the first that is not acknowledged on: what was under way when a connection ended is told again. */
  up(publish: Publish): void {
    this.#publish = publish;
    this.#restart();
  }

  down(): void {
    this.#publish = undefined;
    this.#cancelPause?.();
    this.#cancelPause = undefined;
  }

  #restart(): void {
    this.#flights = [];
    this.#sent = -1;
    this.#send();
  }

  /** Once what happened has been answered: who waits at the door comes first. */
  #soon(): void {
    if (this.#scheduled || !this.#publish) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#send();
    });
  }

  #send(): void {
    const publish = this.#publish;
    while (publish && this.#flights.length < WINDOW && this.#cancelPause === undefined) {
      const entry = this.#parts.journal.after(this.#sent);
      if (!entry) return;
      const flight = { seq: entry.seq, landed: false };
      this.#sent = entry.seq;
      this.#flights.push(flight);
      publish(entry.topic, this.#text(entry), false).then(
        () => this.#landed(flight),
        (error: unknown) => this.#failed(flight, publish, error),
      );
    }
  }

  #text({ at, body }: Entry): string {
    const late = this.#parts.clock.now() - at > LATE_MS;
    const told = Object.entries(body).filter(([fact]) => !this.#parts.withheld.includes(fact));
    return JSON.stringify({ ...Object.fromEntries(told), at: new Date(at).toISOString(), late });
  }

  #landed(flight: { landed: boolean }): void {
    flight.landed = true;
    while (this.#flights[0]?.landed) this.#parts.journal.acknowledge(this.#flights.shift()!.seq);
    this.#send();
  }

  #failed(flight: { seq: number; landed: boolean }, by: Publish, error: unknown): void {
    if (this.#publish !== by || !this.#flights.includes(flight)) return;
    if (!(error instanceof LatchkeyError)) return;
    this.#parts.log.warn("An event is not told", { error: errorText(error) });
    if (error.code === "mqtt-refused") {
      this.#parts.journal.countLost();
      this.#landed(flight);
    } else this.#pause();
  }

  #pause(): void {
    this.#cancelPause ??= this.#parts.clock.after(FULL_PAUSE_MS, () => {
      this.#cancelPause = undefined;
      this.#restart();
    });
  }
}

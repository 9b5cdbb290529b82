import { errorText, LatchkeyError, type Log } from "../../core/mod.ts";
import type { Publish } from "./lane.ts";

/**
 * What the broker keeps for the panel: the newest of each topic, no more. While there is no broker, what is newer
 * replaces what is older; once there is one, all of it is told again, since a broker may have forgotten.
 */
export class Retained {
  readonly #log: Log;
  readonly #wanted = new Map<string, string>();
  /** Topics that the broker has not acknowledged the newest of. */
  readonly #due = new Set<string>();
  readonly #busy = new Set<string>();
  #publish: Publish | undefined;

  constructor(log: Log) {
    this.#log = log;
  }

  /** An empty payload makes the broker forget the topic. */
  set(topic: string, payload: string, { again = false } = {}): void {
    if (!again && this.#wanted.get(topic) === payload) return;
    this.#wanted.set(topic, payload);
    this.#due.add(topic);
    this.#tell(topic);
  }

  clear(topic: string): void {
    this.set(topic, "");
  }

  /** Whether the broker has acknowledged the newest. */
  isTold(topic: string): boolean {
    return this.#publish !== undefined && !this.#due.has(topic) && !this.#busy.has(topic);
  }

  /** Topics that the broker keeps something of. */
  get topics(): string[] {
    return [...this.#wanted].filter(([, payload]) => payload !== "").map(([topic]) => topic);
  }

  up(publish: Publish): void {
    this.#publish = publish;
    this.#busy.clear();
    for (const topic of this.#wanted.keys()) {
      this.#due.add(topic);
      this.#tell(topic);
    }
  }

  down(): void {
    this.#publish = undefined;
  }

  #tell(topic: string): void {
    const publish = this.#publish;
    if (!publish || this.#busy.has(topic)) return;
    this.#busy.add(topic);
    this.#due.delete(topic);
    publish(topic, this.#wanted.get(topic) ?? "", true).then(
      () => this.#told(topic, publish),
      (error: unknown) => this.#failed(topic, publish, error),
    );
  }

  #told(topic: string, by: Publish): void {
    if (this.#publish !== by) return;
    this.#busy.delete(topic);
    if (this.#due.has(topic)) this.#tell(topic);
    else if (this.#wanted.get(topic) === "") this.#wanted.delete(topic);
  }

  /** Where the connection has ended, all is told to the next one anyway. */
  #failed(topic: string, by: Publish, error: unknown): void {
    if (this.#publish !== by) return;
    this.#busy.delete(topic);
    if (error instanceof LatchkeyError) this.#log.warn("A state is not told", { error: errorText(error) });
  }
}

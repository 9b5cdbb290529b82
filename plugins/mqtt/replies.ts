import type { Publish } from "./lane.ts";

/** Answers that wait for the broker; more of them nobody listens to. */
const MOST_WAITING = 16;

/** Answers to commands: told once, to whoever listens now, and dropped where the broker is slow or gone. */
export class Replies {
  #publish: Publish | undefined;
  #waiting = 0;

  up(publish: Publish): void {
    this.#publish = publish;
  }

  down(): void {
    this.#publish = undefined;
  }

  /** Does not wait: the broker's acknowledgement comes behind the command that is being answered. */
  tell(topic: string, payload: string): void {
    if (!this.#publish || this.#waiting >= MOST_WAITING) return;
    this.#waiting++;
    this.#publish(topic, payload, false).catch(() => {}).finally(() => this.#waiting--);
  }
}

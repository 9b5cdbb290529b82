import type { Cancel, Clock } from "../clock.ts";
import { LatchkeyError } from "../errors.ts";
import { fromWire } from "./wire_error.ts";
import { MOST_CALLS, type WireError } from "./protocol.ts";

interface Pending {
  resolve(value: unknown): void;
  reject(error: LatchkeyError): void;
  cancel: Cancel;
}

/** Calls that wait for the other side, bounded in number and in time. */
export class Calls {
  readonly #clock: Clock;
  readonly #pending = new Map<number, Pending>();
  #last = 0;
  #over: LatchkeyError | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * What is answered to the call that `send` sends.
   * @param ms how long that may take; without it, for ever
   * @throws {LatchkeyError} `plugin-busy` (503), `plugin-silent` (504), or what the other side answers
   */
  ask(send: (id: number) => void, ms?: number): Promise<unknown> {
    if (this.#over) return Promise.reject(this.#over);
    if (this.#pending.size >= MOST_CALLS) {
      return Promise.reject(
        new LatchkeyError("plugin-busy", `${MOST_CALLS} calls are waiting already`, { status: 503 }),
      );
    }
    const id = ++this.#last;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const cancel = ms === undefined ? () => {} : this.#clock.after(ms, () => {
      this.#pending.delete(id);
      reject(new LatchkeyError("plugin-silent", `No answer after ${ms} ms`, { status: 504 }));
    });
    this.#pending.set(id, { resolve, reject, cancel });
    send(id);
    return promise;
  }

  answered(id: number, value: unknown): void {
    this.#take(id)?.resolve(value);
  }

  failed(id: number, error: WireError): void {
    this.#take(id)?.reject(fromWire(error));
  }

  /** Ends all calls, and those that come, with this. */
  end(error: LatchkeyError): void {
    this.#over ??= error;
    for (const id of [...this.#pending.keys()]) this.#take(id)?.reject(error);
  }

  #take(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    pending?.cancel();
    return pending;
  }
}

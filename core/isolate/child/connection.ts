import type { Clock } from "../../clock.ts";
import { LatchkeyError } from "../../errors.ts";
import { Calls } from "../calls.ts";
import { Outbox } from "../outbox.ts";
import type { FromPanel, FromPlugin, Offer, Target } from "../protocol.ts";
import { toWire } from "../wire_error.ts";

/** What the panel calls: something that the plugin has offered. */
export type Answerer = (method: string, args: unknown[]) => unknown;

/** The way to the panel, from within a plugin's process. */
export class Connection {
  readonly #outbox: Outbox;
  readonly #calls: Calls;
  readonly #answerers = new Map<number, Answerer>();
  #lastHandle = 0;
  #dropped = 0;

  constructor(clock: Clock, send: (bytes: Uint8Array) => Promise<void>) {
    this.#outbox = new Outbox(send);
    this.#calls = new Calls(clock);
  }

  /** @throws {RangeError} where the panel has long taken nothing */
  say(message: FromPlugin): void {
    this.#outbox.push(JSON.stringify(message));
  }

  /** Says it where there is room. @returns how many such messages were dropped since the last one; undefined where this one was */
  mention(message: FromPlugin): number | undefined {
    if (!this.#outbox.push(JSON.stringify(message), true)) {
      this.#dropped++;
      return undefined;
    }
    const dropped = this.#dropped;
    this.#dropped = 0;
    return dropped;
  }

  /** @throws {LatchkeyError} as the panel answers */
  ask(to: Target, args: readonly unknown[]): Promise<unknown> {
    // What is left out at the end is not there; in JSON it would be null.
    const given = args.slice(0, args.findLastIndex((arg) => arg !== undefined) + 1);
    return this.#calls.ask((id) => this.say({ t: "call", id, to, args: given }));
  }

  /** Offers something that the panel calls. @returns what takes a contribution back */
  offer(offer: Offer, answer: Answerer = () => undefined): () => void {
    const handle = ++this.#lastHandle;
    this.#answerers.set(handle, answer);
    this.say({ t: "offer", handle, offer });
    return () => {
      if (this.#answerers.delete(handle)) this.say({ t: "withdraw", handle });
    };
  }

  answered({ id, value }: Extract<FromPanel, { t: "answer" }>): void {
    this.#calls.answered(id, value);
  }

  failed({ id, error }: Extract<FromPanel, { t: "failure" }>): void {
    this.#calls.failed(id, error);
  }

  async called({ id, handle, method, args }: Extract<FromPanel, { t: "call" }>): Promise<void> {
    try {
      const answer = this.#answerers.get(handle);
      if (!answer) {
        throw new LatchkeyError("offer-unknown", `Nothing was offered as ${handle}`, { status: 404 });
      }
      this.say({ t: "answer", id, value: await answer(method, args) });
    } catch (error) {
      this.say({ t: "failure", id, error: toWire(error) });
    }
  }
}

import { errorText, type Log } from "../../core/mod.ts";
import type { BrokerService } from "../mqtt/keys.ts";

/** Of one topic, that did not come back yet. */
const MOST_TOLD = 20;

interface Letter {
  payload: string;
  retain: boolean;
}

/** What the broker is to be told, in order, the newest of each topic; waits while there is none. Nobody waits for it. */
export class Outbox {
  readonly #broker: BrokerService;
  readonly #log: Log;
  readonly #letters = new Map<string, Letter>();
  /** What was told of each topic that the broker keeps, the newest last, without what is older than the last that came back. */
  readonly #told = new Map<string, string[]>();
  #isOpen: boolean;
  #sending = false;

  constructor(broker: BrokerService, log: Log, { isOpen = true }: { isOpen?: boolean } = {}) {
    this.#broker = broker;
    this.#log = log;
    this.#isOpen = isOpen;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Whether anything put now is on its way at once: what is made anew each time need not be made before. */
  isUp(): Promise<boolean> {
    return this.#broker.isUp();
  }

  /** Nothing is told until `open`. */
  hold(): void {
    this.#isOpen = false;
  }

  open(): void {
    this.#isOpen = true;
    void this.send();
  }

  /** An empty retained payload makes the broker forget the topic. */
  put(topic: string, payload: string, { retain = true }: { retain?: boolean } = {}): void {
    this.#letters.delete(topic);
    this.#letters.set(topic, { payload, retain });
    if (retain) this.#told.set(topic, [...this.#told.get(topic) ?? [], payload].slice(-MOST_TOLD));
    void this.send();
  }

  /** Whether something waits to be told there. */
  holds(topic: string): boolean {
    return this.#letters.has(topic);
  }

  /** Whether what comes back is what was told there; undefined where nothing was. */
  hasTold(topic: string, payload: string): boolean | undefined {
    const told = this.#told.get(topic);
    if (!told) return undefined;
    const place = told.lastIndexOf(payload);
    if (place > 0) told.splice(0, place);
    return place >= 0;
  }

  /** Tells anew what was told there last. */
  again(topic: string): void {
    const newest = this.#told.get(topic)?.at(-1);
    if (newest !== undefined) this.put(topic, newest);
  }

  clear(): void {
    this.#letters.clear();
  }

  /** Tells what waits, as far as the broker takes it. */
  async send(): Promise<void> {
    if (this.#sending) return;
    this.#sending = true;
    try {
      for (let next = this.#first(); next; next = this.#first()) {
        const [topic, letter] = next;
        await this.#broker.publish(topic, letter.payload, { retain: letter.retain });
        if (this.#letters.get(topic) === letter) this.#letters.delete(topic);
      }
    } catch (error) {
      this.#log.debug("The broker does not take what the site is to know", { error: errorText(error) });
    } finally {
      this.#sending = false;
    }
  }

  #first(): [string, Letter] | undefined {
    if (!this.#isOpen) return undefined;
    for (const entry of this.#letters) return entry;
  }
}

import { settle } from "../../../core/testing/virtual_clock.ts";
import type { Link, LinkOptions, Message } from "../link.ts";

export interface Said {
  topic: string;
  payload: string;
  retain: boolean;
  /** The payload where it is no text. */
  bytes?: Uint8Array;
}

/** A connection to a broker that does what a test tells it to. */
export class FakeLink implements Link {
  readonly window: number;
  readonly ended: Promise<string>;
  readonly said: Said[] = [];
  /** Acknowledges at once unless told otherwise. */
  acknowledges = true;
  /** What it answers a publication with in place of an acknowledgement. */
  refusal: (said: Said) => Error | undefined = () => undefined;
  /** What it was asked to hear beside what it hears from its beginning. */
  readonly subscribed: string[] = [];
  /** How it was closed. */
  closed: "politely" | "at once" | undefined;
  /** Whether it ends when it is closed. */
  obeys = true;
  readonly end: (why: string) => void;
  #unacknowledged: { acknowledge(): void; fail(error: Error): void }[] = [];

  constructor(window = 16) {
    this.window = window;
    const ended = Promise.withResolvers<string>();
    this.ended = ended.promise;
    this.end = (why) => {
      ended.resolve(why);
      for (const { fail } of this.#unacknowledged.splice(0)) fail(new Error(why));
    };
  }

  publish(topic: string, payload: string | Uint8Array, retain: boolean): Promise<void> {
    const said: Said = typeof payload === "string"
      ? { topic, payload, retain }
      : { topic, payload: "", retain, bytes: payload };
    this.said.push(said);
    const refusal = this.refusal(said);
    if (refusal) return Promise.reject(refusal);
    if (this.acknowledges) return Promise.resolve();
    return new Promise((acknowledge, fail) => this.#unacknowledged.push({ acknowledge, fail }));
  }

  subscribe(filter: string): Promise<void> {
    this.subscribed.push(filter);
    return Promise.resolve();
  }

  /** How often it was asked for everything without acknowledgements. */
  relaxed = 0;

  relax(): Promise<void> {
    this.relaxed++;
    return Promise.resolve();
  }

  /** Acknowledges the oldest publications that wait for it. */
  acknowledge(count = 1): void {
    for (const { acknowledge } of this.#unacknowledged.splice(0, count)) acknowledge();
  }

  close(polite: boolean): void {
    this.closed = polite ? "politely" : "at once";
    if (this.obeys || !polite) this.end("closed");
  }

  /** The newest of what was said on a topic, as JSON where it is. */
  last(topic: string): unknown {
    const payload = this.said.findLast((said) => said.topic === topic)?.payload;
    try {
      return JSON.parse(payload ?? "");
    } catch {
      return payload;
    }
  }
}

/** A broker that is there, or not, as a test says. */
export class FakeBroker {
  readonly links: FakeLink[] = [];
  options: LinkOptions | undefined;
  /** How the next attempts go: well, with an error, or never to an end. */
  mood: "well" | "refuses" | "silent" = "well";
  attempts = 0;
  window = 16;

  readonly open = (options: LinkOptions): Promise<Link> => {
    this.attempts++;
    this.options = options;
    if (this.mood === "refuses") return Promise.reject(new Error("connection refused"));
    if (this.mood === "silent") {
      return new Promise((_, fail) =>
        options.signal.addEventListener("abort", () => fail(new Error("given up")), { once: true })
      );
    }
    const link = new FakeLink(this.window);
    this.links.push(link);
    return Promise.resolve(link);
  };

  get link(): FakeLink {
    const link = this.links.at(-1);
    if (!link) throw new Error("There was no connection yet");
    return link;
  }

  /** Sends the panel a message; resolved when it is done with it. */
  async send(topic: string, payload: string, more: Partial<Message> = {}): Promise<void> {
    await this.options?.heard({
      topic,
      payload: new TextEncoder().encode(payload),
      retain: false,
      ...more,
    });
    await settle();
  }
}

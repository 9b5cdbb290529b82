import { Buffer } from "node:buffer";
import { type Cancel, type Context, errorText } from "../../core/mod.ts";
import { type Subscription, subscriptionsPoint } from "./keys.ts";
import { Hearing } from "./hearing.ts";
import type { Link, Message } from "./link.ts";
import type { Publish } from "./lane.ts";

/** Who does not come to an end with a message is left alone with it, ms: others wait behind. */
const HEARD_MS = 5_000;
/** A cluster that has just lost a node takes no subscription for a while, ms. */
const AGAIN_MS = 2_000;

type SubscriptionLink = Pick<Link, "subscribe" | "relax" | "close">;

export interface SubscriptionParts {
  ctx: Pick<Context, "clock" | "log" | "watch">;
  /** Every topic that is wanted is heard, on a new connection. */
  complete(): void;
}

/** Passes messages on to plugins that want to hear them. */
export class Subscriptions {
  readonly #parts: SubscriptionParts;
  readonly #all = new Set<Subscription>();
  readonly #hearings = new Map<Subscription, Hearing>();
  #link: SubscriptionLink | undefined;
  /** Whether this connection was asked to do without acknowledgements. */
  #isRelaxed = false;
  #publish: Publish = () => Promise.reject(new Error("There is no broker"));
  /** Filters that the connection does not hear yet. */
  #missing = new Set<string>();
  #cancelAgain: Cancel = () => {};

  constructor(parts: SubscriptionParts) {
    this.#parts = parts;
    parts.ctx.watch(subscriptionsPoint, {
      added: (subscription) => {
        this.#all.add(subscription);
        this.#missing.add(subscription.filter);
        void this.#ask();
      },
      removed: (subscription) => {
        this.#all.delete(subscription);
        this.#hearings.get(subscription)?.stop();
        this.#hearings.delete(subscription);
      },
    });
  }

  /** There is a connection, which hears nothing yet. */
  up(publish: Publish, link: SubscriptionLink): void {
    this.#publish = publish;
    this.#isRelaxed = false;
    this.#link = link;
    this.#missing = new Set([...this.#all].map(({ filter }) => filter));
    void this.#ask();
  }

  down(): void {
    this.#link = undefined;
    this.#cancelAgain();
    this.#forgetHearings();
  }

  /** @returns whether somebody wanted to hear it */
  async heard({ topic, payload, retain }: Message): Promise<boolean> {
    const fitting = [...this.#all].filter(({ filter }) => fits(filter, topic));
    const message = { topic, payload: Buffer.from(payload).toString("utf8"), retained: retain };
    for (const subscription of fitting) {
      this.#hearings.get(subscription)?.heard();
      if (topic === subscription.echo) continue;
      await this.#within(subscription.heard(message)).catch((error: unknown) =>
        this.#parts.ctx.log.warn("A message was not taken", {
          topic: topic.slice(0, 200),
          error: errorText(error),
        })
      );
    }
    return fitting.length > 0;
  }

  async #ask(): Promise<void> {
    const link = this.#link;
    if (!link) return;
    const { clock, log } = this.#parts.ctx;
    for (const filter of [...this.#missing]) {
      try {
        await link.subscribe(filter);
        if (this.#link !== link) return;
        this.#missing.delete(filter);
        this.#listen(filter);
      } catch (error) {
        log.debug("A topic can't be heard yet", { filter, error: errorText(error) });
      }
    }
    if (this.#link !== link) return;
    this.#cancelAgain();
    if (this.#missing.size === 0) this.#parts.complete();
    else this.#cancelAgain = clock.after(AGAIN_MS, () => void this.#ask());
  }

  #listen(filter: string): void {
    const { ctx } = this.#parts;
    const [link, publish] = [this.#link!, this.#publish];
    for (const subscription of this.#all) {
      const { echo: topic } = subscription;
      if (subscription.filter !== filter || topic === undefined || this.#hearings.has(subscription)) continue;
      const deaf = () => this.#isDeaf(link);
      this.#hearings.set(subscription, new Hearing({ ctx, topic, publish, deaf }));
    }
  }

  /** It tells nothing of what it takes: it may tell more where it need not see to it that each message arrives. */
  #isDeaf(link: SubscriptionLink): void {
    const { log } = this.#parts.ctx;
    this.#forgetHearings();
    if (this.#isRelaxed) {
      log.warn("The broker takes what it is told and tells nothing; the connection is begun anew");
      return link.close(false);
    }
    log.warn(
      "The broker takes what it is told and tells nothing; it is asked for that without acknowledgements",
    );
    this.#isRelaxed = true;
    link.relax().then(() => {
      if (this.#link !== link) return;
      for (const { filter } of this.#all) this.#listen(filter);
      this.#parts.complete();
    }, () => link.close(false));
  }

  #forgetHearings(): void {
    for (const hearing of this.#hearings.values()) hearing.stop();
    this.#hearings.clear();
  }

  #within(work: Promise<void>): Promise<void> {
    return new Promise((done, fail) => {
      const cancel = this.#parts.ctx.clock.after(
        HEARD_MS,
        () => fail(new Error(`No end in ${HEARD_MS} ms`)),
      );
      work.then(done, fail).finally(cancel);
    });
  }
}

/** Whether a topic is among those of a filter. */
export function fits(filter: string, topic: string): boolean {
  const wanted = filter.split("/");
  const levels = topic.split("/");
  for (const [index, word] of wanted.entries()) {
    if (word === "#") return true;
    if (levels[index] === undefined || (word !== "+" && word !== levels[index])) return false;
  }
  return wanted.length === levels.length;
}

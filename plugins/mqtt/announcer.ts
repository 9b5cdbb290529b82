import type { Cancel, Context } from "../../core/mod.ts";
import { errorText } from "../../core/mod.ts";
import type { Entities } from "./entities.ts";
import type { Retained } from "./retained.ts";

/** Parts come and go many at a time, when the panel starts or a plugin's settings change, ms. */
const SETTLE_MS = 1_000;
/** Home Assistant is given this long to take an entity away before it is not mentioned any more, ms. */
const FAREWELL_MS = 5_000;
const KNOWN = "announced";

/** What the broker keeps because of this panel, over restarts. */
interface Known {
  /** Where the discovery message is; empty where there is none. */
  discovery: string;
  /** Its entities, each with its kind. */
  entities: Record<string, string>;
  topics: string[];
}

export interface AnnouncerParts {
  ctx: Pick<Context, "after" | "log" | "signal" | "store">;
  retained: Retained;
  /** Where the discovery message is told; undefined where discovery is off. */
  discovery: string | undefined;
  /** The entities there are now, and the topics that something is kept on. */
  entities(): Entities;
  topics(): string[];
  message(entities: Entities): string;
}

/** Keeps Home Assistant's picture of the panel right: tells what there is, and takes away what is no more. */
export class Announcer {
  readonly #parts: AnnouncerParts;
  #known: Known;
  #cancel: Cancel | undefined;
  #again = false;

  private constructor(parts: AnnouncerParts, known: Known) {
    this.#parts = parts;
    this.#known = known;
  }

  static async open(parts: AnnouncerParts): Promise<Announcer> {
    const known = await parts.ctx.store.get<
      { discovery: string; entities: { [key: string]: string }; topics: string[] }
    >(
      KNOWN,
    );
    return new Announcer(parts, known ?? { discovery: "", entities: {}, topics: [] });
  }

  /** Something may have changed. */
  changed(): void {
    this.#in(SETTLE_MS);
  }

  /** Home Assistant has started, and knows nothing. */
  repeat(): void {
    this.#again = true;
    this.#in(SETTLE_MS);
  }

  #in(ms: number): void {
    const { ctx } = this.#parts;
    if (ctx.signal.aborted) return;
    this.#cancel?.();
    this.#cancel = ctx.after(ms, async () => {
      this.#cancel = undefined;
      try {
        await this.#announce();
      } catch (error) {
        ctx.log.error("What the panel is can't be kept in mind", { error: errorText(error) });
      }
    });
  }

  async #announce(): Promise<void> {
    const { retained, discovery, message } = this.#parts;
    const entities = discovery === undefined ? {} : this.#parts.entities();
    const now: Known = {
      discovery: discovery ?? "",
      entities: Object.fromEntries(Object.entries(entities).map(([key, { p }]) => [key, p])),
      topics: this.#parts.topics(),
    };
    const before = this.#known;
    const gone = before.discovery === now.discovery
      ? Object.entries(before.entities).filter(([key]) => !(key in entities))
      : [];
    const kept = new Set([...now.topics, now.discovery]);
    const goneTopics = [...new Set([...before.topics, before.discovery, ...retained.topics])]
      .filter((topic) => topic !== "" && !kept.has(topic));
    const isClean = gone.length === 0 && goneTopics.length === 0;
    // In mind before it is told: what a crash leaves at the broker is known at the next start.
    await this.#remember(isClean ? now : merged(before, now));
    for (const topic of goneTopics) retained.clear(topic);
    if (discovery !== undefined) {
      const farewells = Object.fromEntries(gone.map(([key, p]) => [key, { p }]));
      retained.set(discovery, message({ ...entities, ...farewells }), { again: this.#again });
    }
    this.#again = false;
    if (!isClean) this.#tidyUp(now, discovery, goneTopics);
  }

  /** Once the broker knows of what is gone, it is not mentioned any more. */
  #tidyUp(now: Known, discovery: string | undefined, goneTopics: string[]): void {
    if (this.#parts.ctx.signal.aborted) return;
    this.#cancel = this.#parts.ctx.after(FAREWELL_MS, async () => {
      const told = [...goneTopics, ...(discovery === undefined ? [] : [discovery])];
      if (!told.every((topic) => this.#parts.retained.isTold(topic))) {
        this.#tidyUp(now, discovery, goneTopics);
        return;
      }
      await this.#remember(now);
      this.#in(0);
    });
  }

  async #remember(known: Known): Promise<void> {
    if (JSON.stringify(known) === JSON.stringify(this.#known)) return;
    this.#known = known;
    await this.#parts.ctx.store.set(KNOWN, { ...known });
  }
}

function merged(before: Known, now: Known): Known {
  return {
    discovery: before.discovery || now.discovery,
    entities: { ...before.entities, ...now.entities },
    topics: [...new Set([...before.topics, ...now.topics])],
  };
}

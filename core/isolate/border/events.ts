import { z } from "zod";
import { partChanged, partOccurred } from "../../parts.ts";
import { type Audience, defineEvent, type EventKey } from "../../plugin/keys.ts";
import { isOwnName } from "../names.ts";
import { Pace } from "../pace.ts";
import { VALUE_CHARS } from "../protocol.ts";
import { beyond, type Border } from "./border.ts";

/** Different events that one plugin may emit, and hear. */
const MOST_NAMES = 64;
/** How fast; what is more is dropped: pages and other plugins have to hear each one. */
const EVENTS_PER_SECOND = 50;
const EVENTS_AT_ONCE = 200;
const NAME = /^[a-z][a-z0-9-]*(\.[a-z0-9-]+)+$/;

/** What a plugin may say of its own parts only. */
const ABOUT_PARTS = [partChanged, partOccurred] as readonly EventKey<unknown>[];

export interface Emission {
  name: string;
  audience: Audience;
  value?: unknown;
}

/** Events across the border: its own go in, those that it was granted go out. */
export class BorderEvents {
  readonly #border: Border;
  readonly #isOwnPart: (id: string) => boolean;
  readonly #keys = new Map<string, EventKey<unknown>>();
  readonly #heard = new Set<string>();
  readonly #pace: Pace;
  #dropped = 0;

  constructor(border: Border, isOwnPart: (id: string) => boolean) {
    this.#border = border;
    this.#isOwnPart = isOwnPart;
    this.#pace = new Pace({
      clock: border.ctx.clock,
      perSecond: EVENTS_PER_SECOND,
      burst: EVENTS_AT_ONCE,
    });
  }

  /** @throws {LatchkeyError} `plugin-not-granted` */
  emit({ name, audience, value }: Emission): void {
    const { ctx } = this.#border;
    if (ctx.signal.aborted) return;
    const about = ABOUT_PARTS.find((event) => event.name === name);
    const key = about ?? this.#keyOf(name, audience);
    if (about && !this.#isOwnPart(String((value as { id?: unknown })?.id))) {
      throw beyond(this.#border, "speaks for a part that is not its own");
    }
    if (!this.#admit()) return;
    if (JSON.stringify(value ?? null).length > VALUE_CHARS) {
      throw beyond(this.#border, `emits a "${name}" of more than ${VALUE_CHARS} characters`);
    }
    ctx.emit(key, about ? about.schema.parse(value) : value ?? null);
  }

  /** Whether an event that came now would be dropped; counts it as dropped then. */
  isFlooded(): boolean {
    const flooded = !this.#pace.has();
    if (flooded) this.#dropped++;
    return flooded;
  }

  /** @throws {LatchkeyError} `plugin-not-granted` */
  listen(name: string): void {
    const { id, plugin, neighbours, ctx } = this.#border;
    if (!isOwnName(id, name) && !plugin.granted.events.includes(name)) {
      throw beyond(this.#border, `was not granted to hear "${name}"`);
    }
    if (this.#heard.size === 0) {
      const untap = neighbours.bus.tap((event, value) => this.#hear(event, value));
      ctx.defer("hear events", untap);
    }
    this.#heard.add(name);
    if (this.#heard.size > MOST_NAMES) throw beyond(this.#border, `hears more than ${MOST_NAMES} events`);
  }

  /** What the core alone may state is never left out; a plugin that can't keep up with that is ended. */
  #hear(event: EventKey<unknown>, value: unknown): void {
    if (!this.#heard.has(event.name)) return;
    // Card numbers and raw edges never leave the process, whatever was granted.
    if (event.audience === "internal" && !this.#keys.has(event.name)) return;
    this.#border.tell(event.name, value, !event.coreOnly);
  }

  #keyOf(name: string, audience: Audience): EventKey<unknown> {
    const known = this.#keys.get(name);
    if (known) return known;
    if (!isOwnName(this.#border.id, name) || name === this.#border.id || !NAME.test(name)) {
      throw beyond(
        this.#border,
        `can't emit "${name}": its own events begin with "${this.#border.id}."`,
      );
    }
    if (this.#keys.size >= MOST_NAMES) throw beyond(this.#border, `emits more than ${MOST_NAMES} events`);
    const key = defineEvent(name, z.unknown(), { audience });
    this.#keys.set(name, key);
    return key;
  }

  #admit(): boolean {
    if (this.#pace.take()) {
      if (this.#dropped > 0) this.#border.ctx.log.warn("Events came too fast", { dropped: this.#dropped });
      this.#dropped = 0;
      return true;
    }
    this.#dropped++;
    return false;
  }
}

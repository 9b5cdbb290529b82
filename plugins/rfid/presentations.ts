import type { Cancel, Clock } from "../../core/mod.ts";
import { type Gesture, Presentation, type Sighting } from "./presentation.ts";

/** How a report of a card relates to what was known: `again` is the same presentation after a gap that is no flicker. */
export type Arrival = "new" | "again" | "flicker";

export interface PresentationTimes {
  /** From here on it is a hold and not a swipe, ms. */
  holdMs: number;
  /** A gap shorter than this is the reader's flicker and not a removal, ms. */
  flickerMs: number;
  /** The same card after a gap shorter than this is the same presentation, ms. */
  apartMs: number;
}

/** More cards than this at once, and the one that left first is forgotten. */
const MOST = 64;

interface Tracked {
  presentation: Presentation;
  since: number;
  leftAt: number | undefined;
  cancel: Cancel;
}

/** Makes presentations of what readers report: cards that flicker, come together, or never leave. */
export class Presentations {
  readonly #clock: Clock;
  readonly #times: PresentationTimes;
  readonly #tracked = new Map<string, Tracked>();

  constructor(clock: Clock, times: PresentationTimes) {
    this.#clock = clock;
    this.#times = times;
  }

  get size(): number {
    return this.#tracked.size;
  }

  present(sighting: Sighting): { presentation: Presentation; arrival: Arrival } {
    const now = this.#clock.monotonic();
    const key = keyOf(sighting);
    const known = this.#tracked.get(key);
    if (known) {
      const gap = known.leftAt === undefined ? 0 : now - known.leftAt;
      known.leftAt = sighting.reportsRemoval ? undefined : now;
      this.#review(key, known);
      const again = sighting.reportsRemoval && gap >= this.#times.flickerMs;
      return { presentation: known.presentation, arrival: again ? "again" : "flicker" };
    }
    if (this.#tracked.size >= MOST) this.#forgetOne();
    const presentation = new Presentation(sighting);
    const leftAt = sighting.reportsRemoval ? undefined : now;
    if (leftAt !== undefined) presentation.decide("swipe");
    const tracked = { presentation, since: now, leftAt, cancel: () => {} };
    this.#tracked.set(key, tracked);
    this.#review(key, tracked);
    return { presentation, arrival: "new" };
  }

  removed(sighting: Pick<Sighting, "reader" | "uid">): void {
    const key = keyOf(sighting);
    const tracked = this.#tracked.get(key);
    if (!tracked || tracked.leftAt !== undefined) return;
    tracked.leftAt = this.#clock.monotonic();
    this.#review(key, tracked);
  }

  /** Takes the effect of every card that is at a reader now: none of them opens anything any more. */
  claimAll(): void {
    for (const { presentation } of this.#tracked.values()) presentation.claim();
  }

  stop(): void {
    for (const { cancel } of this.#tracked.values()) cancel();
    this.#tracked.clear();
  }

  #review(key: string, tracked: Tracked): void {
    const { presentation, leftAt } = tracked;
    const now = this.#clock.monotonic();
    const away = leftAt === undefined ? 0 : now - leftAt;
    tracked.cancel();
    tracked.cancel = () => {};
    if (!presentation.decided) {
      const gesture = this.#gesture(tracked, now);
      if (gesture) presentation.decide(gesture);
    }
    if (leftAt !== undefined && away >= this.#times.apartMs) {
      this.#tracked.delete(key);
      return;
    }
    const due = this.#nextReview(tracked);
    if (due !== undefined) tracked.cancel = this.#clock.after(due - now, () => this.#review(key, tracked));
  }

  #gesture({ since, leftAt }: Tracked, now: number): Gesture | undefined {
    if ((leftAt ?? now) - since >= this.#times.holdMs) return "hold";
    if (leftAt !== undefined && now - leftAt >= this.#times.flickerMs) return "swipe";
    return undefined;
  }

  #nextReview({ presentation, since, leftAt }: Tracked): number | undefined {
    if (leftAt === undefined) return presentation.decided ? undefined : since + this.#times.holdMs;
    return leftAt + (presentation.decided ? this.#times.apartMs : this.#times.flickerMs);
  }

  #forgetOne(): void {
    const tracked = [...this.#tracked].sort(([, a], [, b]) =>
      (a.leftAt ?? Infinity) - (b.leftAt ?? Infinity)
    );
    const [key, oldest] = tracked[0] ?? [];
    if (key === undefined) return;
    oldest?.cancel();
    this.#tracked.delete(key);
  }
}

function keyOf({ reader, uid }: Pick<Sighting, "reader" | "uid">): string {
  return `${reader}/${uid}`;
}

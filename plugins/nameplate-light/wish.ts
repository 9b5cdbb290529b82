import { z } from "zod";
import type { Json, PluginStore } from "../../core/mod.ts";
import { levelSchema, type Mode, modeSchema, type Settings, type Wish } from "./settings.ts";

const KEY = "wish";
const keptSchema = z.strictObject({
  /** The settings when it was given. */
  basis: z.string(),
  now: z.strictObject({ mode: modeSchema, level: levelSchema }),
});

/** What the light is to do now: the newest word of the settings and of those who commanded it. */
export interface CurrentWish {
  readonly now: { mode: Mode; level: number };
  /** Durable when resolved. */
  change(wish: Wish): Promise<void>;
}

/** Commands are kept over restarts, until the settings say something else than when they were given. */
export async function restoreWish(store: PluginStore, settings: Settings): Promise<CurrentWish> {
  const { mode, level, schedule } = settings;
  const basis = JSON.stringify({ mode, level, schedule });
  const kept = keptSchema.safeParse(await store.get<Json>(KEY));
  let now = { mode, level };
  let turn = Promise.resolve();

  async function change(wish: Wish): Promise<void> {
    const next = { mode: wish.mode ?? now.mode, level: wish.level ?? now.level };
    await store.set(KEY, { basis, now: next });
    now = next;
  }

  if (kept.success && kept.data.basis === basis) now = kept.data.now;
  return {
    get now() {
      return now;
    },
    change(wish) {
      const changed = turn.then(() => change(wish));
      turn = changed.catch(() => {});
      return changed;
    },
  };
}

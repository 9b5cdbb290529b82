import { z } from "zod";
import type { Json, PluginStore } from "../../core/mod.ts";
import { type Image, imageSchema } from "../../media/keys.ts";
import type { ImageChange } from "./keys.ts";

const KEY = "image";
const keptSchema = z.strictObject({
  /** The settings when it was given. */
  basis: imageSchema,
  now: imageSchema,
});

/** What the picture looks like now: the newest word of the settings and of those who changed it. */
export interface CurrentImage {
  readonly now: Image;
  /** Durable when resolved. */
  change(change: ImageChange): Promise<void>;
}

/** Changes are kept over restarts, until the settings say something else than when they were made. */
export async function restoreImage(store: PluginStore, basis: Image): Promise<CurrentImage> {
  const kept = keptSchema.safeParse(await store.get<Json>(KEY)).data;
  let now = kept && JSON.stringify(kept.basis) === JSON.stringify(basis) ? kept.now : basis;
  let turn = Promise.resolve();

  async function change(wish: ImageChange): Promise<void> {
    const next = imageSchema.parse({ ...now, ...wish });
    await store.set(KEY, { basis, now: next });
    now = next;
  }

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

import { z } from "zod";
import type { Json } from "../json.ts";
import type { PluginStore } from "./plugin.ts";

/** A value that the settings give and that people change without changing the settings. */
export interface Override<T> {
  /** The newest word of the settings and of those who changed it. */
  readonly now: T;
  /** Makes another one of what it is when it is this change's turn. Durable when resolved. */
  change(make: (now: T) => T): Promise<void>;
}

/** Where a value is kept, what it may be, and what it is until somebody changes it. */
export interface OverrideOptions<T> {
  /** Where it is kept in the plugin's store. */
  key: string;
  schema: z.ZodType<T>;
  /** What the settings say. */
  first: T;
  /** The settings that end a change when they change; `first` unless told. */
  basis?: Json;
}

/** Opens such a value. A change is kept over restarts, until the settings say something else than when it was made. */
export async function openOverride<T extends Json>(
  store: PluginStore,
  { key, schema, first, basis = first }: OverrideOptions<T>,
): Promise<Override<T>> {
  const keptSchema = z.strictObject({ basis: z.json(), now: schema });
  const kept = keptSchema.safeParse(await store.get(key)).data;
  const isOfNow = kept !== undefined && JSON.stringify(kept.basis) === JSON.stringify(basis);
  let now = isOfNow ? kept.now : first;
  // Else it would come back with the settings that it was made under.
  if (kept && !isOfNow) await store.set(key, { basis, now });
  let turn: Promise<void> = Promise.resolve();

  async function change(make: (now: T) => T): Promise<void> {
    const next = make(now);
    await store.set(key, { basis, now: next });
    now = next;
  }

  return {
    get now() {
      return now;
    },
    change(make) {
      const changed = turn.then(() => change(make));
      turn = changed.catch(() => {});
      return changed;
    },
  };
}

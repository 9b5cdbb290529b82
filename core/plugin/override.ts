import { z } from "zod";
import type { Json } from "../json.ts";
import { errorText, type Log } from "../log.ts";
import { oneAtATime } from "../turns.ts";
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
  /** What holds where what is kept can't be read, whatever the settings say; `first` unless told. */
  unreadable?: T;
  /** Told of what can't be read: the plugin's own. */
  log?: Pick<Log, "error">;
}

/**
 * Opens such a value. A change is kept over restarts, until the settings say something else than when it was made. What
 * is kept and can't be read stays as it is until somebody changes the value.
 */
export async function openOverride<T extends Json>(
  store: PluginStore,
  { key, schema, first, basis = first, unreadable = first, log }: OverrideOptions<T>,
): Promise<Override<T>> {
  let now = await opened();
  const inTurn = oneAtATime();

  async function opened(): Promise<T> {
    const found = await store.get(key);
    if (found === undefined) return first;
    const { data: kept, error } = z.strictObject({ basis: z.json(), now: schema }).safeParse(found);
    if (!kept) {
      log?.error("What is kept can't be read; until somebody changes it something else holds", {
        key,
        holds: unreadable,
        error: errorText(error),
      });
      return unreadable;
    }
    if (JSON.stringify(kept.basis) === JSON.stringify(basis)) return kept.now;
    // Else it would come back with the settings that it was made under.
    await store.set(key, { basis, now: first });
    return first;
  }

  async function change(make: (now: T) => T): Promise<void> {
    const next = make(now);
    await store.set(key, { basis, now: next });
    now = next;
  }

  return {
    get now() {
      return now;
    },
    change: (make) => inTurn(() => change(make)),
  };
}

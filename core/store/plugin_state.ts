import { LatchkeyError } from "../errors.ts";
import type { Json } from "../json.ts";
import type { PluginStore } from "../plugin/plugin.ts";
import type { Store } from "./store.ts";

const MAX_KEY = 200;
const MAX_VALUE = 256 * 1024;

/** One plugin's private state, in the panel's database. */
export function forPlugin(store: Store, plugin: string): PluginStore {
  return {
    // deno-lint-ignore require-await -- a wrong key or a fault of the disk is a rejection, never a throw
    async get<T extends Json>(key: string) {
      const row = store.prepare("SELECT value FROM plugin_state WHERE plugin = ? AND key = ?")
        .get(plugin, key);
      return row === undefined ? undefined : JSON.parse(String(row["value"])) as T;
    },
    // deno-lint-ignore require-await -- as above
    async set(key, value) {
      const text = JSON.stringify(value);
      if (key.length > MAX_KEY || text === undefined || text.length > MAX_VALUE) {
        throw new LatchkeyError(
          "state-refused",
          `Plugin "${plugin}" can't keep "${key.slice(0, 60)}": a key has at most ${MAX_KEY} characters, ` +
            `a value is JSON of at most ${MAX_VALUE}`,
        );
      }
      store.transaction(() =>
        store.prepare("INSERT OR REPLACE INTO plugin_state (plugin, key, value) VALUES (?, ?, ?)")
          .run(plugin, key, text)
      );
    },
    // deno-lint-ignore require-await -- as above
    async delete(key) {
      store.transaction(() =>
        store.prepare("DELETE FROM plugin_state WHERE plugin = ? AND key = ?").run(plugin, key)
      );
    },
  };
}

/** How much a plugin keeps: characters of each value, by key. */
export function stateSizes(store: Store, plugin: string): Map<string, number> {
  return new Map(
    store.prepare("SELECT key, length(value) AS size FROM plugin_state WHERE plugin = ?").all(plugin)
      .map(({ key, size }) => [String(key), Number(size)]),
  );
}

/** As the host wants it: a store for each owner. */
export const pluginState = (store: Store) => (owner: string): PluginStore => forPlugin(store, owner);

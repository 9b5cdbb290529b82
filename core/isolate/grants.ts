import { LatchkeyError } from "../errors.ts";
import type { Store } from "../store/store.ts";
import { type GrantedPlugin, grantedPluginSchema } from "./manifest.ts";

/** Which third-party plugins the owner has let in, with what. A change is durable when it returns. */
export interface GrantStore {
  /** By id, in alphabetical order. */
  list(): GrantedPlugin[];
  get(id: string): GrantedPlugin | undefined;
  /** Adds it, or puts it in the place of the one with its id. */
  put(plugin: GrantedPlugin): void;
  /** Forgets what was granted, the settings, and all that the plugin has kept. */
  remove(id: string): void;
}

/** The owner of the rows; no plugin can have an id with a dot. */
const OWNER = "core.grants";

/** In the panel's database. */
export function storedGrants(store: Pick<Store, "prepare" | "transaction">): GrantStore {
  return {
    list: () =>
      store.prepare("SELECT key, value FROM plugin_state WHERE plugin = ? ORDER BY key").all(OWNER).map(read),
    get(id) {
      const row = store.prepare("SELECT key, value FROM plugin_state WHERE plugin = ? AND key = ?").get(
        OWNER,
        id,
      );
      return row === undefined ? undefined : read(row);
    },
    put(plugin) {
      const text = JSON.stringify(grantedPluginSchema.parse(plugin));
      store.transaction(() =>
        store.prepare("INSERT OR REPLACE INTO plugin_state (plugin, key, value) VALUES (?, ?, ?)")
          .run(OWNER, plugin.manifest.id, text)
      );
    },
    remove(id) {
      store.transaction(() => {
        store.prepare("DELETE FROM plugin_state WHERE plugin = ? AND key = ?").run(OWNER, id);
        store.prepare("DELETE FROM plugin_state WHERE plugin = ?").run(id);
      });
    },
  };
}

/** @throws {LatchkeyError} `grant-damaged` */
function read({ key, value }: Record<string, unknown>): GrantedPlugin {
  const parsed = grantedPluginSchema.safeParse(JSON.parse(String(value)));
  if (parsed.success) return parsed.data;
  throw new LatchkeyError(
    "grant-damaged",
    `What is stored of the grant of plugin "${key}" can't be read; remove the plugin and add it again`,
    { status: 500 },
  );
}

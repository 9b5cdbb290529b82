import { z } from "zod";
import { LatchkeyError } from "../errors.ts";
import type { Store } from "../store/store.ts";
import { type GrantedPlugin, grantedPluginSchema } from "./manifest.ts";

/** One that can't be read: what is stored is damaged, or this version of the panel does not take it. */
export interface DamagedGrant {
  id: string;
  /** What is wrong, and what to do. */
  reason: string;
}

/** Which third-party plugins the owner has let in, with what. A change is durable when it returns. */
export interface GrantStore {
  /** By id, in alphabetical order; one that can't be read keeps none of the others from being. */
  list(): { plugins: GrantedPlugin[]; damaged: DamagedGrant[] };
  /** @throws {LatchkeyError} `grant-damaged` */
  get(id: string): GrantedPlugin | undefined;
  /** Adds it, or puts it in the place of the one with its id. */
  put(plugin: GrantedPlugin): void;
  /** Forgets what was granted, the settings, and all that the plugin has kept. */
  remove(id: string): void;
}

/** The owner of the rows; no plugin can have an id with a dot. */
const OWNER = "core.grants";

const storedSchema = z.string().transform((text, { addIssue }): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    addIssue("no JSON");
    return z.NEVER;
  }
}).pipe(grantedPluginSchema);

/** In the panel's database. */
export function storedGrants(store: Pick<Store, "prepare" | "transaction">): GrantStore {
  return {
    list() {
      const plugins: GrantedPlugin[] = [];
      const damaged: DamagedGrant[] = [];
      const rows = store.prepare("SELECT key, value FROM plugin_state WHERE plugin = ? ORDER BY key").all(
        OWNER,
      );
      for (const row of rows) {
        const found = read(row);
        if ("reason" in found) damaged.push(found);
        else plugins.push(found);
      }
      return { plugins, damaged };
    },
    get(id) {
      const row = store.prepare("SELECT key, value FROM plugin_state WHERE plugin = ? AND key = ?").get(
        OWNER,
        id,
      );
      const found = row && read(row);
      if (!found || !("reason" in found)) return found;
      throw new LatchkeyError("grant-damaged", found.reason, { status: 500 });
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

function read({ key, value }: Record<string, unknown>): GrantedPlugin | DamagedGrant {
  const id = String(key);
  const parsed = storedSchema.safeParse(value);
  if (parsed.success && parsed.data.manifest.id === id) return parsed.data;
  const wrong = parsed.success
    ? `it is of "${parsed.data.manifest.id}"`
    : parsed.error.issues.map(({ path, message }) => [path.join("."), message].filter(Boolean).join(": "))[0];
  const reason =
    `What is stored of the grant of plugin "${id}" can't be read (${wrong}); remove the plugin and add it again`;
  return { id, reason };
}

/** What was let in under that id; undefined also where that can't be read, so that it can be let in anew. */
export function findReadable(grants: Pick<GrantStore, "list">, id: string): GrantedPlugin | undefined {
  return grants.list().plugins.find(({ manifest }) => manifest.id === id);
}

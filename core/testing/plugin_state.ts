import type { Json } from "../json.ts";
import { openStore } from "../store/database.ts";
import { databasePath } from "../store/paths.ts";
import { forPlugin } from "../store/plugin_state.ts";

/** Writes into the state of a plugin of a panel that is not running, as another release of it may have done. */
export async function keepForPlugin(data: string, plugin: string, key: string, value: Json): Promise<void> {
  const store = openStore(databasePath(data));
  await forPlugin(store, plugin).set(key, value);
  store.close();
}

import type { Json } from "../json.ts";
import type { PluginStore } from "../plugin/plugin.ts";

/** Private plugin state that lives as long as the test. */
export function memoryStore(): (owner: string) => PluginStore {
  const owners = new Map<string, Map<string, Json>>();
  return (owner) => {
    const values = owners.get(owner) ?? new Map<string, Json>();
    owners.set(owner, values);
    return {
      get: <T extends Json>(key: string) => Promise.resolve(values.get(key) as T | undefined),
      set: (key, value) => Promise.resolve(void values.set(key, structuredClone(value))),
      delete: (key) => Promise.resolve(void values.delete(key)),
    };
  };
}

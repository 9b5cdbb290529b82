import type { Json } from "../../../core/json.ts";
import type { PluginSettings } from "../../../core/settings.ts";
import type { Client } from "../../lib/api/client.ts";

export type { PluginSettings };

/** The routes for settings of what is built in and of plugins of others. */
export class SettingsApi {
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  list(): Promise<PluginSettings[]> {
    return this.#client.get("/settings");
  }

  /** The ids of those that others have made. */
  async strangers(): Promise<string[]> {
    const all = await this.#client.get<{ id: string }[]>("/third-party");
    return all.map(({ id }) => id);
  }

  /** Of one plugin; undefined where there is no such plugin. */
  async of(id: string): Promise<PluginSettings | undefined> {
    const all = await this.list();
    return all.find(({ plugin }) => plugin === id);
  }

  /** Answered when the plugin has started with them. */
  change(id: string, values: Json): Promise<PluginSettings> {
    return this.#client.put(`/settings/${id}`, values);
  }
}

import { messageOf } from "../../lib/api/problem.ts";
import { State } from "../../lib/state.ts";
import type { Home } from "../model/home.ts";
import { SettingsApi } from "../settings/settings_api.ts";
import type { Door } from "../settings/settings_fields.ts";
import {
  type DamagedPlugin,
  PluginsApi,
  type Proposal,
  type SeenPlugin,
  type TrustedKey,
} from "./plugins_api.ts";

export interface PluginsData {
  loaded: boolean;
  fault: string | undefined;
  plugins: SeenPlugin[];
  damaged: DamagedPlugin[];
  /** Those that wait to be let in. */
  packages: Proposal[];
  keys: TrustedKey[];
}

/** What the page of plugins knows: how each is doing is in the panel's status, which is fetched with it. */
export class PluginsModel extends State<PluginsData> {
  readonly api: PluginsApi;
  readonly settings: SettingsApi;
  readonly #home: Home;

  constructor(home: Home) {
    super({ loaded: false, fault: undefined, plugins: [], damaged: [], packages: [], keys: [] });
    this.#home = home;
    this.api = new PluginsApi(home.api.client);
    this.settings = new SettingsApi(home.api.client);
  }

  /** What there is to open, for settings that name it. */
  get doors(): readonly Door[] {
    return this.#home.value.accessPoints;
  }

  async load(): Promise<void> {
    const { api } = this;
    try {
      const [all, packages, keys, status] = await Promise.all([
        api.plugins(),
        api.packages(),
        api.keys(),
        this.#home.api.status(),
      ]);
      const damaged = all.filter((each) => "damaged" in each);
      const plugins = all.filter((each) => "title" in each);
      this.set({ loaded: true, fault: undefined, plugins, damaged, packages, keys });
      this.#home.set({ status });
    } catch (error) {
      this.set({ fault: messageOf(error) });
    }
  }
}

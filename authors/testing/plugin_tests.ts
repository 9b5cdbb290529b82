import type { Json } from "../../core/json.ts";
import { type LocalAnswerer, type LocalServer, startLocalServer } from "./local_server.ts";
import { PluginPanel } from "./plugin_panel.ts";
import type { PluginPanelOptions, Side } from "./seat.ts";

/** A plugin's settings, or what makes them of where the test's server is, such as `http://127.0.0.1:40123`. */
export type PluginTestSettings = { [key: string]: Json } | ((web: string) => { [key: string]: Json });

/** What all tests of one plugin have in common. */
export interface PluginTestsOptions extends Omit<PluginPanelOptions, "side" | "settings" | "web"> {
  /** The plugin's settings; its defaults unless told. */
  settings?: PluginTestSettings;
  /** Answers what the plugin asks over HTTP: starts a server, and `settings` are told where. */
  web?: LocalAnswerer;
  /** Where the tests run; on both sides unless told. */
  sides?: readonly Side[];
}

/** What one test has beside, or in place of, what all have in common. */
export type PluginTestOptions = Partial<Omit<PluginTestsOptions, "plugin" | "from">>;

/** A test: what it does with the panel that it is given. */
export type PluginTestBody = (panel: PluginPanel) => unknown;

/** Registers a test with `Deno.test`, once for each side. */
export interface PluginTest {
  (name: string, body: PluginTestBody): void;
  (name: string, options: PluginTestOptions, body: PluginTestBody): void;
}

const PLACES: Record<Side, string> = { panel: "in the panel", border: "across the border" };

/**
 * What declares a plugin's tests. Each runs twice on a fresh panel: with the plugin in the panel's process, and across
 * the border that third-party plugins live behind, so that what does not cross is seen at once.
 *
 * ```ts
 * const test = pluginTests({ plugin, from: import.meta.url });
 * test("it greets", async (panel) => {
 *   assert.deepEqual((await panel.call("GET", "/greeting")).body, "Hello");
 * });
 * ```
 */
export function pluginTests(common: PluginTestsOptions): PluginTest {
  return (name: string, ...rest: [PluginTestBody] | [PluginTestOptions, PluginTestBody]) => {
    const [own, body] = rest.length === 1 ? [{}, rest[0]] : rest;
    const { sides = ["panel", "border"], web, settings = {}, ...options } = { ...common, ...own };
    for (const side of sides) {
      Deno.test(`${name} (${PLACES[side]})`, async () => {
        await using stack = new AsyncDisposableStack();
        const server: LocalServer | undefined = web && stack.use(await startLocalServer(web));
        const panel = await PluginPanel.start({
          ...options,
          side,
          settings: typeof settings === "function" ? settings(server?.origin ?? "") : settings,
          ...(server ? { web: server } : {}),
        });
        stack.use(panel);
        await body(panel);
      });
    }
  };
}

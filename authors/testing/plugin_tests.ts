import { PluginPanel, type PluginPanelOptions, type Side } from "./plugin_panel.ts";

/** What all tests of one plugin have in common. */
export interface PluginTestsOptions extends Omit<PluginPanelOptions, "side"> {
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
    const { sides = ["panel", "border"], ...options } = { ...common, ...own };
    for (const side of sides) {
      Deno.test(`${name} (${PLACES[side]})`, async () => {
        await using panel = await PluginPanel.start({ ...options, side });
        await body(panel);
      });
    }
  };
}

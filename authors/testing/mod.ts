/** `latchkey/testing`: what the authors of plugins test them with. */
export { PluginPanel } from "./plugin_panel.ts";
export type { PluginPanelOptions, Side } from "./seat.ts";
export {
  type PluginTest,
  type PluginTestBody,
  type PluginTestOptions,
  pluginTests,
  type PluginTestsOptions,
} from "./plugin_tests.ts";
export {
  type LocalAnswer,
  type LocalAnswerer,
  type LocalServer,
  type SeenRequest,
  startLocalServer,
} from "./local_server.ts";

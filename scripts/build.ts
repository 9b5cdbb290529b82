/** Builds the pages, the runtime and what third-party plugins run on, each where something has changed. */
import { buildPluginHost } from "./build_plugin_host.ts";
import { buildRuntime } from "./build_runtime.ts";
import { buildWeb } from "./build_web.ts";

const [web, runtime, host] = [await buildWeb(), await buildRuntime(), await buildPluginHost()];
if (web.built) console.log(`Built the pages: ${web.files.length} files in web/dist`);
if (runtime.built) console.log(`Built the runtime: ${runtime.files.length} files in dist/runtime`);
if (host.built) console.log(`Built what plugins run on: ${host.files.length} files in dist/plugin-host`);

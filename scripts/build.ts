/** Builds the pages and the runtime, each where something has changed. */
import { buildRuntime } from "./build_runtime.ts";
import { buildWeb } from "./build_web.ts";

const [web, runtime] = [await buildWeb(), await buildRuntime()];
if (web.built) console.log(`Built the pages: ${web.files.length} files in web/dist`);
if (runtime.built) console.log(`Built the runtime: ${runtime.files.length} files in dist`);

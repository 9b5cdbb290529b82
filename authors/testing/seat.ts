import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Wants, wantsSchema } from "../../core/isolate/manifest.ts";
import { digestOfSums, packageSums } from "../../core/isolate/package_sums.ts";
import type { Launch } from "../../core/isolate/process.ts";
import { FakeProcess, runInProcess } from "../../core/isolate/testing/in_process.ts";
import type { Json } from "../../core/json.ts";
import type { Plugin } from "../../core/mod.ts";
import { pluginsDir } from "../../core/store/paths.ts";
import { Panel } from "../../tests/harness/panel.ts";
import { letIn, readManifest } from "../manifest.ts";
import type { LocalServer } from "./local_server.ts";
import { type Usage, watched } from "./usage.ts";

/** Where the plugin runs: as a built-in one in the panel's process, or as a third-party one across the border. */
export type Side = "panel" | "border";

/** What a panel with a plugin under test is started with. */
export interface PluginPanelOptions {
  plugin: Plugin;
  /** A file of the plugin's folder, such as the test's own `import.meta.url`: its manifest says what it wants. */
  from: string;
  /** Across the border unless told. */
  side?: Side;
  /** The plugin's settings; its defaults unless told. */
  settings?: { [key: string]: Json };
  /** What the owner granted; all that the manifest wants unless told. */
  granted?: Partial<Wants>;
  /** When the test begins, such as `2026-06-01T22:30:00+02:00`. */
  at?: string;
  /** The time zone of the house; `Europe/Rome` unless told. */
  zone?: string;
  /** The server that the plugin reaches over HTTP, to have it at hand in the test. */
  web?: LocalServer;
}

/** A panel that runs, with a place for the plugin. */
export interface Seat {
  id: string;
  side: Side;
  panel: Panel;
  granted: Wants;
  /** What the plugin has used of that; across the border only. */
  usage: Usage;
  /** Lets the plugin begin, once there is somebody to hear what it does from the first moment on. */
  begin(): Promise<void>;
}

/** Starts a panel that is ready for the plugin. */
export async function takeSeat(options: PluginPanelOptions): Promise<Seat> {
  const { plugin, from, side = "border", settings = {}, at, zone = "Europe/Rome" } = options;
  const manifest = readManifest(dirname(fileURLToPath(from)));
  const { id } = manifest;
  const granted = options.granted ? wantsSchema.parse(options.granted) : manifest.wants;
  const usage: Usage = new Set();
  const start = at === undefined ? {} : { start: Date.parse(at) };
  if (side === "panel") {
    let mayBegin = false;
    const quiet: Plugin = { ...plugin, setup: (ctx) => mayBegin ? plugin.setup(ctx) : undefined };
    const config = { zone, plugins: { [plugin.id]: settings } };
    const panel = await Panel.start({ config, ...start, plugins: [quiet] });
    const begin = async () => {
      mayBegin = true;
      const restarting = panel.runtime.host.restart(plugin.id);
      await panel.advance(0);
      await restarting;
    };
    return { id, side, panel, granted, usage, begin };
  }
  const launch: Launch = (order) => {
    const process = new FakeProcess(order);
    runInProcess(process, panel.clock, plugin);
    return watched(process, usage);
  };
  const panel: Panel = await Panel.start({ config: { zone }, ...start, launch });
  const begin = async () => {
    const thirdParty = await panel.runtime.thirdParty.open();
    // Its code is here already, so there is nothing in the folder that the panel looks at.
    const folder = join(pluginsDir(panel.data), id);
    mkdirSync(folder, { recursive: true });
    const digest = digestOfSums(packageSums(folder));
    await thirdParty.admit(letIn({ manifest, digest }, { granted, settings }));
  };
  return { id, side, panel, granted, usage, begin };
}

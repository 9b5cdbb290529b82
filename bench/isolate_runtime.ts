/** Where `isolate.ts` measures: a host with the plugin in it, then one with it in a process of its own. Prints JSON. */
import { Socket } from "node:net";
import process from "node:process";
import { LINK_FD } from "../core/boot/program.ts";
import { systemClock } from "../core/clock.ts";
import { isolatedPlugin } from "../core/isolate/isolated_plugin.ts";
import { remoteLaunch } from "../core/isolate/launch/remote.ts";
import { pluginManifestSchema, wantsSchema } from "../core/isolate/manifest.ts";
import { createLog, readableLine } from "../core/log.ts";
import { Host } from "../core/plugin/host.ts";
import type { Plugin } from "../core/plugin/plugin.ts";
import { memoryStore } from "../core/testing/memory_store.ts";
import inProcess, { type Echo } from "./isolate_echo.ts";

const CALLS = 5_000;
const WARM_UP = 1_000;

const log = createLog({
  level: "warn",
  now: () => Date.now(),
  sink: (line) => console.error(readableLine(line)),
});

async function startHost(make: (host: Host) => Plugin): Promise<Echo> {
  const host = new Host({ clock: systemClock, log, storeFor: memoryStore(), serve: () => () => {} });
  host.add(make(host), {});
  await host.start();
  return host.provided("echo")!.implementation as unknown as Echo;
}

/** How long each call took, µs. */
async function timed(echo: Echo): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < WARM_UP + CALLS; i++) {
    const begun = performance.now();
    await echo.say("Hello");
    if (i >= WARM_UP) times.push((performance.now() - begun) * 1_000);
  }
  return times;
}

const manifest = { id: "echo", title: "Echo", version: "1.0.0", api: 1, entry: "mod.ts" };
const plugin = {
  manifest: pluginManifestSchema.parse(manifest),
  granted: wantsSchema.parse({}),
  digest: process.argv[2]!,
  origin: { from: "folder" as const, package: "echo", integrity: null },
  signer: null,
  settings: {},
  off: null,
};
const here = await startHost(() => inProcess);
const there = await startHost((host) =>
  isolatedPlugin(plugin, {
    launch: remoteLaunch(new Socket({ fd: LINK_FD, readable: true, writable: true })),
    neighbours: { bus: host.bus, provided: (name) => host.provided(name), stateSizes: () => new Map() },
    countError: () => {},
    assertOn: () => {},
    watchFiles: () => ({ areOthers: () => Promise.resolve(false) }),
    died: (_, reason) => console.error(reason),
    changed: (_, reason) => console.error(reason),
    started: () => {},
    refused: (_, error) => console.error(error),
  })
);
console.log(JSON.stringify({ here: await timed(here), there: await timed(there) }));
process.stdin.once("end", () => process.exit(0)).resume();

import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import type { Duplex } from "node:stream";
import { fileURLToPath } from "node:url";
import { pluginHostDir } from "../core/boot/permissions.ts";
import { systemClock } from "../core/clock.ts";
import { LINK_FD } from "../core/boot/program.ts";
import { digestOfSums, packageSums } from "../core/isolate/package_sums.ts";
import { PluginDesk } from "../core/isolate/launch/desk.ts";
import { spawnOn } from "../core/isolate/launch/spawn.ts";
import { pluginsDir } from "../core/store/paths.ts";
import { temporaryDir } from "./panel.ts";
import { percentile, type Row, type Table } from "./table.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const module = fileURLToPath(new URL("isolate_echo.ts", import.meta.url));

/** A call into a plugin that runs in a process of its own, against the same one in the panel's; and what it weighs. */
export async function isolate(repeats: number): Promise<Table[]> {
  using dir = temporaryDir();
  const folder = join(pluginsDir(dir.path), "echo");
  mkdirSync(folder, { recursive: true });
  copyFileSync(module, join(folder, "mod.ts"));
  const row = (name: string): Row => ({ name, figures: [] });
  const [here, there, slow, pss] = [
    row("in the panel's process"),
    row("in its own"),
    row("in its own, p99"),
    row("PSS"),
  ];
  // The first run fills V8's cache of compiled code.
  for (let run = 0; run <= repeats; run++) {
    const figures = await measure(dir.path, digestOfSums(packageSums(folder)));
    if (run === 0) continue;
    here.figures.push(percentile(figures.here, 50));
    there.figures.push(percentile(figures.there, 50));
    slow.figures.push(percentile(figures.there, 99));
    pss.figures.push(figures.pssMb);
  }
  return [
    { title: "A call of a plugin's service, p50", unit: "µs", rows: [here, there, slow], checks: [] },
    { title: "Memory of a plugin that does nothing", unit: "MB", rows: [pss], checks: [] },
  ];
}

interface Figures {
  here: number[];
  there: number[];
  pssMb: number;
}

/** This process is the supervisor of the one that measures. */
async function measure(data: string, digest: string): Promise<Figures> {
  const args = ["run", "--quiet", "--allow-all", join(root, "bench/isolate_runtime.ts"), digest];
  const child = spawn(process.execPath, args, { cwd: root, stdio: ["pipe", "pipe", "inherit", "pipe"] });
  const desk = new PluginDesk({
    link: child.stdio[LINK_FD] as Duplex,
    spawn: spawnOn({
      plugins: pluginsDir(data),
      host: pluginHostDir(root),
      deno: process.execPath,
      tools: "/usr/bin",
    }, systemClock),
    say: console.error,
  });
  const [line] = await once(createInterface(child.stdout!), "line");
  const figures = { ...JSON.parse(line), pssMb: pssOf(pluginOf(process.pid)) };
  child.stdin!.end();
  await once(child, "exit");
  desk.close();
  return figures;
}

/** Deno lets nobody read /proc itself without every permission. */
const proc = (path: string) => execFileSync("cat", [`/proc/${path}`], { encoding: "utf8" });

function pluginOf(parent: number): number {
  const children = proc(`${parent}/task/${parent}/children`).trim().split(" ").map(Number);
  return children.find((pid) => proc(`${pid}/cmdline`).includes("plugins/echo"))!;
}

function pssOf(pid: number): number {
  return Number(/^Pss: +(\d+) kB/m.exec(proc(`${pid}/smaps_rollup`))?.[1]) / 1_024;
}

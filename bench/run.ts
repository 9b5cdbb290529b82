import { execFileSync } from "node:child_process";
import { availableParallelism, cpus, loadavg } from "node:os";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { decision } from "./decision.ts";
import { events } from "./events.ts";
import { footprint } from "./footprint.ts";
import { isolate } from "./isolate.ts";
import { mqtt } from "./mqtt.ts";
import { media } from "./media.ts";
import { motion } from "./motion.ts";
import { recording } from "./recording.ts";
import { release } from "./release.ts";
import { secured } from "./secured.ts";
import { site } from "./site.ts";
import { printTable, type Table } from "./table.ts";
import { talk } from "./talk.ts";

const REPEATS = 3;

const benches: Record<string, (repeats: number) => Table[] | Promise<Table[]>> = {
  release,
  decision,
  events,
  secured,
  mqtt,
  site,
  footprint,
  isolate,
  media,
  motion,
  recording,
  talk,
};

const names = Object.keys(benches);
const chosen = Deno.args.length > 0 ? Deno.args : names;
const unknown = chosen.find((name) => !names.includes(name));
if (unknown !== undefined) {
  console.error(`Unknown bench "${unknown}"; there are ${names.join(", ")}`);
  Deno.exit(2);
}
if (chosen.length === 1) {
  for (const table of await benches[chosen[0]!]!(REPEATS)) console.log(printTable(table));
} else {
  const busy = () => `load ${loadavg()[0]!.toFixed(1)}`;
  const machine = `${availableParallelism()} × ${cpus()[0]?.model ?? "an unknown processor"}`;
  console.log(`Deno ${Deno.version.deno}, ${machine}, ${busy()} at the start`);
  // Each in a process of its own: code that one has warmed up, or made general, is not the next one's.
  for (const name of chosen) {
    const args = ["run", "--quiet", "--frozen", "--allow-all", fileURLToPath(import.meta.url), name];
    execFileSync(process.execPath, args, { stdio: ["ignore", "inherit", "inherit"] });
  }
  console.log(`\n${busy()} at the end; whatever else the machine does makes these figures worse`);
}

import { availableParallelism, cpus, loadavg } from "node:os";
import { decision } from "./decision.ts";
import { events } from "./events.ts";
import { release } from "./release.ts";
import { footprint } from "./footprint.ts";
import { printTable, type Table } from "./table.ts";

const REPEATS = 3;

const benches: Record<string, (repeats: number) => Table[] | Promise<Table[]>> = {
  release,
  decision,
  events,
  footprint,
};

const chosen = Deno.args.length > 0 ? Deno.args : Object.keys(benches);
const unknown = chosen.filter((name) => !(name in benches));
if (unknown.length > 0) {
  console.error(`Unknown bench "${unknown[0]}"; there are ${Object.keys(benches).join(", ")}`);
  Deno.exit(2);
}
const busy = () => `load ${loadavg()[0]!.toFixed(1)}`;
console.log(
  `Deno ${Deno.version.deno}, ${availableParallelism()} × ${cpus()[0]?.model ?? "?"}, ${busy()} at the start`,
);
for (const name of chosen) {
  for (const table of await benches[name]!(REPEATS)) console.log(printTable(table));
}
console.log(
  `\n${busy()} at the end; what else the machine does slows the ratios' two sides alike, but not evenly`,
);

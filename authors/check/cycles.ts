/**
 * The program behind the check for leaks: `cycles.ts MODULE`. Starts and stops a plugin in this process time and again,
 * and says as JSON what each stop has left. Needs `--v8-flags=--expose-gc`.
 */
import process from "node:process";
import { pathToFileURL } from "node:url";
import type { Plugin } from "../../core/mod.ts";
import { PluginPanel } from "../testing/plugin_panel.ts";

/** Cycles until everything that is made once is there. */
export const WARM = 10;
/** Cycles whose memory is compared. */
const MEASURED = 40;

/** What was found. */
export interface Leaks {
  /** Errors that were logged, what could not be undone among them. */
  errors: string[];
  /** Timers by `setTimeout` and `setInterval` that were running after a stop. */
  timers: number;
  /** Timers of the panel's clock that were. */
  clock: number;
  /** What each cycle has added to the heap, bytes. */
  growth: number;
  /** What a second start has registered and the first had not, or the other way round. */
  changed: string[];
}

const gc = (globalThis as { gc?: () => void }).gc!;

type Make = (action: (...args: unknown[]) => void, ms?: number, ...args: unknown[]) => number;

/** Counts the timers that code makes for itself from now on. */
function countTimers(): () => number {
  const running = new Set<unknown>();
  for (const [make, clear] of [["setTimeout", "clearTimeout"], ["setInterval", "clearInterval"]] as const) {
    const made = globalThis[make] as unknown as Make;
    const cleared = globalThis[clear] as (timer?: number) => void;
    Object.assign(globalThis, {
      [make](action: (...args: unknown[]) => void, ms?: number, ...args: unknown[]) {
        const timer = made(
          (...given) => {
            if (make === "setTimeout") running.delete(timer);
            action(...given);
          },
          ms,
          ...args,
        );
        running.add(timer);
        return timer;
      },
      [clear](timer?: number) {
        running.delete(timer);
        cleared(timer);
      },
    });
  }
  return () => running.size;
}

async function measure(module: string): Promise<Leaks> {
  const timers = countTimers();
  const { default: plugin } = await import(module) as { default: Plugin };
  await using panel = await PluginPanel.start({ plugin, from: module, side: "panel" });
  const first = panel.effects;
  await panel.ring();
  await panel.answer();
  await panel.hangUp();
  await panel.advance(5_000);
  await panel.stop();
  const leaks: Leaks = { errors: [], timers: timers(), clock: 0, growth: 0, changed: [] };
  await panel.restart();
  leaks.changed = difference(first, panel.effects);
  const pending = panel.pendingTimers;
  for (let cycle = 0; cycle < WARM; cycle++) await panel.restart();
  leaks.clock = panel.pendingTimers - pending;
  leaks.errors = panel.lines
    .filter(({ level, fields }) => level === "error" && fields["plugin"] === panel.id)
    .map(({ message, fields }) => [message, fields["effect"], fields["error"]].filter(Boolean).join(": "));
  const before = heap(panel);
  for (let cycle = 0; cycle < MEASURED; cycle++) await panel.restart();
  leaks.growth = Math.round((heap(panel) - before) / MEASURED);
  return leaks;
}

function heap(panel: PluginPanel): number {
  panel.events.length = 0;
  panel.lines.length = 0;
  gc();
  return process.memoryUsage().heapUsed;
}

function difference(before: readonly string[], after: readonly string[]): string[] {
  return [
    ...after.filter((label) => !label.startsWith("after ") && !before.includes(label)).map((label) =>
      `${label} (at the second start only)`
    ),
    ...before.filter((label) => !label.startsWith("after ") && !after.includes(label)).map((label) =>
      `${label} (at the first start only)`
    ),
  ];
}

if (import.meta.main) {
  const [module = ""] = process.argv.slice(2);
  const leaks = await measure(module.startsWith("file:") ? module : pathToFileURL(module).href);
  console.log(`\n${JSON.stringify(leaks)}`);
  process.exit(0);
}

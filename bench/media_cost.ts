import { execFileSync, spawnSync } from "node:child_process";
import { childOf } from "../tests/boot/panel_process.ts";
import type { RealPanel } from "../tests/browser/real_panel.ts";

const WINDOW_MS = 5_000;
/** Until what has begun just now goes its way. */
export const SETTLE_MS = 2_000;
/** Of the kernel's clock by which it counts the processor's time: a hundredth of a second. */
const TICK_MS = 10;

export const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

export interface Cost {
  /** Of the media process itself, % of a core. */
  own: number;
  /** Of the ffmpeg below it. */
  encoder: number;
  /** Of each of them, in the order they were started. */
  programs: number[];
  /** Of all of them. */
  pssMb: number;
}

/** Of the media process as it is now, over five seconds. */
export async function costOf(panel: RealPanel): Promise<Cost> {
  const process = childOf(panel.pid, "media/process.ts");
  await pause(SETTLE_MS);
  const tools = childrenOf(process);
  const before = [process, ...tools].map(ticksOf);
  const begun = performance.now();
  await pause(WINDOW_MS);
  const passed = performance.now() - begun;
  const [own = 0, ...rest] = [process, ...tools].map((pid, i) => ticksOf(pid) - before[i]!);
  const percent = (ticks: number) => ticks * TICK_MS / passed * 100;
  return {
    own: percent(own),
    encoder: percent(rest.reduce((sum, ticks) => sum + ticks, 0)),
    programs: rest.map(percent),
    pssMb: [process, ...tools].reduce((sum, pid) => sum + pssOf(pid), 0),
  };
}

export function childrenOf(pid: number): number[] {
  const { stdout } = spawnSync("sh", ["-c", `cat /proc/${pid}/task/*/children`], { encoding: "utf8" });
  return stdout.split(/\s+/).filter(Boolean).map(Number);
}

/** Time of the processor, its own and the system's on its behalf. */
function ticksOf(pid: number): number {
  const stat = execFileSync("cat", [`/proc/${pid}/stat`], { encoding: "utf8" });
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return Number(fields[11]) + Number(fields[12]);
}

function pssOf(pid: number): number {
  const text = execFileSync("cat", [`/proc/${pid}/smaps_rollup`], { encoding: "utf8" });
  return Number(/^Pss: +(\d+) kB/m.exec(text)?.[1]) / 1_024;
}

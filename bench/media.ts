import { execFileSync, spawnSync } from "node:child_process";
import { childOf } from "../tests/boot/panel_process.ts";
import { type RealPanel, startRealPanel } from "../tests/browser/real_panel.ts";
import { launchBrowser, TestViewer } from "../tests/media/test_viewer.ts";
import { TestDevice } from "../core/testing/device.ts";
import { type Check, most, percentile, type Row, type Table } from "./table.ts";

const VIEWERS = [0, 1, 4, 8];
/** One device may look four times at once. */
const PER_DEVICE = 4;
const WINDOW_MS = 5_000;
const SETTLE_MS = 2_000;
const DELAYS = 120;
const MOST_DELAY_MS = 300;
/** Of a core. */
const MOST_PER_VIEWER = 2;
/** Of the kernel's clock by which it counts the processor's time: a hundredth of a second. */
const TICK_MS = 10;

const pause = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

/** A whole panel with its media process, watched by Chromium on the same machine. */
export async function media(repeats: number): Promise<Table[]> {
  const delay: Row[] = [{ name: "p50", figures: [] }, { name: "p95", figures: [] }];
  const rows = (unit: string): Row[] =>
    VIEWERS.map((count) => ({ name: `${count} viewers, ${unit}`, figures: [] }));
  const [own, encoder, memory] = [rows("WebRTC"), rows("ffmpeg"), rows("both, PSS")];
  const more: Row = { name: "each further viewer", figures: [] };
  for (let run = 0; run < repeats; run++) {
    await using panel = await startRealPanel();
    const browser = await launchBrowser();
    try {
      const page = await browser.newPage();
      await page.goto(`${panel.origin}/api/v1/health`);
      await pause(SETTLE_MS);
      const devices = [panel.device, await anotherDevice(panel)];
      let watching = 0;
      for (const [index, count] of VIEWERS.entries()) {
        for (; watching < count; watching++) {
          const device = devices[Math.floor(watching / PER_DEVICE)]!;
          const viewer = await TestViewer.start(page, device, panel.origin);
          await viewer.frames(25);
          if (watching > 0) continue;
          const delays = await viewer.delays(DELAYS);
          delay[0]!.figures.push(percentile(delays, 50));
          delay[1]!.figures.push(percentile(delays, 95));
        }
        const spent = await costOf(panel);
        own[index]!.figures.push(spent.own);
        encoder[index]!.figures.push(spent.encoder);
        memory[index]!.figures.push(spent.pssMb);
      }
      const [, one, , eight] = own.map(({ figures }) => figures.at(-1)!);
      more.figures.push((eight! - one!) / 7);
    } finally {
      await browser.close();
    }
  }
  const limit: Check = most("each further viewer", more, MOST_PER_VIEWER, "% of a core");
  return [
    {
      title: "Live video, from the camera's clock to the viewer's screen",
      unit: "ms",
      rows: delay,
      checks: [most("p95", delay[1]!, MOST_DELAY_MS, "ms")],
    },
    {
      title: "Live video in HD, processor",
      unit: "% of a core",
      rows: [...own, ...encoder, more],
      checks: [limit],
    },
    { title: "Live video in HD, memory", unit: "MB", rows: memory, checks: [] },
  ];
}

async function anotherDevice(panel: RealPanel): Promise<TestDevice> {
  const device = new TestDevice();
  const { code } = await panel.api<{ code: string }>("POST", "/invitations", {
    name: "Bruno",
    role: "family",
  });
  const body = { code, deviceName: "Bench" };
  const joined = await device.send(fetch, "POST", `${panel.origin}/api/v1/join`, body);
  device.token = (await joined.json()).token;
  return device;
}

interface Cost {
  /** Of the media process itself, % of a core. */
  own: number;
  /** Of the ffmpeg below it. */
  encoder: number;
  /** Of all of them. */
  pssMb: number;
}

async function costOf(panel: RealPanel): Promise<Cost> {
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
    pssMb: [process, ...tools].reduce((sum, pid) => sum + pssOf(pid), 0),
  };
}

function childrenOf(pid: number): number[] {
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

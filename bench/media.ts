import { type RealPanel, startRealPanel } from "../tests/browser/real_panel.ts";
import { launchBrowser, TestViewer } from "../tests/media/test_viewer.ts";
import { TestDevice } from "../core/testing/device.ts";
import { costOf, pause, SETTLE_MS } from "./media_cost.ts";
import { type Check, most, percentile, type Row, type Table } from "./table.ts";

const VIEWERS = [0, 1, 4, 8];
/** One device may look four times at once. */
const PER_DEVICE = 4;
const DELAYS = 120;
const MOST_DELAY_MS = 300;
/** Of a core. */
const MOST_PER_VIEWER = 2;

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

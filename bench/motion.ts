import { type RealPanel, startRealPanel } from "../tests/browser/real_panel.ts";
import { childOf } from "../tests/boot/panel_process.ts";
import { until } from "../tests/soon.ts";
import { childrenOf, costOf } from "./media_cost.ts";
import { ratio, type Row, type Table } from "./table.ts";

/** Of what the camera costs that runs anyway. */
const MOST_RATIO = 1.3;
/** The camera runs, as somebody looks or the time before an event is kept; nothing is recorded. */
const RUNNING = [
  ...["--plugins.recorder.before", "always"],
  ...["--plugins.recorder.onMotion", "false"],
];

/** What it costs to look for motion, beside a camera that runs in HD anyway. */
export async function motion(repeats: number): Promise<Table[]> {
  const row = (name: string): Row => ({ name, figures: [] });
  const [off, on, looking] = [row("without"), row("with"), row("the ffmpeg that looks")];
  await using panel = await startRealPanel({ args: RUNNING });
  for (let run = 0; run < repeats; run++) {
    for (const enabled of [false, true]) {
      await detect(panel, enabled);
      const { own, encoder, programs } = await costOf(panel);
      (enabled ? on : off).figures.push(own + encoder);
      if (enabled) looking.figures.push(programs.at(-1)!);
    }
  }
  return [{
    title: "Motion detection, beside a camera that runs in HD anyway",
    unit: "% of a core",
    rows: [off, on, looking],
    checks: [ratio("with it against without", on, off, MOST_RATIO)],
  }];
}

async function detect(panel: RealPanel, enabled: boolean): Promise<void> {
  const settings = await panel.api<{ plugin: string; values: { motion: object } }[]>("GET", "/settings");
  const { values } = settings.find(({ plugin }) => plugin === "camera")!;
  await panel.api("PUT", "/settings/camera", { ...values, motion: { ...values.motion, enabled } });
  // One that encodes, one that decodes key frames.
  await until(() => programsOf(panel) === (enabled ? 2 : 1));
}

/** How many programs the media process has started; none where it has not been started itself yet. */
function programsOf(panel: RealPanel): number {
  try {
    return childrenOf(childOf(panel.pid, "media/process.ts")).length;
  } catch {
    return 0;
  }
}

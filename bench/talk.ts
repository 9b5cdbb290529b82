/// <reference lib="dom" />
import { Buffer } from "node:buffer";
import type { Page } from "playwright-core";
import { OggReader } from "../media/sound/ogg_reader.ts";
import { samplesOf } from "../media/testing/sound.ts";
import { type RealPanel, startRealPanel } from "../tests/browser/real_panel.ts";
import { TestTalker } from "../tests/media/test_talker.ts";
import { launchBrowser, TestViewer } from "../tests/media/test_viewer.ts";
import { costOf, pause, SETTLE_MS } from "./media_cost.ts";
import { most, percentile, ratio, type Row, type Table } from "./table.ts";

const BEEPS = 40;
/** From one to the next, ms. */
const EVERY_MS = 400;
const MOST_DELAY_MS = 250;
const MOST_COST = 2;
const SAMPLES_A_MS = 48;
const PACKET_MS = 20;
/** Of 32,767. */
const LOUD = 3_000;

/** A whole panel with its media process, spoken to by Chromium on the same machine. */
export async function talk(repeats: number): Promise<Table[]> {
  const delay: Row[] = [{ name: "p50", figures: [] }, { name: "p95", figures: [] }];
  const idle: Row = { name: "one watches", figures: [] };
  const spoken: Row = { name: "one watches and speaks", figures: [] };
  for (let run = 0; run < repeats; run++) {
    await using panel = await startRealPanel();
    const browser = await launchBrowser();
    try {
      const page = await browser.newPage();
      await page.goto(`${panel.origin}/api/v1/health`);
      await pause(SETTLE_MS);
      const viewer = await TestViewer.start(page, panel.device, panel.origin);
      await viewer.frames(25);
      idle.figures.push((await costOf(panel)).own);
      const talker = await TestTalker.start(page, panel.device, panel.origin, "/plugins/intercom/whip");
      spoken.figures.push((await costOf(panel)).own);
      await viewer.leave();
      const delays = await delaysOf(panel, page);
      delay[0]!.figures.push(percentile(delays, 50));
      delay[1]!.figures.push(percentile(delays, 95));
      await talker.leave();
    } finally {
      await browser.close();
    }
  }
  return [
    {
      title: "Talk, from the page's clock to the packet that the simulated loudspeaker plays",
      unit: "ms",
      rows: delay,
      checks: [most("p95", delay[1]!, MOST_DELAY_MS, "ms")],
    },
    {
      title: "Talk, the media process's own processor time",
      unit: "% of a core",
      rows: [idle, spoken],
      checks: [ratio("speaking against not", spoken, idle, MOST_COST)],
    },
  ];
}

/** How long after each beep of the page it was heard at the panel, ms. */
async function delaysOf(panel: RealPanel, page: Page): Promise<number[]> {
  const path = `${panel.origin}/api/v1/plugins/simulator/loudspeaker`;
  const response = await panel.device.send(fetch, "GET", path);
  const reader = response.body!.getReader();
  const parts: Uint8Array[] = [];
  /** When each packet came, wall time. */
  const came: number[] = [];
  const ogg = new OggReader(() => came.push(Date.now()));
  const begun = beep(page);
  const over = begun.then(() => undefined);
  for (;;) {
    const read = await Promise.race([reader.read(), over]);
    if (!read) break;
    if (!read.value) throw new Error("The loudspeaker says no more");
    parts.push(read.value);
    ogg.push(Buffer.from(read.value));
  }
  await reader.cancel();
  const onsets = onsetsOf(Buffer.concat(parts)).map((ms) => came[Math.floor(ms / PACKET_MS)]!);
  const delays = (await begun).flatMap((at) => {
    const onset = onsets.find((onset) => onset >= at && onset < at + EVERY_MS);
    return onset === undefined ? [] : [onset - at];
  });
  if (delays.length < BEEPS / 2) throw new Error(`Of ${BEEPS} beeps ${delays.length} were heard`);
  return delays;
}

/** Speaks in beeps, in place of the browser's microphone. @returns when each began, wall time, ms */
function beep(page: Page): Promise<number[]> {
  return page.evaluate(async ({ count, everyMs }) => {
    const audio = new AudioContext();
    const tone = new OscillatorNode(audio, { frequency: 440 });
    const gain = new GainNode(audio, { gain: 0 });
    const out = new MediaStreamAudioDestinationNode(audio);
    tone.connect(gain).connect(out);
    tone.start();
    await globalThis.talkers.at(-1)!.sender.replaceTrack(out.stream.getAudioTracks()[0]!);
    const begun: number[] = [];
    for (let i = 0; i < count; i++) {
      await new Promise((done) => setTimeout(done, everyMs * 3 / 4));
      begun.push(Date.now());
      gain.gain.value = 0.5;
      await new Promise((done) => setTimeout(done, everyMs / 4));
      gain.gain.value = 0;
    }
    await new Promise((done) => setTimeout(done, everyMs));
    return begun;
  }, { count: BEEPS, everyMs: EVERY_MS });
}

/** When silence ends, ms of the stream. */
function onsetsOf(ogg: Buffer): number[] {
  const onsets: number[] = [];
  let last = -Infinity;
  samplesOf(ogg).forEach((sample, i) => {
    if (Math.abs(sample) < LOUD) return;
    const ms = i / SAMPLES_A_MS;
    if (ms - last > EVERY_MS / 4) onsets.push(ms);
    last = ms;
  });
  return onsets;
}

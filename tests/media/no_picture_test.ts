/// <reference lib="dom" />
import type { Page } from "playwright-core";
import { until } from "../soon.ts";
import { intercom } from "./loudspeaker.ts";
import { onPanel } from "./on_panel.ts";
import { TestTalker } from "./test_talker.ts";

/** Nobody listens there. */
const BROKEN = ["--plugins.camera.source", "rtsp", "--plugins.camera.url", "rtsp://127.0.0.1:9/front"];

/** Waits until the page plays something that is more than silence. */
async function plays(page: Page): Promise<void> {
  await page.waitForFunction(() => (document.querySelector("audio")?.currentTime ?? 0) > 0.2);
  await page.evaluate(async () => {
    const audio = new AudioContext();
    const analyser = new AnalyserNode(audio);
    const { srcObject } = document.querySelector("audio")!;
    audio.createMediaStreamSource(srcObject as MediaStream).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    for (const begun = performance.now();;) {
      await new Promise((done) => setTimeout(done, 20));
      if (performance.now() - begun > 60_000) throw new Error("Nothing is heard");
      analyser.getFloatTimeDomainData(samples);
      if (samples.some((sample) => Math.abs(sample) > 0.01)) break;
    }
    await audio.close();
  });
}

onPanel(
  "B-CALL-4: where the camera is broken the page says so, and the visitor is heard all the same",
  async ({ panel, visit, blank }) => {
    const page = await visit();
    await until(async () => (await intercom(panel)).fault === "", 50);
    await TestTalker.start(await blank(), panel.device, panel.origin, "/plugins/simulator/microphone");
    await page.bringToFront();
    await page.getByRole("region", { name: "Talk", exact: true })
      .getByRole("button", { name: "Talk", exact: true }).click();
    await page.locator(".sight-note.is-fault").filter({ hasText: /refused/ }).waitFor();
    await plays(page);
  },
  () => ({ args: BROKEN }),
);

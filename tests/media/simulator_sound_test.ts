/// <reference lib="dom" />
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { check, TWO } from "../browser/axe.ts";
import { type OnPanel, onPanel } from "./on_panel.ts";
import { TestTalker } from "./test_talker.ts";
import { TestViewer } from "./test_viewer.ts";

/** Of a visitor's voice, Hz. */
const PITCH = 1_000;

interface Visit extends OnPanel {
  simulator: Page;
  /** Where the test's own device looks and speaks from. */
  other: Page;
}

function soundTest(name: string, story: (visit: Visit) => Promise<void>): void {
  onPanel(name, async (bench) => {
    const simulator = await bench.visit();
    await simulator.getByRole("button", { name: "Watch live" }).waitFor();
    await simulator.goto(`${bench.panel.origin}/simulator`);
    await listen(simulator).waitFor();
    await story({ ...bench, simulator, other: await bench.blank() });
  });
}

const listen = (page: Page) => page.getByRole("button", { name: "Listen at the panel" });
const speak = (page: Page) => page.getByRole("button", { name: "Speak as the visitor" });
const audible = (page: Page, loud: boolean) => page.locator(`.meter[data-loud=${loud}]`).waitFor();
const marked = (page: Page, speaking: boolean) =>
  page.locator(`.speaker[data-speaking=${speaking}]`).waitFor({ state: "attached" });

soundTest(
  "B-CALL-4: what the household says is heard in the simulator's page, and seen at its loudspeaker",
  async ({ panel, simulator, other }) => {
    await listen(simulator).press("Enter");
    await simulator.locator(".meter.is-on").waitFor();
    await audible(simulator, false);
    const talker = await TestTalker.start(other, panel.device, panel.origin, "/plugins/intercom/whip");
    await marked(simulator, true);
    await simulator.bringToFront();
    await audible(simulator, true);
    await simulator.getByText("speaks here").waitFor();
    await check(simulator, "while somebody speaks", TWO);
    assert.equal(await talker.leave(), 204);
    await marked(simulator, false);
    await audible(simulator, false);
    await listen(simulator).press("Enter");
    assert.equal(await listen(simulator).getAttribute("aria-pressed"), "false");
  },
);

soundTest(
  "B-CALL-4: a visitor at the simulator's page is heard by who watches, for as long as they speak",
  async ({ panel, simulator, other }) => {
    await simulator.evaluate((pitch) => {
      navigator.mediaDevices.getUserMedia = () => {
        const audio = new AudioContext();
        const out = new MediaStreamAudioDestinationNode(audio);
        const tone = new OscillatorNode(audio, { frequency: pitch });
        tone.connect(out);
        tone.start();
        return Promise.resolve(out.stream);
      };
    }, PITCH);
    const viewer = await TestViewer.start(other, panel.device, panel.origin);
    await viewer.frames(5);
    await speak(simulator).click();
    await simulator.getByText("The household hears you").waitFor();
    await heard(other, PITCH);
    await simulator.bringToFront();
    await speak(simulator).click();
    await simulator.getByText("The household hears you").waitFor({ state: "detached" });
    // The camera's own again.
    await heard(other, 330);
  },
);

soundTest("a microphone that a page does not get is told in plain words", async ({ simulator }) => {
  const words = [
    ["NotAllowedError", "Allow it in the browser’s settings"],
    ["NotFoundError", "No microphone was found"],
    ["", "Open this page by its https address"],
  ] as const;
  for (const [name, text] of words) {
    await simulator.evaluate((name) => {
      const devices = name === "" ? undefined : {
        getUserMedia: () => Promise.reject(new DOMException("", name)),
      };
      Object.defineProperty(navigator, "mediaDevices", { value: devices, configurable: true });
    }, name);
    await speak(simulator).click();
    await simulator.getByRole("status").filter({ hasText: text }).waitFor();
    assert.equal(await speak(simulator).getAttribute("aria-pressed"), "false");
  }
  await check(simulator, "without a microphone", TWO);
});

/** Waits until the loudest pitch that a page's viewer hears is this one. */
async function heard(page: Page, hertz: number): Promise<void> {
  await page.bringToFront();
  await page.evaluate(async (hertz) => {
    const audio = new AudioContext();
    const analyser = new AnalyserNode(audio, { fftSize: 4_096 });
    audio.createMediaStreamSource(globalThis.viewers[0]!.video.srcObject as MediaStream).connect(analyser);
    const loudness = new Float32Array(analyser.frequencyBinCount);
    for (const begun = performance.now();;) {
      await new Promise((done) => setTimeout(done, 50));
      if (performance.now() - begun > 60_000) throw new Error(`Nothing of ${hertz} Hz is heard`);
      analyser.getFloatFrequencyData(loudness);
      const loudest = loudness.indexOf(Math.max(...loudness));
      const found = loudest * audio.sampleRate / analyser.fftSize;
      if (loudness[loudest]! > -60 && Math.abs(found - hertz) < 40) break;
    }
    await audio.close();
  }, hertz);
}

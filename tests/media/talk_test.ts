/// <reference lib="dom" />
import assert from "node:assert/strict";
import process from "node:process";
import type { Page } from "playwright-core";
import { childOf } from "../boot/panel_process.ts";
import { until } from "../soon.ts";
import { intercom, loudest, overhear } from "./loudspeaker.ts";
import { type OnPanel, onPanel } from "./on_panel.ts";
import { TestTalker } from "./test_talker.ts";
import { TestViewer } from "./test_viewer.ts";

const INTERCOM = "/plugins/intercom/whip";

interface Bench extends OnPanel {
  page: Page;
}

function talkTest(name: string, story: (bench: Bench) => Promise<void>): void {
  onPanel(name, async (bench) => {
    const page = await bench.blank();
    await until(async () => (await intercom(bench.panel)).fault === "", 50);
    await story({ ...bench, page });
  });
}

talkTest(
  "B-CALL-4: what is said in a browser is heard at the panel's loudspeaker",
  async ({ panel, page }) => {
    const heard = overhear(panel, 20_000);
    const talker = await TestTalker.start(page, panel.device, panel.origin, INTERCOM);
    assert.equal((await intercom(panel)).speaking, true);
    const level = loudest(await heard);
    assert.ok(level > -30, `at most ${level} dB`);
    assert.equal(await talker.leave(), 204);
    assert.equal((await intercom(panel)).speaking, false);
  },
);

talkTest(
  "B-CALL-4: what a visitor says is heard by who watches, in place of the camera's own sound",
  async ({ panel, page }) => {
    const viewer = await TestViewer.start(page, panel.device, panel.origin);
    await viewer.frames(5);
    await until(async () => (await viewer.sound()).packets > 20);
    const talker = await TestTalker.start(page, panel.device, panel.origin, "/plugins/simulator/microphone");
    await talker.mute(true);
    // Nobody says anything: the camera's tone is not heard either.
    await quiet(viewer);
    await talker.mute(false);
    const { packets } = await viewer.sound();
    await until(async () => (await viewer.sound()).packets > packets + 50);
    assert.equal(await talker.leave(), 204);
  },
);

async function quiet(viewer: TestViewer): Promise<void> {
  let before = -1;
  await until(async () => {
    const { packets } = await viewer.sound();
    const still = packets === before;
    before = packets;
    return still;
  }, 500);
}

talkTest(
  "kill -9 of the media process in a talk: nobody is heard any more, the door opens, and one can speak again",
  async ({ panel, page }) => {
    await TestTalker.start(page, panel.device, panel.origin, INTERCOM);
    process.kill(childOf(panel.pid, "media/process.ts"), "SIGKILL");
    const released = await panel.api<{ outcome: string }>("POST", "/access-points/lock/release", {
      requestId: "r1",
    });
    assert.equal(released.outcome, "released");
    await until(async () => (await intercom(panel)).speaking === false, 50);
    await until(async () => (await intercom(panel)).fault === "", 50);
    const again = await TestTalker.start(page, panel.device, panel.origin, INTERCOM);
    assert.equal(await again.leave(), 204);
  },
);

talkTest("a talker who goes without a word is noticed", async ({ panel, blank }) => {
  const other = await blank();
  await TestTalker.start(other, panel.device, panel.origin, INTERCOM);
  await other.close();
  await until(async () => (await intercom(panel)).speaking === false, 100);
});

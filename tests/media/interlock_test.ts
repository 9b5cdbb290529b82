/// <reference lib="dom" />
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { TestDevice } from "../../core/testing/device.ts";
import { findChromium, findFfmpeg } from "../../scripts/test_tools.ts";
import { join } from "../browser/browser.ts";
import { type RealPanel, startRealPanel } from "../browser/real_panel.ts";
import { launchBrowser, TestViewer } from "./test_viewer.ts";
import { until } from "../soon.ts";

const RELEASE = "/api/v1/access-points/lock/release";

/** Adds a device of the monitor, or the monitor itself. */
async function pair(panel: RealPanel, invitation: object, path = "/invitations"): Promise<TestDevice> {
  const { code } = await panel.api<{ code: string }>("POST", path, invitation);
  const device = new TestDevice();
  const answer = await device.send(fetch, "POST", `${panel.origin}/api/v1/join`, {
    code,
    deviceName: "Wall",
  });
  device.token = (await answer.json()).token;
  return device;
}

/** What comes of the device's wish to open. */
async function ask(panel: RealPanel, device: TestDevice, body: object = {}): Promise<string> {
  const response = await device.send(fetch, "POST", `${panel.origin}${RELEASE}`, body);
  const { outcome, code } = await response.json();
  return code ?? outcome;
}

/** Asks until it is answered so. */
async function askUntil(panel: RealPanel, device: TestDevice, wanted: RegExp): Promise<void> {
  await until(async () => wanted.test(await ask(panel, device)), 100);
}

/** The page names what `frame` makes of each frame that the first viewer on it presents. */
async function name(page: Page, viewer: number, frame: string): Promise<void> {
  await page.evaluate(({ viewer, frame }) => {
    const { video, channel } = globalThis.viewers[viewer]!;
    const make = new Function("time", `return ${frame}`) as (time: number) => string;
    const tell = (_now: number, { rtpTimestamp }: VideoFrameCallbackMetadata) => {
      if (channel.readyState === "open") channel.send(make(rtpTimestamp!));
      video.requestVideoFrameCallback(tell);
    };
    video.requestVideoFrameCallback(tell);
  }, { viewer, frame });
}

Deno.test({
  name:
    "B-REL-4: a monitor releases while its own page shows the picture, and nothing that it only says opens",
  ignore: findChromium() === undefined || findFfmpeg() === undefined,
  // Playwright ends its pipes to the browser after the browser was closed.
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    await using panel = await startRealPanel({ args: ["--plugins.lock.pulseMs", "200"] });
    const browser = await launchBrowser();
    try {
      const hall = await browser.newPage();
      await join(hall, await panel.invite({ name: "Hall", role: "monitor" }));
      const release = hall.locator("[data-point=lock]");
      await release.click();
      await hall.getByText(/only while it shows the visitor/).first().waitFor();
      await hall.getByRole("button", { name: "Watch live" }).click();
      await hall.locator(".sight-frame[data-phase=playing]").waitFor();
      const opened = hall.getByText("Released – come in").first();
      while (!await opened.isVisible()) {
        await release.click();
        await Promise.race([opened.waitFor(), hall.getByText(/only while it/).first().waitFor()]);
      }

      const kitchen = await pair(panel, { name: "Kitchen", role: "monitor" });
      assert.equal(await ask(panel, kitchen), "not-watching", "another monitor's picture");
      const { id } = (await panel.api<{ id: string; name: string }[]>("GET", "/members"))
        .find(({ name }) => name === "Kitchen")!;
      const twin = await pair(panel, {}, `/members/${id}/invitations`);
      const page = await browser.newPage();
      await page.goto(`${panel.origin}/api/v1/health`);
      const silent = await TestViewer.start(page, kitchen, panel.origin);
      await silent.frames(60);
      assert.equal(
        await ask(panel, kitchen),
        "not-watching",
        "frames arrive, and none is said to be presented",
      );
      for (const flag of ["watching", "shownMs", "presented", "deviceId"]) {
        assert.equal(await ask(panel, kitchen, { [flag]: true }), "input-invalid", flag);
      }
      for (const forged of ["'true'", "String(time + 1)", "String(Math.floor(Math.random() * 2 ** 32))"]) {
        await name(page, 0, forged);
        await silent.frames((await silent.presented()).length + 30);
        assert.equal(await ask(panel, kitchen), "not-watching", forged);
      }
      await name(page, 0, "String(time)");
      await askUntil(panel, kitchen, /released/);
      assert.equal(await ask(panel, twin), "not-watching", "another device of the same monitor");
      await page.evaluate(() => globalThis.viewers[0]!.video.pause());
      await askUntil(panel, kitchen, /not-watching/);
      await page.evaluate(() => void globalThis.viewers[0]!.video.play());
      await askUntil(panel, kitchen, /released/);
      await silent.leave();
      assert.equal(await ask(panel, kitchen), "not-watching", "the session is over");
    } finally {
      await browser.close();
    }
  },
});

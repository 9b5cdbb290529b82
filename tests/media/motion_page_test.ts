/// <reference lib="dom" />
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import type { CameraState, MotionSettings } from "../../plugins/camera/keys.ts";
import { ALL, check, TWO } from "../browser/axe.ts";
import { MONITOR } from "../browser/browser.ts";
import { focusedName, tabTo } from "../browser/keys.ts";
import type { RealPanel } from "../browser/real_panel.ts";
import { until } from "../soon.ts";
import { onPanel } from "./on_panel.ts";

const kept = (panel: RealPanel) => panel.api<MotionSettings>("GET", "/plugins/camera/motion");

async function stateOf(panel: RealPanel): Promise<CameraState> {
  const parts = await panel.api<{ id: string; state: CameraState }[]>("GET", "/parts");
  return parts.find(({ id }) => id === "camera")!.state;
}

async function pictureIsThere(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const picture = document.querySelector<HTMLImageElement>(".areas-board img");
    return picture?.complete === true && picture.naturalWidth > 0;
  });
}

onPanel(
  "B-LIVE-5, B-SET-1: with keys alone an owner has motion looked for, in a zone, which the panel then sees, and ends it",
  async ({ panel, visit }) => {
    const page = await visit();
    const { keyboard } = page;
    const save = async () => {
      await tabTo(page, "Save");
      await keyboard.press("Enter");
      await page.getByRole("dialog").waitFor({ state: "detached" });
      assert.equal(await focusedName(page), "Motion", "the focus comes back to where it was");
    };
    await tabTo(page, "Motion");
    await keyboard.press("Enter");
    await page.getByRole("switch", { name: "Look for motion", checked: false }).waitFor();
    await check(page, "while motion is not looked for", TWO);
    await page.setViewportSize(MONITOR);
    await tabTo(page, "Look for motion");
    await keyboard.press("Space");
    await pictureIsThere(page);
    await check(page, "while motion is looked for", ALL);
    await page.setViewportSize(MONITOR);
    await tabTo(page, "Sensitivity");
    await keyboard.press("ArrowRight");
    await tabTo(page, "Add a zone");
    await keyboard.press("Enter");
    // The simulated visitor walks up and down in there.
    for (let i = 0; i < 30; i++) await keyboard.press("Shift+ArrowRight");
    for (let i = 0; i < 50; i++) await keyboard.press("Shift+ArrowDown");
    assert.equal((await kept(panel)).enabled, false, "nothing is in force before it is saved");
    await save();
    assert.deepEqual(await kept(panel), {
      enabled: true,
      sensitivity: 51,
      zones: [{ x: 200, y: 200, width: 600, height: 800 }],
    });
    assert.equal((await stateOf(panel)).looksOut, true);
    await until(async () => (await stateOf(panel)).motion);

    await keyboard.press("Enter");
    await page.getByRole("switch", { name: "Look for motion", checked: true }).waitFor();
    await page.getByRole("button", { name: "Zone 1:" }).waitFor();
    await tabTo(page, "Look for motion");
    await keyboard.press("Space");
    await page.locator(".areas-board").waitFor({ state: "detached" });
    await save();
    assert.deepEqual(await kept(panel), {
      enabled: false,
      sensitivity: 51,
      zones: [{ x: 200, y: 200, width: 600, height: 800 }],
    });
    const { looksOut, motion } = await stateOf(panel);
    assert.deepEqual([looksOut, motion], [false, false]);
  },
);

onPanel(
  "B-LIVE-5, B-SET-1: an owner draws motion zones on the picture as it is seen",
  async ({ panel, visit }) => {
    const page = await visit();
    await page.getByRole("button", { name: "Motion", exact: true }).click();
    await pictureIsThere(page);
    const board = page.locator(".areas-board");
    await board.scrollIntoViewIfNeeded();
    const { x, y, width, height } = (await board.boundingBox())!;
    await page.mouse.move(x + width * 0.1, y + height * 0.5);
    await page.mouse.down();
    await page.mouse.move(x + width * 0.4, y + height * 1.2, { steps: 4 });
    await page.mouse.up();
    await page.getByRole("button", { name: "Zone 1:" }).waitFor();
    await check(page, "with a zone", TWO);
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    const { zones: [zone, ...others] } = await kept(panel);
    assert.deepEqual(others, []);
    for (const [key, wanted] of Object.entries({ x: 100, y: 500, width: 300, height: 500 })) {
      const found = zone![key as keyof typeof zone];
      assert.ok(Math.abs(found - wanted) <= 4, JSON.stringify(zone));
    }
    assert.deepEqual(await panel.api("GET", "/plugins/camera/privacy-areas"), [], "nothing is covered by it");
  },
  () => ({ args: ["--plugins.camera.motion.enabled", "true", "--plugins.camera.image.flip", "horizontal"] }),
);

onPanel(
  "B-LIVE-5: what could not be saved of motion is said, and not lost",
  async ({ panel, visit }) => {
    const page = await visit();
    await page.getByRole("button", { name: "Motion", exact: true }).click();
    await page.getByRole("switch", { name: "Look for motion" }).click();
    await page.getByLabel("Sensitivity").fill("80");
    await page.route("**/plugins/camera/motion", (route) => route.abort());
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.getByRole("dialog").getByRole("alert").getByText("The panel can’t be reached").waitFor();
    await page.unroute("**/plugins/camera/motion");
    assert.equal(await page.getByLabel("Sensitivity").inputValue(), "80");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.getByText("Motion is looked for from now on").waitFor();
    assert.deepEqual(await kept(panel), { enabled: true, sensitivity: 80, zones: [] });
  },
);

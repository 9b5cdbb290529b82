/// <reference lib="dom" />
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { ALL, check, TWO } from "./axe.ts";
import { browserTest, join, MONITOR, PHONE } from "./browser.ts";
import { focusedName, tabTo } from "./keys.ts";
import type { RealPanel } from "./real_panel.ts";

interface CameraValues {
  source: string;
  url: string;
  overlayName: boolean;
  overlayTime: boolean;
  fps: number;
  motion: object;
}

async function valuesOf<T>(panel: RealPanel, id: string): Promise<T> {
  const all = await panel.api<{ plugin: string; values: T }[]>("GET", "/settings");
  return all.find(({ plugin }) => plugin === id)!.values;
}

const AREA = { x: 0, y: 500, width: 500, height: 500 };
const row = (page: Page, title: string) =>
  page.getByRole("region", { name: "Settings" }).getByRole("button", { name: new RegExp(`^${title}`) });
const at = (page: Page, label: string) => page.locator(".field", { has: page.getByLabel(label) });

browserTest(
  "B-SET-1, B-SET-7: an owner changes the camera's settings; what is wrong is said at its field, and what another owner changed meanwhile stays",
  async ({ panel, household: page }) => {
    await page.getByRole("button", { name: "Settings", exact: true }).click();
    await row(page, "Camera").waitFor();
    await check(page, "the list of settings", ALL);
    await page.setViewportSize(MONITOR);

    await row(page, "Camera").click();
    const form = page.getByRole("dialog", { name: "Camera: settings" });
    await form.getByText("The live picture breaks off").waitFor();
    assert.equal(await form.getByLabel("Address").count(), 0, "the address is for a camera on the network");
    await form.getByRole("switch", { name: "Date and time in the picture" }).click();
    await form.getByText("Picture, Motion, Privacy areas").waitFor();
    const fps = form.getByLabel("Pictures a second");
    await fps.fill("0");
    await form.getByRole("button", { name: "Save" }).click();
    await at(page, "Pictures a second").getByText("From 5 to 30, and not 0").waitFor();
    assert.equal(await focusedName(page), "Pictures a second");
    await check(page, "a setting that can't be", ALL);
    await page.setViewportSize(MONITOR);

    await fps.fill("20");
    await form.getByLabel("Source").selectOption("A camera on the network (RTSP)");
    const address = form.getByLabel("Address");
    await address.fill("http://user:password@10.0.0.9");
    assert.equal(await address.getAttribute("type"), "password", "nobody reads it over a shoulder");
    await form.getByRole("button", { name: "Show what is typed" }).click();
    assert.equal(await address.getAttribute("type"), "text");
    await form.getByRole("button", { name: "Save" }).click();
    await at(page, "Address").getByText("an address that begins with rtsp://").waitFor();
    assert.equal(await fps.inputValue(), "20", "nothing is lost");
    await check(page, "a setting that the panel refuses", TWO);
    await page.setViewportSize(MONITOR);
    assert.equal((await valuesOf<CameraValues>(panel, "camera")).overlayTime, false, "nothing was changed");

    await address.fill("");
    await form.getByLabel("Source").selectOption("Simulated");
    const before = await valuesOf<CameraValues>(panel, "camera");
    const theirs = { ...before, overlayName: true, motion: { ...before.motion, zones: [AREA] } };
    await panel.api("PUT", "/settings/camera", theirs);
    await page.route("**/api/v1/settings/camera", (route) => route.abort());
    await form.getByRole("button", { name: "Save" }).click();
    await form.getByText("The panel can’t be reached").waitFor();
    await page.unroute("**/api/v1/settings/camera");
    await form.getByRole("button", { name: "Save" }).click();
    await page.getByText("The new settings of Camera are in force").waitFor();
    await form.waitFor({ state: "detached" });
    assert.match(await focusedName(page), /^Camera/);
    assert.deepEqual(await valuesOf<CameraValues>(panel, "camera"), {
      ...theirs,
      source: "simulated",
      overlayTime: true,
      fps: 20,
    });

    await page.getByRole("button", { name: "Door", exact: true }).click();
    await page.getByRole("region", { name: "Access log" }).getByText("Anna changed the settings of camera")
      .waitFor();
  },
);

browserTest(
  "with the keyboard alone an owner sets office hours on a phone, and finds the focus where it was",
  async ({ panel, household: page }) => {
    await page.setViewportSize(PHONE);
    await page.getByRole("button", { name: "Settings", exact: true }).press("Enter");
    await row(page, "Lock").waitFor();
    await tabTo(page, "Lock");
    await page.keyboard.press("Enter");
    const form = page.getByRole("dialog", { name: "Lock: settings" });
    await form.waitFor();
    assert.equal(await form.getByRole("switch", { name: "Office mode" }).count(), 0);
    await tabTo(page, "Strike");
    await page.keyboard.type("For continuous");
    await tabTo(page, "Office mode");
    await page.keyboard.press("Space");
    await form.getByRole("group", { name: "Mon–Fri 08:00–18:00" }).waitFor();
    await check(page, "office hours", ALL);
    await page.setViewportSize(PHONE);
    await tabTo(page, "Friday");
    await page.keyboard.press("Space");
    await tabTo(page, "Save");
    await page.keyboard.press("Enter");
    await page.getByText("The new settings of Lock are in force").waitFor();
    assert.match(await focusedName(page), /^Lock/);
    const { strike, holdOpen } = await valuesOf<{ strike: string; holdOpen: unknown }>(panel, "lock");
    assert.equal(strike, "continuous-duty");
    assert.deepEqual(holdOpen, {
      windows: [{ days: ["mon", "tue", "wed", "thu"], from: "08:00", to: "18:00" }],
    });

    await tabTo(page, "Badges");
    await page.keyboard.press("Enter");
    const badges = page.getByRole("dialog", { name: "Badges: settings" });
    assert.deepEqual(await badges.getByLabel("A held badge opens").locator("option").allInnerTexts(), [
      "Front door",
      "Gate",
    ]);
    await page.keyboard.press("Escape");
    await badges.waitFor({ state: "detached" });
    assert.match(await focusedName(page), /^Badges/);
  },
);

browserTest("only an owner is shown settings", async ({ panel, visitor }) => {
  const page = await visitor();
  const refused: string[] = [];
  page.on("response", (response) => {
    if (response.status() === 403) refused.push(response.url());
  });
  await join(page, await panel.invite({ name: "Bruno", role: "family" }));
  await page.getByRole("button", { name: "You", exact: true }).waitFor();
  assert.equal(await page.getByRole("button", { name: "Settings", exact: true }).count(), 0);
  await page.goto(`${panel.origin}/#settings`);
  await page.getByRole("region", { name: "Access log" }).waitFor();
  assert.equal(await page.getByRole("heading", { name: "Settings", exact: true }).count(), 0);
  assert.deepEqual(refused, []);
});

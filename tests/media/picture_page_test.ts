/// <reference lib="dom" />
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { decode, type Picture } from "../../media/testing/pixels.ts";
import type { CameraState, Image } from "../../plugins/camera/keys.ts";
import { ALL, check } from "../browser/axe.ts";
import { MONITOR } from "../browser/browser.ts";
import { focusedName, tabTo } from "../browser/keys.ts";
import type { RealPanel } from "../browser/real_panel.ts";
import { until } from "../soon.ts";
import { onPanel } from "./on_panel.ts";

const PATH = "/plugins/camera/image";
const PLAIN: Image = { brightness: 0, contrast: 0, flip: "none", night: false };

const status = (page: Page) => page.getByRole("dialog").getByRole("status");
const inForce = (page: Page) => status(page).getByText("In force for everyone").waitFor();
const slider = (page: Page, name: string) => page.getByRole("dialog").getByLabel(name);
const watching = (page: Page) => page.locator(".look-frame[data-phase=playing]").waitFor();

async function open(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Picture", exact: true }).click();
  await watching(page);
}

async function stateOf(panel: RealPanel): Promise<CameraState> {
  const parts = await panel.api<{ id: string; state: CameraState }[]>("GET", "/parts");
  return parts.find(({ id }) => id === "camera")!.state;
}

async function snapshot(panel: RealPanel): Promise<Picture> {
  let bytes = new Uint8Array();
  // On a busy machine the camera may take longer to begin than is waited for.
  await until(async () => {
    const url = `${panel.origin}/api/v1/plugins/camera/snapshot`;
    const response = await panel.device.send(fetch, "GET", url);
    bytes = new Uint8Array(await response.arrayBuffer());
    return response.status === 200;
  });
  return decode(bytes);
}

/** How light it is, and how coloured, both 0 to 255. */
function lookOf(picture: Picture): { light: number; colour: number } {
  const sum = { light: 0, colour: 0 };
  for (let row = 0; row < 9; row++) {
    for (let column = 0; column < 16; column++) {
      const part = picture.at(
        Math.floor((column + 0.5) / 16 * picture.width),
        Math.floor((row + 0.5) / 9 * picture.height),
      );
      sum.light += (part[0] + part[1] + part[2]) / 3 / 144;
      sum.colour += (Math.max(...part) - Math.min(...part)) / 144;
    }
  }
  return sum;
}

declare global {
  /** What was laid over the picture in the dialog. */
  var filters: string[];
}

async function noteFilters(page: Page): Promise<void> {
  await page.evaluate(() => {
    const video = document.querySelector<HTMLVideoElement>(".look-frame video")!;
    globalThis.filters = [];
    const note = () => void globalThis.filters.push(video.style.filter);
    new MutationObserver(note).observe(video, { attributeFilter: ["style"] });
  });
}

/** Waits until the frames in the dialog are so dark of themselves, and nothing is laid over them any more. */
async function darkerThan(page: Page, light: number): Promise<void> {
  await page.waitForFunction((light) => {
    const video = document.querySelector<HTMLVideoElement>(".look-frame video")!;
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [16, 9];
    const context = canvas.getContext("2d")!;
    context.drawImage(video, 0, 0, 16, 9);
    const { data } = context.getImageData(0, 0, 16, 9);
    const sum = data.reduce((sum, part, i) => i % 4 === 3 ? sum : sum + part, 0);
    return video.style.filter === "none" && sum / (16 * 9 * 3) < light;
  }, light);
}

onPanel(
  "B-LIVE-1, B-SET-1: with keys alone an owner changes the picture, sees it at once, and so does everyone",
  async ({ panel, visit }) => {
    const page = await visit();
    const { keyboard } = page;
    const before = lookOf(await snapshot(panel));
    await tabTo(page, "Picture");
    await keyboard.press("Enter");
    await watching(page);
    await check(page, "what the picture looks like", ALL);
    await page.setViewportSize(MONITOR);

    await noteFilters(page);
    await tabTo(page, "Brightness");
    await keyboard.press("Home");
    await page.waitForFunction(() => globalThis.filters.some((filter) => filter.startsWith("brightness(")));
    await inForce(page);
    assert.deepEqual((await stateOf(panel)).image, { ...PLAIN, brightness: -100 });
    const dark = lookOf(await snapshot(panel));
    assert.ok(dark.light < before.light * 0.4, JSON.stringify({ before, dark }));
    await darkerThan(page, before.light * 0.4);

    await keyboard.press("End");
    await tabTo(page, "Contrast");
    await keyboard.press("ArrowLeft");
    await tabTo(page, "As it is");
    await keyboard.press("ArrowRight");
    await tabTo(page, "Night");
    await keyboard.press("Space");
    await inForce(page);
    const changed: Image = { brightness: 100, contrast: -1, flip: "both", night: true };
    await until(async () => JSON.stringify((await stateOf(panel)).image) === JSON.stringify(changed));
    const night = lookOf(await snapshot(panel));
    assert.ok(night.light > before.light * 1.3, JSON.stringify({ before, night }));
    assert.ok(night.colour < 4 && before.colour > 15, JSON.stringify({ before, night }));

    await tabTo(page, "As it was");
    await keyboard.press("Enter");
    await until(async () => JSON.stringify((await stateOf(panel)).image) === JSON.stringify(PLAIN));
    const after = lookOf(await snapshot(panel));
    assert.ok(Math.abs(after.light - before.light) < 12, JSON.stringify({ before, after }));
    await keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    assert.equal(await focusedName(page), "Picture", "the focus comes back to where it was");
    await page.getByRole("button", { name: "Watch live" }).waitFor();
  },
);

onPanel(
  "B-LIVE-1: a slider that is drawn sends only where it comes to rest, also when the dialog is closed at once",
  async ({ panel, visit }) => {
    const page = await visit();
    const sent: unknown[] = [];
    page.on("request", (request) => request.url().endsWith(PATH) && sent.push(request.postDataJSON()));
    await open(page);
    await page.evaluate(() => {
      const slider = document.querySelector<HTMLInputElement>(".look-sliders input")!;
      for (let value = 0; value >= -50; value--) {
        slider.value = String(value);
        slider.dispatchEvent(new InputEvent("input", { bubbles: true }));
      }
    });
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await until(async () => (await stateOf(panel)).image.brightness === -50);
    assert.deepEqual(sent, [{ ...PLAIN, brightness: -50 }]);
  },
);

onPanel(
  "B-LIVE-1: a change that does not arrive is said and kept, and sent again when it is asked for",
  async ({ panel, visit }) => {
    const page = await visit();
    await open(page);
    await page.route(`**${PATH}`, (route) => route.abort());
    await slider(page, "Brightness").fill("-40");
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("alert").getByText("It is not changed. The panel can’t be reached").waitFor();
    await check(page, "with a change that did not arrive", [["phone", "dark"], ["monitor", "light"]]);
    assert.equal(await slider(page, "Brightness").inputValue(), "-40");
    assert.deepEqual((await stateOf(panel)).image, PLAIN);
    await page.unroute(`**${PATH}`);
    await page.getByRole("button", { name: "Try again" }).click();
    await inForce(page);
    assert.equal(await dialog.getByRole("alert").count(), 0);
    assert.deepEqual((await stateOf(panel)).image, { ...PLAIN, brightness: -40 });

    await page.route(`**${PATH}`, (route) => route.abort());
    await slider(page, "Brightness").fill("10");
    await page.getByRole("button", { name: "Done" }).click();
    await page.locator(".toast").getByText("The panel can’t be reached").waitFor();
  },
);

onPanel(
  "B-LIVE-1: what somebody else changes is seen in the open dialog, and whoever rings meanwhile is watched on",
  async ({ panel, visit }) => {
    const page = await visit();
    await open(page);
    await panel.api("PATCH", PATH, { contrast: 30, flip: "horizontal" });
    await page.getByRole("radio", { name: "Left to right", checked: true }).waitFor();
    assert.equal(await slider(page, "Contrast").inputValue(), "30");
    await panel.api("POST", "/plugins/simulator/inputs/bell/press");
    await page.getByText("Someone is at the door").waitFor();
    await page.getByRole("button", { name: "Done" }).click();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.locator(".sight-frame[data-phase=playing]").waitFor();
    await until(async () => (await stateOf(panel)).viewers === 1);
  },
);

/// <reference lib="dom" />
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { SIZES } from "../../media/spec.ts";
import { decode } from "../../media/testing/pixels.ts";
import { findFfmpeg } from "../../scripts/test_tools.ts";
import type { RealPanel, RealPanelOptions } from "../browser/real_panel.ts";
import { onPanel, type OnPanelOptions } from "./on_panel.ts";
import { until } from "../soon.ts";

function pageTest(
  name: string,
  options: () => OnPanelOptions,
  story: (page: Page, panel: RealPanel) => Promise<void>,
): void {
  onPanel(name, async ({ panel, visit }) => story(await visit(), panel), options);
}

const playing = (page: Page) => page.locator(".sight-frame[data-phase=playing]");
const width = (page: Page, wanted: number) =>
  page.waitForFunction((wanted) => document.querySelector("video")?.videoWidth === wanted, wanted);

pageTest(
  "B-LIVE-1: the page shows the picture, in the definition that is chosen, saves it and fills the screen",
  () => ({}),
  async (page) => {
    await page.getByRole("button", { name: "Watch live" }).click();
    await playing(page).waitFor();
    await width(page, SIZES.hd.width);
    await page.getByLabel("Definition").selectOption({ label: "Full HD" });
    await width(page, SIZES["full-hd"].width);
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Save picture" }).click(),
    ]);
    assert.match(download.suggestedFilename(), /^door \d{4}-\d\d-\d\d \d\d-\d\d-\d\d\.jpg$/);
    const saved = decode(readFileSync(await download.path()));
    assert.deepEqual([saved.width, saved.height], [SIZES["full-hd"].width, SIZES["full-hd"].height]);
    assert.ok(saved.at(1_000, 300).some((part) => part > 60), "it is not black");
    await page.getByRole("button", { name: "Full screen" }).click();
    await page.waitForFunction(() => document.fullscreenElement?.classList.contains("sight-frame"));
    await page.evaluate(() => document.exitFullscreen());
    await page.getByRole("button", { name: "Sound on" }).click();
    assert.equal(await page.evaluate(() => document.querySelector("video")?.muted), false);
    await page.getByRole("button", { name: "Stop watching" }).click();
    await page.getByRole("button", { name: "Watch live" }).waitFor();
  },
);

pageTest(
  "B-LIVE-1: whoever rings is seen at once, and a page that is closed looks no more",
  () => ({}),
  async (page, panel) => {
    await page.getByRole("button", { name: "Watch live" }).waitFor();
    await panel.api("POST", "/plugins/simulator/inputs/bell/press");
    await playing(page).waitFor();
    const viewers = async () => {
      const parts = await panel.api<{ id: string; state: { viewers: number } }[]>("GET", "/parts");
      return parts.find(({ id }) => id === "camera")?.state.viewers;
    };
    assert.equal(await viewers(), 1);
    // Without a word, as a phone that goes out of reach.
    const closed = performance.now();
    await page.close();
    await until(async () => await viewers() === 0, 50);
    const ms = performance.now() - closed;
    assert.ok(ms < 15_000, `forgotten after ${ms} ms`);
  },
);

/** A machine that has nothing but a package manager, which installs ffmpeg once it has its lists of packages. */
function bareMachine(): RealPanelOptions & { env: { PATH: string }; end(): void } {
  const bin = mkdtempSync(join(tmpdir(), "latchkey-bin-"));
  const lists = join(bin, "lists");
  const installs = `#!/bin/sh
    case "$*" in
      update) : > ${lists} ;;
      "install -y ffmpeg") [ -e ${lists} ] && /bin/ln -s ${findFfmpeg()} ${bin}/ffmpeg ;;
    esac`;
  writeFileSync(join(bin, "apt-get"), installs, { mode: 0o755 });
  writeFileSync(join(bin, "sudo"), '#!/bin/sh\nexec "$@"\n', { mode: 0o755 });
  symlinkSync("/bin/sh", join(bin, "sh"));
  return { env: { PATH: bin }, end: () => rmSync(bin, { recursive: true }) };
}

let bare: ReturnType<typeof bareMachine>;

pageTest(
  "without ffmpeg the panel starts, the door opens, and one command that page and terminal give brings the picture",
  () => bare = bareMachine(),
  async (page, panel) => {
    const command = "sudo sh -c 'apt-get update && apt-get install -y ffmpeg'";
    await page.locator(".sight-note").getByText(command).waitFor();
    await page.getByRole("button", { name: "Watch live" }).click();
    await page.locator(".sight-note").getByText(command).waitFor();
    await page.getByRole("button", { name: "Release Front door" }).click();
    await page.locator(".panel-said").getByText("Released – come in").waitFor();
    assert.ok(panel.said().includes(`Install it with: ${command}`), panel.said());

    const shown = await page.locator(".sight-note").innerText();
    const [, line = ""] = /Install it with: (.*)$/.exec(shown) ?? [];
    const { status, stderr } = spawnSync("/bin/sh", ["-c", line], { env: bare.env, encoding: "utf8" });
    assert.equal(status, 0, stderr);
    await page.getByRole("button", { name: "Stop watching" }).click();
    await page.getByRole("button", { name: "Watch live" }).click();
    await playing(page).waitFor();
  },
);

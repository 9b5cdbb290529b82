/// <reference lib="dom" />
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { check } from "../browser/axe.ts";
import { onPanel } from "./on_panel.ts";

const PASSWORD = "correct horse battery";

const LOOK = { viewport: { width: 1_440, height: 1_000 }, locale: "en-GB" };

onPanel(
  "B-REC-1, B-REC-2, B-REC-3, B-REC-6: a page initializes the card, encrypts, records, asks for the password, plays and deletes",
  async ({ panel, visit }) => {
    const page = await visit(panel.link, LOOK);
    const recordings = page.getByRole("region", { name: "Recordings" });
    const button = (name: string) => page.getByRole("button", { name, exact: true });
    await button("Initialize").click();
    await button("Erase and initialize").click();
    await recordings.getByText("Memory card", { exact: true }).waitFor();

    await button("Encrypt").click();
    await page.getByLabel("New password").fill(PASSWORD);
    await page.getByLabel("The same again").fill(PASSWORD);
    await page.getByRole("dialog").getByRole("button", { name: "Encrypt" }).click();
    await button("Password").click();
    const [key] = await Promise.all([page.waitForEvent("download"), button("Save the key").click()]);
    assert.equal(key.suggestedFilename(), "recordings-key.age");
    assert.match(readFileSync(await key.path(), "latin1"), /^age-encryption\.org\/v1\n-> scrypt /);
    await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
    await button("Lock again").click();
    await button("Unlock").waitFor();

    await button("Watch live").click();
    await page.locator(".sight-frame[data-phase=playing]").waitFor();
    await button("Record").click();
    await recordings.getByText("Recording", { exact: true }).waitFor();
    // So that it has a second at least: nothing is to be seen of it before.
    await page.waitForFunction(
      (begun) => performance.now() - begun > 2_500,
      await page.evaluate(() => performance.now()),
    );
    await button("Stop recording").click();
    const clip = recordings.getByRole("button", { name: /By hand/ });
    await clip.and(page.locator(":enabled")).waitFor();

    await clip.click();
    await page.getByLabel("Password").fill("not this one");
    await page.getByRole("dialog").getByRole("button", { name: "Unlock" }).click();
    await page.getByText("This is not the password").waitFor();
    await page.getByLabel("Password").fill(PASSWORD);
    await page.getByRole("dialog").getByRole("button", { name: "Unlock" }).click();
    await button("Lock again").waitFor();
    await recordings.locator("img").waitFor();
    await check(page, "with recordings", [["monitor", "light"]]);
    await clip.click();
    await check(page, "a recording", [["monitor", "dark"]]);
    await page.waitForFunction(() => {
      const video = document.querySelector<HTMLVideoElement>(".clip-player");
      return video !== null && video.videoWidth === 1_280 && video.duration > 0.9 &&
        video.currentTime > 0.3;
    });
    // It is gone through: to the end, and back to the beginning.
    const sought = await page.evaluate(async () => {
      const video = document.querySelector<HTMLVideoElement>(".clip-player")!;
      video.pause();
      const places = [];
      for (const place of [video.duration - 0.2, 0.1]) {
        const done = new Promise((done) => video.addEventListener("seeked", done, { once: true }));
        video.currentTime = place;
        await done;
        places.push(Math.abs(video.currentTime - place) < 0.1 && video.readyState >= 2);
      }
      return places;
    });
    assert.deepEqual(sought, [true, true]);
    const [download] = await Promise.all([page.waitForEvent("download"), button("Save").click()]);
    assert.match(download.suggestedFilename(), /^door-[\dT-]+\.mp4$/);
    await button("Protect").click();
    await button("Protected").waitFor();
    await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await button("Delete it").click();
    await recordings.getByText("Nothing was recorded yet").waitFor();
  },
);

onPanel(
  "B-CALL-3: a call that was missed leads to what was recorded of it, or to why that can't be shown",
  async ({ panel, visit }) => {
    const page = await visit(panel.link, LOOK);
    await panel.api("POST", "/plugins/recorder/card/initialize", { confirm: "erase" });
    const recordings = page.getByRole("region", { name: "Recordings" });
    await recordings.getByText("Memory card", { exact: true }).waitFor();
    await panel.api("POST", "/plugins/simulator/inputs/bell/press");
    const calls = page.getByRole("region", { name: "Calls" });
    await calls.getByText("Missed").waitFor();
    await recordings.getByRole("button", { name: /ring/i }).and(page.locator(":enabled")).waitFor();
    await calls.getByRole("button", { name: "Who rang: see the recording" }).click();
    await page.waitForFunction(() => {
      const video = document.querySelector<HTMLVideoElement>(".clip-player");
      return video !== null && video.videoWidth === 1_280 && video.currentTime > 0.3;
    });
    await check(page, "the recording of a call", [["phone", "dark"]]);
    await page.setViewportSize(LOOK.viewport);
    await page.getByRole("button", { name: "Close" }).click();
    await panel.api("PATCH", "/plugins/simulator/slot", { card: null });
    await recordings.getByText("No memory card").waitFor();
    await calls.getByRole("button", { name: "Who rang: see the recording" }).click();
    await page.getByRole("dialog", { name: "Who rang" }).getByText("There is no card in the slot").waitFor();
  },
  () => ({ args: ["--calls.ringSeconds", "5"] }),
);

/// <reference lib="dom" />
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { type Browser, chromium, type Page } from "playwright-core";
import { LARGEST_SOUND_BYTES } from "../../media/spec.ts";
import { MOST_REPLIES } from "../../plugins/intercom/replies.ts";
import { findChromium } from "../../scripts/test_tools.ts";
import { ALL, check, TWO } from "../browser/axe.ts";
import { FLAGS } from "../browser/browser.ts";
import { focusedName, tabTo } from "../browser/keys.ts";
import { until } from "../soon.ts";
import { intercom, loudest, overhear } from "./loudspeaker.ts";
import { addTone, bring, listed, press, repliesTest, shown, toneFile } from "./replies_bench.ts";
import { TestTalker } from "./test_talker.ts";

/** Waits until it has been recorded for so many seconds. */
const recorded = (page: Page, seconds: number) =>
  page.waitForFunction(
    (seconds) =>
      Number(/^0:(\d\d) of/.exec(document.querySelector(".take-time")!.textContent)?.[1]) >= seconds,
    seconds,
  );

/** Waits until so many sounds were played in the page. */
const played = (page: Page, count: number) =>
  page.waitForFunction((count) => globalThis.played.length === count, count);

repliesTest(
  "B-CALL-5: with keys alone an owner records a quick reply, hears it before and after it is kept, and deletes it",
  async ({ panel, page }) => {
    await tabTo(page, "Quick replies");
    await page.keyboard.press("Enter");
    await page.getByText("No quick replies yet").waitFor();
    await check(page, "without quick replies", TWO);
    await tabTo(page, "Add one");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Record", exact: true }).and(page.locator(":focus")).waitFor();
    await check(page, "with nothing recorded yet", TWO);
    await page.keyboard.press("Enter");
    await shown(page, "Stop recording");
    await page.waitForFunction(() =>
      [...document.querySelectorAll<HTMLElement>(".wave > span")].some(({ style }) =>
        parseInt(style.height) > 20
      )
    );
    await recorded(page, 2);
    assert.equal(await focusedName(page), "Stop recording");
    await page.keyboard.press("Enter");
    await shown(page, "Hear it");
    assert.equal(await focusedName(page), "Hear it");
    await page.keyboard.press("Enter");
    await played(page, 1);
    await shown(page, "Hear it");
    assert.deepEqual(await listed(panel), [], "nothing is kept before it is saved");
    await check(page, "with something recorded", TWO);

    await tabTo(page, "Name");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").filter({ hasText: "Give it a name" }).waitFor();
    assert.equal(await focusedName(page), "Name");
    await page.keyboard.type("Come in");
    await page.keyboard.press("Enter");
    await shown(page, "Hear Come in");
    const [kept] = await listed(panel);
    assert.equal(kept?.name, "Come in");
    assert.ok(kept.ms >= 1_500, `${kept.ms} ms`);

    await tabTo(page, "Hear Come in");
    await page.keyboard.press("Enter");
    await played(page, 2);
    await shown(page, "Hear Come in");
    const loud = await page.evaluate(() => globalThis.played);
    assert.ok(loud.every((loudest) => loudest > 0.02), `played as loud as ${loud}`);

    await check(page, "with a quick reply", TWO);
    await tabTo(page, "Delete Come in");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Delete “Come in”?" }).waitFor();
    assert.equal(await focusedName(page), "Keep it", "the focus begins where nothing happens");
    await tabTo(page, "Delete it");
    await page.keyboard.press("Enter");
    await page.getByText("No quick replies yet").waitFor();
    assert.deepEqual(await listed(panel), []);
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    assert.equal(await focusedName(page), "Quick replies", "the focus comes back to where it was");
  },
);

repliesTest(
  "B-CALL-5: files are brought as quick replies; what is no sound, too large, or named as another is refused at its field",
  async ({ panel, page }) => {
    const ofSound = page.getByRole("group", { name: "Sound" }).getByRole("alert");
    const name = page.getByRole("textbox", { name: "Name", exact: true });
    await press(page, "Quick replies");
    await press(page, "Add one");
    await bring(page, "large.wav", Buffer.alloc(LARGEST_SOUND_BYTES + 1));
    await ofSound.filter({ hasText: "larger than the panel takes" }).waitFor();
    await bring(page, "letter.mp3", Buffer.from("Dear panel, this is no sound at all. ".repeat(200)));
    await page.getByText("Can’t be heard in this browser").waitFor();
    await press(page, "Save");
    await ofSound.filter({ hasText: "There is no sound in this file" }).waitFor();
    await check(page, "with a file that is no sound", TWO);
    assert.deepEqual(await listed(panel), []);

    await press(page, "Begin again");
    await name.fill("");
    await bring(page, "leave_it.wav", toneFile("wav", 20));
    await press(page, "Hear it");
    await press(page, "Stop");
    await shown(page, "Hear it");
    assert.equal(await name.inputValue(), "leave it");
    await press(page, "Save");
    await press(page, "Hear leave it");
    await press(page, "Stop leave it");
    await shown(page, "Hear leave it");

    await press(page, "Add one");
    await bring(page, "leave it.m4a", toneFile("m4a", 3));
    await shown(page, "Hear it");
    await press(page, "Save");
    await page.getByRole("alert").filter({ hasText: "There is one of this name already" }).waitFor();
    assert.equal(await name.getAttribute("aria-invalid"), "true");
    assert.equal(await focusedName(page), "Name");
    await name.fill("On my way");
    await press(page, "Save");
    await shown(page, "Hear On my way");
    await page.getByText("0:03", { exact: true }).waitFor();
    assert.deepEqual((await listed(panel)).map(({ name }) => name), ["leave it", "On my way"]);

    for (let count = 3; count <= MOST_REPLIES; count++) await addTone(panel, `Reply ${count}`, 1);
    await page.getByText(`There are ${MOST_REPLIES}, which is the most`).waitFor();
    await page.getByRole("button", { name: "Add one" }).and(page.locator(":disabled")).waitFor();
  },
);

repliesTest(
  "B-CALL-5: to who rings a quick reply is played, heard at the loudspeaker, stopped, and taken over with",
  async ({ panel, browser, page, visit }) => {
    await addTone(panel, "Wait", 30);
    await panel.api("POST", "/plugins/simulator/inputs/bell/press");
    await shown(page, "Play: Wait");
    const heard = overhear(panel, 8_000);
    await press(page, "Play: Wait");
    await shown(page, "Stop: Wait");
    const progress = page.getByRole("progressbar", { name: "Wait" });
    await page.waitForFunction(
      (bar) => (bar as HTMLProgressElement).value > 0.02,
      await progress.elementHandle(),
    );
    const level = loudest(await heard);
    assert.ok(level > -30, `at most ${level} dB`);
    await Promise.all([
      page.waitForResponse((answer) => answer.request().method() === "DELETE" && answer.status() === 204),
      press(page, "Stop: Wait"),
    ]);
    await shown(page, "Play: Wait");
    await until(async () => (await intercom(panel)).talk === null, 50);

    const monitor = await visit(await panel.invite({ name: "Hall", role: "monitor" }));
    await shown(monitor, "Play: Wait");
    assert.equal(await monitor.getByRole("button", { name: "Quick replies" }).count(), 0, "an owner's only");
    const other = await browser.newPage();
    await other.goto(`${panel.origin}/api/v1/health`);
    await TestTalker.start(other, panel.device, panel.origin, "/plugins/intercom/whip");
    await page.getByRole("status").filter({ hasText: "Owner is speaking at the door" }).waitFor();
    await press(page, "Play: Wait");
    await page.getByRole("alert").filter({ hasText: "Owner is speaking at the door" }).waitFor();
    assert.equal((await intercom(panel)).talk?.reply, null, "whoever speaks is not cut off");
    await check(page, "while somebody else speaks", ALL, async (size) => {
      if (size === "phone") await press(page, "Door");
    });
    await page.getByRole("button", { name: "Take over" }).click();
    await shown(page, "Stop: Wait");
    assert.equal(await focusedName(page), "Stop: Wait");
    assert.equal((await intercom(panel)).talk?.reply, "Wait");
    await monitor.getByText("“Wait” is being played at the door, by Anna").waitFor();
    await press(monitor, "Play: Wait");
    await monitor.getByRole("button", { name: "Take over" }).click();
    await shown(monitor, "Stop: Wait");
    assert.equal((await intercom(panel)).talk?.by, "Hall");
    await check(page, "while a quick reply is played", TWO);
  },
);

repliesTest("what is recorded ends by itself after 30 seconds", async ({ page }) => {
  await page.clock.install();
  await page.reload();
  await press(page, "Quick replies");
  await press(page, "Add one");
  await press(page, "Record");
  await recorded(page, 1);
  await page.clock.fastForward(29_000);
  await shown(page, "Hear it");
});

repliesTest("where a page gets no microphone it says why, and offers a file", async ({ page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(navigator, "mediaDevices", { value: undefined });
    Object.defineProperty(globalThis, "isSecureContext", { value: false });
  });
  await page.reload();
  await press(page, "Quick replies");
  await press(page, "Add one");
  await page.getByRole("alert").filter({ hasText: "only pages that come over https" }).waitFor();
  assert.equal(await page.getByRole("button", { name: "Record", exact: true }).count(), 0);
  await check(page, "without a microphone", TWO);
  await bring(page, "tone.wav", toneFile("wav", 2));
  await shown(page, "Hear it");
});

repliesTest(
  "where somebody refuses a page the microphone it says so, and offers a file",
  async ({ page }) => {
    await press(page, "Quick replies");
    await press(page, "Add one");
    await press(page, "Record");
    await page.getByRole("alert").filter({ hasText: "does not let this page use the microphone" }).waitFor();
    await shown(page, "Record");
    await bring(page, "tone.wav", toneFile("wav", 2));
    await shown(page, "Hear it");
  },
  refusingBrowser,
);

/** Has a microphone, and lets no page use it. */
function refusingBrowser(): Promise<Browser> {
  const args = [...FLAGS, "--use-fake-device-for-media-stream", "--deny-permission-prompts"];
  return chromium.launch({ executablePath: findChromium()!, args });
}

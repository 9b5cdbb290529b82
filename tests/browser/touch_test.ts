import assert from "node:assert/strict";
import type { CDPSession, Locator } from "playwright-core";
import { browserTest, join, PHONE } from "./browser.ts";

browserTest(
  "with a finger on a phone: hold a badge, drag one to the reader, press the bell",
  async ({ panel, context, household }) => {
    const phone = await context.browser()!.newContext({ viewport: PHONE, hasTouch: true, isMobile: true });
    const page = await phone.newPage();
    await join(page, await panel.invite());
    await page.getByRole("heading", { name: "Casa Rossi" }).waitFor();
    await page.goto(`${panel.origin}/simulator`);
    const finger = await phone.newCDPSession(page);
    const reader = page.locator(".reader");

    await touch(finger, "touchStart", page.getByRole("button", { name: "White card" }));
    await page.locator(".reader[data-occupied=true]").waitFor();
    await page.getByText("Three short beeps").waitFor();
    await touch(finger, "touchEnd");
    await page.locator(".reader[data-occupied=false]").waitFor();

    await touch(finger, "touchStart", page.getByRole("button", { name: "Red fob" }));
    await touch(finger, "touchMove", reader, 90);
    await page.locator(".badge.is-dragged").waitFor();
    await page.locator(".reader[data-occupied=false]").waitFor();
    await touch(finger, "touchMove", reader);
    await page.locator(".reader[data-occupied=true]").waitFor();
    await touch(finger, "touchEnd");
    await page.locator(".reader[data-occupied=false]").waitFor();
    assert.equal(await page.evaluate("scrollY"), 0, "a drag does not scroll the page");

    await page.getByRole("button", { name: "Ring the bell" }).tap();
    await household.getByRole("heading", { name: "Someone is at the door" }).waitFor();
    await phone.close();
  },
);

/** @param below how far below the middle of the target, px */
async function touch(
  finger: CDPSession,
  type: "touchStart" | "touchMove" | "touchEnd",
  target?: Locator,
  below = 0,
): Promise<void> {
  const box = await target?.boundingBox();
  const touchPoints = box ? [{ x: box.x + box.width / 2, y: box.y + box.height / 2 + below }] : [];
  await finger.send("Input.dispatchTouchEvent", { type, touchPoints });
}

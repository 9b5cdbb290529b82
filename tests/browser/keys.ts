/// <reference lib="dom" />
import assert from "node:assert/strict";
import type { Page } from "playwright-core";

/** Types into the field that a dialog begins with, once it has the focus. */
export async function typeInto(page: Page, name: string, text: string): Promise<void> {
  await page.getByRole("textbox", { name }).and(page.locator(":focus")).waitFor();
  await page.keyboard.type(text);
}

/** Goes on to the control whose name begins so, as a person without a mouse does. */
export async function tabTo(page: Page, name: string, key: "Tab" | "Shift+Tab" = "Tab"): Promise<void> {
  // Several rounds of the page: on a busy machine what was asked for may still be on its way.
  for (let steps = 0; steps < 300; steps++) {
    await page.keyboard.press(key);
    if ((await focusedName(page)).startsWith(name)) return;
  }
  assert.fail(`"${name}" can't be reached with ${key}`);
}

/** What a screen reader would call what has the focus. */
export function focusedName(page: Page): Promise<string> {
  return page.evaluate(() => {
    const focused = document.activeElement;
    const isLabelled = focused instanceof HTMLInputElement || focused instanceof HTMLSelectElement;
    const label = isLabelled ? focused.labels?.[0] : undefined;
    const heard = (label ?? focused)?.cloneNode(true) as Element | undefined;
    for (const silent of heard?.querySelectorAll("[aria-hidden=true]") ?? []) silent.remove();
    const text = focused?.getAttribute("aria-label") ?? heard?.textContent ?? "";
    return text.replaceAll(/\s+/g, " ").trim();
  });
}

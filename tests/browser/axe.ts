/// <reference lib="dom" />
import assert from "node:assert/strict";
import axe from "axe-core";
import type { Page } from "playwright-core";
import { MONITOR, PHONE } from "./browser.ts";

const SIZES = { phone: PHONE, monitor: MONITOR };

export type Size = keyof typeof SIZES;
export type Scheme = "light" | "dark";

export const ALL = [["phone", "light"], ["phone", "dark"], ["monitor", "light"], [
  "monitor",
  "dark",
]] as const;
/** Each size once and each scheme once: enough for what is drawn alike on all. */
export const TWO = [["phone", "dark"], ["monitor", "light"]] as const;

/** Whether axe-core finds nothing. `before` brings into sight what a size may hide. */
export async function check(
  page: Page,
  when: string,
  looks: readonly (readonly [Size, Scheme])[],
  before: (size: Size) => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  // A page behind another one is drawn once a second.
  await page.bringToFront();
  for (const [size, colorScheme] of looks) {
    await page.setViewportSize(SIZES[size]);
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await before(size);
    assert.deepEqual(await violations(page), [], `${when}, ${size}, ${colorScheme}`);
  }
}

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  // Colours that are still on their way from day to night are nobody's.
  await page.evaluate(() => Promise.allSettled(document.getAnimations().map(({ finished }) => finished)));
  return await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: typeof import("axe-core") };
    const { violations } = await axe.run({ resultTypes: ["violations"] });
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${target.join(" ")}: ${failureSummary}`)
    );
  });
}

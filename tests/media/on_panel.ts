import assert from "node:assert/strict";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { findChromium, findFfmpeg } from "../../scripts/test_tools.ts";
import { join, MONITOR } from "../browser/browser.ts";
import { type RealPanel, type RealPanelOptions, startRealPanel } from "../browser/real_panel.ts";
import { launchBrowser } from "./test_viewer.ts";

export interface OnPanel {
  panel: RealPanel;
  browser: Browser;
  /** A page of a device that joins by this link, the owner's unless told. An error in it fails the test. */
  visit(link?: string, options?: BrowserContextOptions): Promise<Page>;
  /** A page of the panel with nothing on it. */
  blank(): Promise<Page>;
}

export interface OnPanelOptions extends RealPanelOptions {
  launch?(): Promise<Browser>;
  /** Done to each page that is visited, before it is. */
  prepare?(page: Page): Promise<unknown>;
  /** The test is over. */
  end?(): void;
}

/** A test at a whole panel, with ffmpeg and a real browser that has a camera and a microphone of its own. */
export function onPanel(
  name: string,
  story: (bench: OnPanel) => Promise<void>,
  options: () => OnPanelOptions = () => ({}),
): void {
  Deno.test({
    name,
    ignore: findChromium() === undefined || findFfmpeg() === undefined,
    // Playwright ends its pipes to the browser after the browser was closed.
    sanitizeOps: false,
    sanitizeResources: false,
    async fn() {
      const { launch = launchBrowser, prepare, end, ...given } = options();
      await using panel = await startRealPanel(given);
      const browser = await launch();
      const faults: string[] = [];
      try {
        await story({
          panel,
          browser,
          async visit(link = panel.link, options = { viewport: MONITOR, locale: "en-GB" }) {
            const page = await browser.newPage(options);
            page.on("pageerror", (error) => faults.push(error.message));
            await prepare?.(page);
            await join(page, link);
            return page;
          },
          async blank() {
            const page = await browser.newPage();
            await page.goto(`${panel.origin}/api/v1/health`);
            return page;
          },
        });
        assert.deepEqual(faults, []);
      } finally {
        await browser.close();
        end?.();
      }
    },
  });
}

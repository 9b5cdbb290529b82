/// <reference lib="dom" />
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from "playwright-core";
import { findChromium } from "../../scripts/test_tools.ts";
import { type RealPanel, startRealPanel } from "./real_panel.ts";

export const FLAGS: readonly string[] = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Longer than the panel keeps a pulse, and than a busy machine needs, ms. */
const PATIENCE_MS = 20_000;

export const MONITOR = { width: 1440, height: 900 };
export const PHONE = { width: 390, height: 844 };

/** Makes a browser a stranger again. */
export const FORGET_DEVICE = `new Promise((done) => {
  indexedDB.deleteDatabase("latchkey").onsuccess = () => done();
})`;

export interface Visit {
  panel: RealPanel;
  /** A device of the household; what it keeps is its own. */
  context: BrowserContext;
  /** The household's page, opened by the owner's link. */
  household: Page;
  /** The simulator, opened beside it, without a link of its own. */
  simulator: Page;
  /** A page of another device, which the panel does not know. */
  visitor(options?: BrowserContextOptions): Promise<Page>;
}

/** A test in a real browser at a real panel. Skipped, by name, where there is no Chromium. */
export function browserTest(name: string, story: (visit: Visit) => Promise<void>): void {
  const executablePath = findChromium();
  Deno.test({
    name,
    ignore: executablePath === undefined,
    // Playwright ends its pipes to the browser after the browser was closed.
    sanitizeOps: false,
    sanitizeResources: false,
    async fn() {
      await using panel = await startRealPanel();
      const browser = await chromium.launch({ executablePath: executablePath!, args: [...FLAGS] });
      try {
        await visit(panel, browser, story);
      } finally {
        await browser.close();
      }
    },
  });
}

async function visit(panel: RealPanel, browser: Browser, story: (visit: Visit) => Promise<void>) {
  const faults: string[] = [];
  async function open(options: BrowserContextOptions = {}): Promise<BrowserContext> {
    const context = await browser.newContext({ viewport: MONITOR, locale: "en-GB", ...options });
    context.setDefaultTimeout(PATIENCE_MS);
    context.on("weberror", (error) => faults.push(error.error().message));
    context.on("console", (message) => {
      if (/content security policy/i.test(message.text())) faults.push(message.text());
    });
    return context;
  }
  const context = await open();
  const household = await context.newPage();
  await join(household, panel.link);
  await household.getByRole("heading", { name: "Casa Rossi" }).waitFor();
  const simulator = await context.newPage();
  await simulator.goto(`${panel.origin}/simulator`);
  await simulator.getByRole("button", { name: "Red fob" }).waitFor();
  const visitor = async (options?: BrowserContextOptions) => await (await open(options)).newPage();
  await story({ panel, context, household, simulator, visitor });
  if (faults.length > 0) throw new Error(`The pages broke: ${faults.join("; ")}`);
}

/** Takes an invitation up, as a person does who opens its link. */
export async function join(page: Page, link: string): Promise<void> {
  await page.goto(link);
  await page.getByRole("heading", { name: "You are invited" }).waitFor();
  await page.getByRole("button", { name: "Join" }).click();
}

/** Waits until the timeline shows that the badge left the reader so long ago that its return is a new presentation. */
export async function badgeIsForgotten(simulator: Page): Promise<void> {
  await simulator.locator(".reader[data-occupied=false]").waitFor();
  await simulator.waitForFunction(() => {
    const spans = [...document.querySelectorAll<SVGRectElement>('[data-line="reader"] rect')];
    return spans.every((span) => span.x.baseVal.value + span.width.baseVal.value < -3_000);
  });
}

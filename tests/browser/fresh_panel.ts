import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { buildWeb } from "../../scripts/build_web.ts";
import { findChromium } from "../../scripts/test_tools.ts";
import { PanelProcess } from "../boot/panel_process.ts";
import { FLAGS, MONITOR } from "./browser.ts";

/** Longer than a busy machine needs, ms. */
const PATIENCE_MS = 20_000;

/** A name of this machine that looks like another's to a page. */
export const ELSEWHERE = "door.test";

export interface Newcomer {
  /** What the panel printed: whoever opens it becomes the owner. */
  link: string;
  origin: string;
  /** A page of a device of its own. */
  visitor(options?: BrowserContextOptions): Promise<Page>;
  data: string;
}

/** A test in a real browser at a panel that nobody has claimed. Skipped, by name, where there is no Chromium. */
export function newcomerTest(
  name: string,
  settings: readonly string[],
  story: (newcomer: Newcomer) => Promise<void>,
): void {
  const executablePath = findChromium();
  Deno.test({
    name,
    ignore: executablePath === undefined,
    // Playwright ends its pipes to the browser after the browser was closed.
    sanitizeOps: false,
    sanitizeResources: false,
    async fn() {
      await buildWeb();
      const data = mkdtempSync(join(tmpdir(), "latchkey-browser-"));
      try {
        await using panel = new PanelProcess([
          "--port",
          "0",
          "--data",
          data,
          "--name",
          "Casa Rossi",
          ...settings,
        ]);
        const [, link = ""] = await panel.says(/^ +Open +(https?:\S+#claim=[\w-]{22}\S*)$/m);
        await panel.says(/^ +Stop +Ctrl-C$/m);
        const args = [...FLAGS, `--host-resolver-rules=MAP ${ELSEWHERE} 127.0.0.1`];
        const browser = await chromium.launch({ executablePath: executablePath!, args });
        try {
          const visitor = async (options: BrowserContextOptions = {}) => {
            const context = await browser.newContext({ viewport: MONITOR, locale: "en-GB", ...options });
            context.setDefaultTimeout(PATIENCE_MS);
            return await context.newPage();
          };
          await story({ link, origin: new URL(link).origin, visitor, data });
        } finally {
          await browser.close();
        }
      } finally {
        rmSync(data, { recursive: true, force: true });
      }
    },
  });
}

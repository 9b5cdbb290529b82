import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { buildWeb } from "../../scripts/build_web.ts";
import { findChromium } from "../../scripts/test_tools.ts";
import { PanelProcess, ROOT, Visitor } from "../boot/panel_process.ts";
import { install, isRunning, until } from "../isolate/installed.ts";
import { FLAGS, join as joinPanel, PHONE } from "./browser.ts";

const PATIENCE_MS = 20_000;
const TEMPLATE = join(ROOT, "authors", "template");

Deno.test({
  name: "the household's page shows what a third-party plugin's sensor says, and follows it",
  ignore: findChromium() === undefined,
  // Playwright ends its pipes to the browser after the browser was closed.
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    await buildWeb();
    const data = mkdtempSync(join(tmpdir(), "latchkey-browser-"));
    try {
      const from = pathToFileURL(`${TEMPLATE}/`);
      install(data, { id: "my-plugin", from, granted: { events: ["call.changed"] } });
      await using panel = new PanelProcess(["--port", "0", "--data", data]);
      const visitor = await Visitor.of(panel);
      await until(visitor, "my-plugin", isRunning);
      const { body } = await visitor.api<{ code: string }>("POST", "/invitations", {
        name: "Anna",
        role: "owner",
      });
      const browser = await chromium.launch({ executablePath: findChromium()!, args: [...FLAGS] });
      try {
        const context = await browser.newContext({ viewport: PHONE, locale: "en-GB" });
        context.setDefaultTimeout(PATIENCE_MS);
        const page = await context.newPage();
        await joinPanel(page, `${visitor.origin}/#join=${body.code}`);
        const readings = page.getByRole("region", { name: "At a glance" });
        await readings.getByText("0", { exact: true }).waitFor();
        await visitor.api("POST", "/plugins/simulator/inputs/bell/press", {});
        await readings.getByText("1", { exact: true }).waitFor();
      } finally {
        await browser.close();
      }
      panel.signalAll("SIGINT");
      await panel.end();
    } finally {
      rmSync(data, { recursive: true, force: true });
    }
  },
});

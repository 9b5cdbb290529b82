/// <reference lib="dom" />
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { TestDevice } from "../../core/testing/device.ts";
import { inTempDir } from "../../core/testing/temp_dir.ts";
import { buildWeb } from "../../scripts/build_web.ts";
import { PanelProcess } from "../boot/panel_process.ts";
import { MONITOR } from "../browser/browser.ts";
import { canTrust, startChromium } from "./chromium.ts";
import { Household, startSite } from "./https_panel.ts";

const PATIENCE_MS = 20_000;

function chromiumTest(name: string, fn: () => Promise<void>): void {
  Deno.test({
    name: canTrust ? name : `${name} (skipped: no Chromium or no certutil)`,
    ignore: !canTrust,
    // Playwright ends its pipes to the browser after the browser was closed.
    sanitizeOps: false,
    sanitizeResources: false,
    fn,
  });
}

chromiumTest(
  "Chromium with the panel's root in its store opens it without a warning, pairs by a link, releases, is revoked live",
  inTempDir(async (data) => {
    await buildWeb();
    await using panel = new PanelProcess(["--port", "0", "--data", data, "--tls.mode", "on"]);
    const [, link = ""] = await panel.says(/^ +Open +(https\S+)$/m);
    await panel.says(/^ +Stop +Ctrl-C$/m);
    const root = join(data, "keys", "ca.pem");
    using trusting = Deno.createHttpClient({ caCerts: [readFileSync(root, "utf8")] });
    const send = (request: Request) => fetch(request, { client: trusting });
    const owner = new TestDevice();
    const origin = await owner.claim(link, send);
    const ask = async (method: string, path: string, body?: unknown) => {
      const response = await owner.send(send, method, `${origin}/api/v1${path}`, body);
      assert.ok(response.ok, `${method} ${path}: ${response.status}`);
      return response.status === 204 ? undefined : await response.json();
    };
    const { code } = await ask("POST", "/invitations", { name: "Bruno", role: "owner" });

    await using chromium = await startChromium(root);
    const context = await chromium.browser.newContext({ viewport: MONITOR, locale: "en-GB" });
    context.setDefaultTimeout(PATIENCE_MS);
    const page = await context.newPage();
    const answer = await page.goto(`${origin}/#join=${code}`);
    await page.getByRole("button", { name: "Join" }).click();
    assert.match((await answer!.securityDetails())?.issuer ?? "", /^Latchkey Front door [0-9a-f]{8}$/);
    assert.equal(await page.evaluate(() => isSecureContext), true);
    await Promise.all([
      page.locator(".panel-said").getByText("Released – come in").waitFor(),
      page.getByRole("button", { name: "Release Front door" }).click(),
    ]);

    const members: { id: string; name: string }[] = await ask("GET", "/members");
    await ask("DELETE", `/members/${members.find(({ name }) => name === "Bruno")!.id}`);
    await page.getByRole("heading", { name: "This device has no access any more" }).waitFor();
    panel.signalAll("SIGINT");
    assert.equal(await panel.end(), 0);
  }),
);

chromiumTest(
  "Chromium without the root warns; with it, it still refuses what the authority's key signed for the internet",
  async () => {
    using household = new Household();
    const visit = async (root: string | undefined, port: number) => {
      await using chromium = await startChromium(root);
      const page = await chromium.browser.newPage();
      try {
        await page.goto(`https://127.0.0.1:${port}/`, { timeout: PATIENCE_MS });
        return await page.title();
      } catch (error) {
        return /net::\w+/.exec(String(error))?.[0] ?? String(error);
      }
    };
    await using own = await startSite(await household.pair());
    await using stolen = await startSite(await household.stolen("127.0.0.1", "bank.example"));
    assert.equal(await visit(undefined, own.port), "net::ERR_CERT_AUTHORITY_INVALID");
    assert.equal(await visit(household.root, own.port), "Reached");
    assert.equal(await visit(household.root, stolen.port), "net::ERR_CERT_INVALID");
  },
);

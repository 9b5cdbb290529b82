import assert from "node:assert/strict";
import { createHash, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { devices } from "playwright-core";
import { inTempDir } from "../../core/testing/temp_dir.ts";
import { PASSPHRASE, restore } from "../../core/backup/testing/backups.ts";
import { browserTest } from "./browser.ts";
import { newcomerTest } from "./fresh_panel.ts";

/** [what Playwright calls it, what is shown first, the file it gets] */
const DEVICES = [
  ["Pixel 7", "Android", "root.crt"],
  ["iPhone 15", "iPhone, iPad", "root.mobileconfig"],
  ["Desktop Edge", "Windows", "root.crt"],
  ["Desktop Safari", "Mac", "root.crt"],
] as const;

newcomerTest(
  "without an account, a device is shown first how it is made to trust the panel, with the fingerprint to compare",
  ["--tls.mode", "on"],
  async ({ link, origin, visitor, data }) => {
    const owner = await visitor({ ignoreHTTPSErrors: true });
    await owner.goto(`${origin}/trust`);
    await owner.getByText("This panel has no owner yet").waitFor();
    await owner.goto(link);
    await owner.getByRole("heading", { name: "This panel is yours now" }).waitFor();

    const { raw } = new X509Certificate(readFileSync(join(data, "keys", "ca.pem")));
    const fingerprint = createHash("sha256").update(raw).digest("hex").toUpperCase();
    assert.ok(
      link.toUpperCase().endsWith(`SHA256=${fingerprint}`),
      "the link that the panel shows has it too",
    );
    for (const [name, label, file] of DEVICES) {
      const page = await visitor({ ...devices[name], ignoreHTTPSErrors: true });
      await page.goto(`${origin}/trust`);
      await page.getByRole("radio", { name: label, checked: true }).waitFor();
      const shown = await page.locator(".fingerprint").innerText();
      assert.equal(shown.replace("SHA-256 fingerprint:", "").replaceAll(/\s/g, ""), fingerprint);
      const button = page.getByRole("link", { name: /^Download the/ });
      assert.equal(await button.getAttribute("href"), `/api/v1/${file}`);
      await page.getByText("Linux", { exact: true }).click();
      assert.equal(await button.getAttribute("href"), "/api/v1/root.pem");
      const [download] = await Promise.all([page.waitForEvent("download"), button.click()]);
      assert.equal(download.suggestedFilename(), "latchkey-root.pem");
      const got = new X509Certificate(readFileSync(await download.path()));
      assert.equal(got.fingerprint256.replaceAll(":", ""), fingerprint);
      await page.context().close();
    }
    await owner.goto(`${origin}/#people`);
    const own = owner.getByRole("region", { name: "A device warns of this panel?" });
    assert.ok(
      (await own.innerText()).replaceAll(/\s/g, "").includes(fingerprint),
      "a device that trusts shows it",
    );
  },
);

browserTest(
  "an owner downloads a backup that the passphrase opens; where the two are not the same nothing is made",
  async ({ household }) => {
    await household.goto(`${new URL(household.url()).origin}/trust`);
    await household.getByText("there is nothing to trust").waitFor();
    await household.getByRole("link", { name: "Open the panel" }).click();
    await household.getByRole("button", { name: "People" }).click();
    await household.getByRole("button", { name: "Make a backup" }).click();
    await household.getByLabel("Passphrase").fill(PASSPHRASE);
    await household.getByLabel("The same again").fill(`${PASSPHRASE}!`);
    const make = household.getByRole("button", { name: "Make and download" });
    await make.click();
    await household.getByRole("alert").getByText("The two are not the same").waitFor();
    await household.getByLabel("Passphrase").fill("too short");
    await household.getByLabel("The same again").fill("too short");
    await make.click();
    await household.getByRole("alert").getByText("must have 12 to 200").waitFor();
    await household.getByLabel("Passphrase").fill(PASSPHRASE);
    await household.getByLabel("The same again").fill(PASSPHRASE);
    const [download] = await Promise.all([household.waitForEvent("download"), make.click()]);
    await household.getByText("The backup was made").waitFor();
    assert.match(download.suggestedFilename(), /^casa-rossi-\d{4}-\d\d-\d\d\.age$/);
    const file = await download.path();
    await inTempDir(async (dir) => {
      const { manifest } = await restore(file, join(dir, "restored"));
      assert.equal(manifest.panel.name, "Casa Rossi");
    })();
  },
);

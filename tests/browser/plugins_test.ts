import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import type { Page } from "playwright-core";
import { packageJson, tgz } from "../../core/isolate/testing/packages.ts";
import { ALL, check, TWO } from "./axe.ts";
import { browserTest, PHONE } from "./browser.ts";

const MODULE = `import { definePlugin, partsPoint } from "latchkey";
export default definePlugin({ id: "chime", api: 1, setup(ctx) {
  ctx.contribute(partsPoint, { id: "chime", kind: "sensor", name: "Chime", state: () => Promise.resolve({}) });
} });`;
const KEY = "RWQuEErw5PQVfw/CuBRo1oQM61MRqnEom/Yr+Oxo9vu1wrXW4LtnTBYB";

const SET = `import { definePlugin, partsPoint } from "latchkey";
import { z } from "zod";
const config = z.strictObject({
  url: z.url({ protocol: /^https?$/, error: "An address that begins with http" }).default("http://chime.lan/ring")
    .describe("Where the chime is told"),
  attempts: z.int().min(1).max(6).default(4).describe("How often it is tried for one ring"),
  loud: z.boolean().default(true).describe("Off: it hums"),
  tune: z.enum(["westminster", "ding-dong"]).default("ding-dong"),
  guests: z.array(z.string()).default([]).describe("Whose rings it leaves out"),
  hours: z.strictObject({
    from: z.int().max(23),
    until: z.int().max(23).refine((hour) => hour > 0, { error: "After midnight" }),
  }).optional(),
});
export default definePlugin({ id: "chime", api: 1, config, setup(ctx) {
  const { url, loud } = ctx.config;
  ctx.contribute(partsPoint, { id: "chime", kind: "sensor", name: loud ? "Loud" : "Humming", state: () => Promise.resolve({ url }) });
} });`;

const archive = (version: string, wants: object = {}, name?: string, module = MODULE) => ({
  name: `chime-${version}.tgz`,
  mimeType: "application/gzip",
  buffer: Buffer.from(tgz({
    "package.json": packageJson("chime", { version, wants, ...(name === undefined ? {} : { name }) }),
    "mod.ts": module,
  })),
});

async function bring(page: Page, file: ReturnType<typeof archive>): Promise<void> {
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await page.getByRole("dialog", { name: "Add a plugin" }).waitFor();
  await page.getByLabel("The plugin’s file").setInputFiles(file);
}

const row = (page: Page) => page.getByRole("button", { name: /^The chime/ });

browserTest(
  "an owner brings a plugin, sees what it wants, lets it in and it runs; an update that wants more asks; removed, it is gone",
  async ({ panel, household: page }) => {
    await page.getByRole("button", { name: "Settings", exact: true }).click();
    await page.getByRole("heading", { name: "No plugins of others yet" }).waitFor();
    await check(page, "no plugins", ALL);
    await bring(page, { name: "x.tgz", mimeType: "application/gzip", buffer: Buffer.from("Hello") });
    await page.getByRole("alert").filter({ hasText: "The plugin's package can't be used: it is no .tgz" })
      .waitFor();
    await check(page, "a file that is no plugin", TWO);

    await page.getByLabel("The plugin’s file").setInputFiles(
      archive("1.0.0", { release: ["lock"], events: ["call.changed"], net: ["chime.lan:80"] }),
    );
    const asked = page.getByRole("dialog", { name: "Let The chime in?" });
    await asked.waitFor();
    assert.deepEqual(await asked.locator(".want").allInnerTexts(), [
      "May open the lock",
      "Hears who rings, and what becomes of it",
      "May reach chime.lan:80",
      "May use 64 MB of memory",
    ]);
    await asked.getByText("Not signed").waitFor();
    await check(page, "what a plugin wants", ALL);
    assert.deepEqual(await panel.api("GET", "/third-party"), [], "nothing runs before the owner agrees");
    await asked.getByRole("button", { name: "Let it in" }).click();
    await row(page).getByText("Runs").waitFor();
    await check(page, "a plugin that runs", ALL);

    await bring(
      page,
      archive(
        "1.1.0",
        { release: ["lock", "gate"], events: ["call.changed"], net: ["chime.lan:80"] },
        "chime-by-another",
      ),
    );
    const more = page.getByRole("dialog", { name: "Change The chime to 1.1.0?" });
    await more.getByRole("heading", { name: "New in this version" }).waitFor();
    assert.deepEqual(await more.locator(".consent > .consent-part .want").allInnerTexts(), [
      "May open the gate",
    ]);
    await more.getByText(/ANOTHER PACKAGE/).waitFor();
    await more.getByText("All that it may then").click();
    await check(page, "an update that wants more", ALL);
    await page.keyboard.press("Escape");
    await page.getByText("waits to take the place of 1.0.0, and wants more").waitFor();
    await row(page).getByText("1.0.0").waitFor();
    await check(page, "an update that waits", TWO);
    await page.getByRole("button", { name: "Look at it: The chime 1.1.0" }).click();
    await page.getByRole("button", { name: "Change it" }).click();
    await row(page).getByText("1.1.0").waitFor();
    await row(page).getByText("Runs").waitFor();

    await row(page).click();
    await check(page, "one plugin", ALL);
    const settings = page.getByRole("dialog").getByRole("button", { name: "Settings", exact: true });
    assert.equal(await settings.count(), 0, "it has none");
    await page.getByRole("switch", { name: "Switched on" }).click();
    await page.getByRole("dialog").getByText("Off", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Remove" }).click();
    await page.getByRole("dialog", { name: "Remove The chime?" }).waitFor();
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), "Keep it");
    await check(page, "before a plugin is removed", TWO);
    await page.getByRole("button", { name: "Remove it" }).click();
    await row(page).waitFor({ state: "detached" });
    await page.getByRole("heading", { name: "No plugins of others yet" }).waitFor();

    await page.getByRole("button", { name: "Door", exact: true }).click();
    const log = page.getByRole("region", { name: "Access log" });
    await log.getByText("Anna removed the plugin chime").waitFor();
    await log.getByText("Anna let the plugin chime 1.0.0 in").waitFor();
    await log.getByText("May open the lock. Hears who rings").first().waitFor();
  },
);

browserTest(
  "an owner changes a plugin's settings in a form made of its schema; what the plugin refuses is said at its field",
  async ({ panel, household: page }) => {
    await page.getByRole("button", { name: "Settings", exact: true }).click();
    await bring(page, archive("1.0.0", {}, undefined, SET));
    await page.getByRole("button", { name: "Let it in" }).click();
    await row(page).getByText("Runs").waitFor();
    await row(page).click();
    await page.getByRole("dialog").getByRole("button", { name: "Settings", exact: true }).click();
    const form = page.getByRole("dialog", { name: "Settings of The chime" });
    await form.getByLabel("Attempts").fill("9");
    const hours = form.getByRole("group", { name: "Hours" });
    await hours.getByRole("switch", { name: "Hours" }).click();
    await hours.getByLabel("From").fill("8");
    await hours.getByLabel("Until").fill("0");
    await form.getByRole("button", { name: "Save" }).click();
    await form.getByText("From 1 to 6, and not 9").waitFor();
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("aria-invalid")), "true");

    await form.getByLabel("Attempts").fill("2");
    await form.getByLabel("Url").fill("ftp://chime.lan");
    await form.getByRole("button", { name: "Save" }).click();
    const at = (label: string) => form.locator(".field", { has: page.getByLabel(label) });
    await at("Url").getByText("An address that begins with http").waitFor();
    await at("Until").getByText("After midnight").waitFor();
    await check(page, "settings that a plugin refuses", ALL);

    await form.getByLabel("Url").fill("http://kitchen.lan/ring");
    await hours.getByLabel("Until").fill("22");
    await form.getByRole("switch", { name: "Loud" }).click();
    await form.getByLabel("Tune").selectOption("westminster");
    await form.getByLabel("Guests").fill("Ada\nBea");
    await form.getByRole("button", { name: "Save" }).click();
    await page.getByText("The new settings of The chime are in force").waitFor();
    await page.getByRole("dialog", { name: "The chime 1.0.0" }).getByText("Runs").waitFor();
    const all = await panel.api<{ plugin: string; values: unknown }[]>("GET", "/settings");
    assert.deepEqual(all.find(({ plugin }) => plugin === "chime")?.values, {
      url: "http://kitchen.lan/ring",
      attempts: 2,
      loud: false,
      tune: "westminster",
      guests: ["Ada", "Bea"],
      hours: { from: 8, until: 22 },
    });
    const parts = await panel.api<{ name: string; state: unknown }[]>("GET", "/parts");
    assert.deepEqual(parts.filter(({ name }) => name === "Humming").map(({ state }) => state), [
      { url: "http://kitchen.lan/ring" },
    ]);
  },
);

browserTest(
  "with the keyboard alone an owner trusts a key, lets a plugin in, and finds the focus where it was",
  async ({ household: page }) => {
    await page.setViewportSize(PHONE);
    await page.getByRole("button", { name: "Settings", exact: true }).press("Enter");
    await page.getByRole("button", { name: "Trust a key" }).press("Enter");
    await page.getByLabel("Whose is it?").fill("Ann");
    await page.getByLabel("The public key").fill("ssh-ed25519 AAAA");
    await page.getByLabel("The public key").press("Enter");
    await page.getByRole("alert").filter({ hasText: "56 characters that begin with RW" }).waitFor();
    await check(page, "a key that is none", TWO);
    await page.setViewportSize(PHONE);
    await page.getByLabel("The public key").fill(KEY);
    await page.getByLabel("The public key").press("Enter");
    await page.getByText("7F15F4E4F04A102E").waitFor();
    await check(page, "a trusted key", ALL);
    await page.setViewportSize(PHONE);

    await page.getByRole("button", { name: "Add", exact: true }).press("Enter");
    const file = page.getByLabel("The plugin’s file");
    await file.waitFor();
    assert.ok(
      await file.evaluate((input) => input === document.activeElement),
      "the focus begins at the file",
    );
    await file.setInputFiles(archive("1.0.0"));
    await page.getByRole("dialog", { name: "Let The chime in?" }).waitFor();
    await page.keyboard.press("Escape");
    assert.equal(await page.evaluate(() => document.activeElement?.textContent?.trim()), "Add");
    await page.getByRole("button", { name: "Look at it: The chime 1.0.0" }).press("Enter");
    await page.getByRole("button", { name: "Let it in" }).press("Enter");
    await row(page).getByText("Runs").waitFor();

    await page.getByRole("button", { name: "Trust Ann no longer" }).press("Enter");
    await page.getByRole("button", { name: "Trust it no longer" }).press("Enter");
    await page.getByText("7F15F4E4F04A102E").waitFor({ state: "detached" });
  },
);

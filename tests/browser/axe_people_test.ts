import type { Page } from "playwright-core";
import { ALL, check, TWO } from "./axe.ts";
import { browserTest, join } from "./browser.ts";
import { newcomerTest } from "./fresh_panel.ts";

const TERMS = { validity: { kind: "always" }, accessPoints: ["lock"], usesLeft: 3 };

browserTest("axe-core finds nothing wrong with the page of people", async ({ panel, household, visitor }) => {
  const guest = await visitor();
  await join(guest, await panel.invite({ name: "Carla", role: "guest", terms: TERMS }));
  await guest.getByRole("heading", { name: "Your access" }).waitFor();
  await check(guest, "a guest's page", ALL);
  await panel.invite({ name: "Elena", role: "family" });

  await household.getByRole("button", { name: "People" }).click();
  await household.getByText("is invited").waitFor();
  await check(household, "people", ALL);
  await household.getByRole("button", { name: /^Carla/ }).click();
  await check(household, "a guest's dialog", TWO);
  await household.getByRole("button", { name: "Change" }).click();
  await check(household, "a guest's change", TWO);
  await household.keyboard.press("Escape");
  await household.getByRole("button", { name: "End the access" }).click();
  await check(household, "before access is ended", TWO);
  await household.keyboard.press("Escape");
  await household.keyboard.press("Escape");

  await household.getByRole("button", { name: "Invite", exact: true }).click();
  await household.getByRole("button", { name: "Make the invitation" }).click();
  await household.getByRole("alert").filter({ hasText: "Give a name" }).waitFor();
  await check(household, "an invitation without a name", TWO);
  await household.getByRole("textbox", { name: "Name" }).fill("Home automation");
  await household.getByRole("radio", { name: /^Service/ }).check();
  await household.getByRole("button", { name: "Next" }).click();
  await check(household, "what a service may do", TWO);
  await household.getByRole("button", { name: "Make the invitation" }).click();
  await household.locator(".qr").waitFor();
  await check(household, "an invitation", ALL);
  await household.keyboard.press("Escape");
  await household.getByRole("button", { name: "Make a backup" }).click();
  await check(household, "a backup", TWO);
});

browserTest("axe-core finds nothing wrong with codes", async ({ panel, household, visitor }) => {
  const keys = async (size: string) => {
    if (size === "phone") await household.getByRole("button", { name: "Keys" }).click();
  };
  await household.getByRole("button", { name: "New code" }).click();
  await check(household, "a new code", TWO);
  await household.getByRole("textbox", { name: "Whom or what is it for?" }).fill("Parcel");
  await household.getByRole("button", { name: "Make the code" }).click();
  await household.locator(".qr").waitFor();
  const link = await household.getByRole("textbox", { name: "Link" }).inputValue();
  await check(household, "a code that was made", ALL);
  await household.getByRole("button", { name: "I have given it on" }).click();
  await check(household, "the list of codes", ALL, keys);
  await household.getByRole("button", { name: /^Parcel/ }).click();
  await check(household, "one code", TWO);

  const courier = await visitor();
  await courier.goto(link);
  await courier.getByRole("heading", { name: "Parcel" }).waitFor();
  await check(courier, "what a code opens", ALL);
  await guess(courier, panel.origin);
  await check(courier, "the wait after wrong codes", TWO);
});

newcomerTest("axe-core finds nothing wrong on the way in", [], async ({ link, origin, visitor }) => {
  const page = await visitor();
  await page.goto(origin);
  await page.getByRole("heading", { name: "This panel has no owner yet" }).waitFor();
  await check(page, "without an owner", ALL);
  await page.route("**/api/v1/claim", (route) =>
    route.fulfill({
      contentType: "application/json",
      body: JSON.stringify({ state: "waiting", remainingMs: 120_000 }),
    }));
  await page.getByLabel("Link").fill(link);
  await page.getByRole("button", { name: "Open the link" }).click();
  await page.getByRole("heading", { name: "Now press the button inside" }).waitFor();
  await check(page, "waiting for the button", ALL);
  await page.unroute("**/api/v1/claim");
  await page.getByRole("heading", { name: "This panel is yours now" }).waitFor();
  await check(page, "an owner's first page", TWO);

  const stranger = await visitor();
  await stranger.goto(`${origin}/#join=AbCdEfGhIjKlMnOpQrSt-_`);
  await stranger.getByRole("heading", { name: "You are invited" }).waitFor();
  await check(stranger, "an invitation", ALL);
  await stranger.getByRole("button", { name: "Join" }).click();
  await stranger.getByRole("heading", { name: "This invitation is no longer good" }).waitFor();
  await check(stranger, "an invitation that is over", TWO);
});

newcomerTest(
  "axe-core finds nothing wrong with the page that helps to trust",
  ["--tls.mode", "on"],
  async ({ link, origin, visitor }) => {
    const page = await visitor({ ignoreHTTPSErrors: true });
    await page.goto(link);
    await page.getByRole("heading", { name: "This panel is yours now" }).waitFor();
    await page.goto(`${origin}/trust`);
    await page.getByRole("heading", { name: "First compare" }).waitFor();
    await page.getByText("The files").click();
    await check(page, "the trust page", ALL);
  },
);

/** Until it has to wait. */
async function guess(page: Page, origin: string): Promise<void> {
  await page.goto(origin);
  await page.getByRole("button", { name: "I have a code" }).click();
  const waits = page.getByRole("heading", { name: "Too many wrong codes" });
  for (let wrong = 0; wrong < 6; wrong++) {
    await page.getByRole("textbox", { name: "Code" }).fill("00000000");
    const check = page.getByRole("button", { name: "See what it opens" });
    await Promise.all([page.waitForResponse(/codes\/check/), check.click()]);
    await page.getByRole("alert").or(waits).first().waitFor();
  }
  await waits.waitFor();
}

import assert from "node:assert/strict";
import type { Page, Route } from "playwright-core";
import { browserTest, join } from "./browser.ts";
import { ELSEWHERE, newcomerTest } from "./fresh_panel.ts";

newcomerTest(
  "B-SET-5: on the panel's own machine its link is all it takes; the owner is asked for names, and may leave them",
  [],
  async ({ link, origin, visitor }) => {
    const stranger = await visitor();
    await stranger.goto(origin);
    await stranger.getByRole("heading", { name: "This panel has no owner yet" }).waitFor();

    const owner = await visitor();
    await owner.goto(link);
    await owner.getByRole("heading", { name: "This panel is yours now" }).waitFor();
    await owner.getByLabel("Your name").fill("Anna");
    await owner.getByLabel("This device").fill("Anna’s laptop");
    await owner.getByRole("button", { name: "Save" }).click();
    await owner.getByText("Welcome, Anna").waitFor();
    await owner.getByRole("button", { name: "People" }).click();
    await owner.getByRole("button", { name: /^Anna/ }).getByText("Anna’s laptop").waitFor();

    await stranger.getByRole("heading", { name: "Welcome to your door" }).waitFor();
    await stranger.getByLabel("Invitation link").fill(link);
    await stranger.getByRole("button", { name: "Open the link" }).click();
    await stranger.getByRole("heading", { name: "This panel has an owner already" }).waitFor();
    await stranger.getByText("Ask them for an invitation").waitFor();
  },
);

newcomerTest(
  "B-SET-5: elsewhere than on the panel's own machine the owner gives names first, and is asked no more",
  ["--tls.mode", "on", "--hosts", ELSEWHERE],
  async ({ link, visitor }) => {
    const page = await visitor({ ignoreHTTPSErrors: true });
    await page.goto(link.replace("127.0.0.1", ELSEWHERE));
    await page.getByRole("heading", { name: "Make this panel yours" }).waitFor();
    await page.getByRole("button", { name: "Go on" }).click();
    await page.getByRole("alert").getByText("Give a name").waitFor();
    await page.getByLabel("Your name").fill("Anna");
    await page.getByLabel("What is this device called?").fill("Anna’s phone");
    await page.getByRole("button", { name: "Go on" }).click();
    await page.getByRole("heading", { name: "Casa Rossi" }).waitFor();
    await page.getByRole("region", { name: "Access log" }).getByText("Anna became the owner of this panel")
      .waitFor();
    assert.equal(await page.getByRole("heading", { name: "This panel is yours now" }).count(), 0);
    await page.getByRole("button", { name: "People" }).click();
    await page.getByRole("button", { name: /^Anna/ }).getByText("Anna’s phone").waitFor();
  },
);

newcomerTest(
  "B-SET-5: a wrong link says what to do; while the panel waits for its button the page counts down, and gives up",
  [],
  async ({ link, origin, visitor }) => {
    const page = await visitor();
    await page.clock.install();
    await page.goto(`${origin}/#claim=AbCdEfGhIjKlMnOpQrSt-_`);
    await page.getByRole("heading", { name: "This is not the panel’s link" }).waitFor();

    await waitForButton(page, true);
    await page.getByLabel("Another link").fill(link);
    await page.getByRole("button", { name: "Open the link" }).click();
    await page.getByRole("heading", { name: "Now press the button inside" }).waitFor();
    await page.getByRole("timer", { name: /^1[12]\d seconds left/ }).waitFor();
    // Not second by second: the page would ask sixty times at once, and be told to wait.
    await page.clock.fastForward(60_000);
    await page.getByRole("timer", { name: /^(60|[1-5]\d) seconds left/ }).waitFor();
    await page.clock.fastForward(61_000);
    await page.getByRole("heading", { name: "Nobody pressed the button inside" }).waitFor();

    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("heading", { name: "Now press the button inside" }).waitFor();
    await waitForButton(page, false);
    await page.clock.runFor(2_000);
    await page.getByRole("heading", { name: "This panel is yours now" }).waitFor();
  },
);

newcomerTest(
  "B-SET-5: a page that waits for the button may be loaded again; what was refused or given up is not begun again",
  [],
  async ({ link, origin, visitor }) => {
    const page = await visitor();
    const stranger = page.getByRole("heading", { name: "This panel has no owner yet" });
    await page.goto(`${origin}/#claim=AbCdEfGhIjKlMnOpQrSt-_`);
    await page.getByRole("heading", { name: "This is not the panel’s link" }).waitFor();
    await page.reload();
    await stranger.waitFor();

    await waitForButton(page, true);
    await page.getByLabel("Link").fill(link);
    await page.getByRole("button", { name: "Open the link" }).click();
    await page.getByRole("heading", { name: "Now press the button inside" }).waitFor();
    await page.reload();
    await page.getByRole("heading", { name: "Now press the button inside" }).waitFor();
    await page.getByRole("button", { name: "Cancel" }).click();
    await stranger.waitFor();
    await page.reload();
    await stranger.waitFor();
  },
);

browserTest(
  "an invitation opened by a device that has access already is not used up",
  async ({ panel, household, visitor }) => {
    const link = await panel.invite({ name: "Bruno", role: "family" });
    await household.goto("about:blank");
    await household.goto(link);
    await household.getByRole("heading", { name: "This device has access already" }).waitFor();
    await household.getByText("It is one of Anna’s devices").waitFor();
    await household.getByRole("button", { name: "Go on" }).click();
    await household.getByRole("heading", { name: "Casa Rossi" }).waitFor();
    const other = await visitor();
    await join(other, link);
    await other.getByRole("heading", { name: "Casa Rossi" }).waitFor();
  },
);

browserTest(
  "B-SET-6: an invitation survives that its page is loaded again, until it is put off",
  async ({ panel, visitor }) => {
    const page = await visitor();
    await page.goto(await panel.invite({ name: "Bruno", role: "family" }));
    const invited = page.getByRole("heading", { name: "You are invited" });
    await invited.waitFor();
    await page.reload();
    await invited.waitFor();
    await page.getByRole("button", { name: "Not now" }).click();
    const stranger = page.getByRole("heading", { name: "Welcome to your door" });
    await stranger.waitFor();
    await page.reload();
    await stranger.waitFor();
  },
);

browserTest(
  "B-SET-6: who loads the page again before the panel's answer has come is let in all the same",
  async ({ panel, visitor }) => {
    const page = await visitor();
    const taken = Promise.withResolvers<void>();
    // The panel takes the invitation, and its answer is lost.
    const lose = async (route: Route) => {
      await route.fetch();
      taken.resolve();
    };
    await page.route("**/api/v1/join", lose, { times: 1 });
    await join(page, await panel.invite({ name: "Bruno", role: "family" }));
    await taken.promise;
    await page.reload();
    await page.getByRole("heading", { name: "Casa Rossi" }).waitFor();
    await page.getByRole("button", { name: "You", exact: true }).click();
    await page.getByText("Bruno · Family").waitFor();
    await page.getByRole("button", { name: "Sign this device out" }).click();
    await page.getByRole("button", { name: "Sign it out" }).click();
    await page.getByRole("heading", { name: "Welcome to your door" }).waitFor();
    await page.reload();
    await page.getByRole("heading", { name: "Welcome to your door" }).waitFor();
  },
);

browserTest(
  "whoever comes with links that are not good is told to wait, and for how long",
  async ({ panel, visitor }) => {
    const page = await visitor();
    const wrong = `${panel.origin}/#join=AbCdEfGhIjKlMnOpQrSt-_`;
    await join(page, wrong);
    await page.getByRole("heading", { name: "This invitation is no longer good" }).waitFor();
    for (let more = 0; more < 10; more++) {
      await page.getByLabel("Another link").fill(wrong);
      await page.getByRole("button", { name: "Open the link" }).click();
      await Promise.all([
        page.waitForResponse(/\/join$/),
        page.getByRole("button", { name: "Join" }).click(),
      ]);
      if (await page.getByRole("heading", { name: "Too many tries" }).isVisible()) break;
      await page.getByLabel("Another link").or(page.getByRole("heading", { name: "Too many tries" })).first()
        .waitFor();
    }
    await page.getByRole("heading", { name: "Too many tries" }).waitFor();
    await page.getByRole("button", { name: /^Try again/ }).waitFor();
    assert.equal(await page.getByLabel("Another link").count(), 0);
  },
);

/** As a panel answers that is not on the simulated board: its code alone is not enough. */
async function waitForButton(page: Page, waits: boolean): Promise<void> {
  if (!waits) return await page.unroute("**/api/v1/claim");
  await page.route("**/api/v1/claim", (route) =>
    route.fulfill({
      contentType: "application/json",
      body: JSON.stringify({ state: "waiting", remainingMs: 120_000 }),
    }));
}

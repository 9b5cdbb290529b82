import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import type { EdgePage } from "../../drivers/sim/keys.ts";
import { badgeIsForgotten, browserTest, FORGET_DEVICE } from "./browser.ts";
import type { RealPanel } from "./real_panel.ts";

browserTest(
  "B-CALL-1, B-REL-1: press the bell at the panel, see the call at home, release from it, see both logs",
  async ({ household, simulator }) => {
    await simulator.getByRole("button", { name: "Ring the bell" }).click();
    await Promise.all([
      household.getByRole("heading", { name: "Someone is at the door" }).waitFor(),
      simulator.locator(".bell[data-lit=true]").waitFor(),
    ]);
    await Promise.all([
      simulator.locator(".frame[data-energised=true]").waitFor(),
      household.locator(".panel-said").getByText("Released – come in").waitFor(),
      household.getByRole("button", { name: "Release Front door" }).click(),
    ]);
    await logRow(household, "Access log", "Anna opened Front door").waitFor();

    await household.getByRole("button", { name: "Answer" }).click();
    await household.getByRole("button", { name: "End", exact: true }).click();
    const call = logRow(household, "Calls", "Answered by Anna");
    await call.waitFor();
    assert.match(await call.innerText(), /Opened during it: Front door/);

    await simulator.getByRole("button", { name: "Push the door" }).click();
    await household.locator(".contact.is-open").waitFor();
    await simulator.getByRole("button", { name: "Close the door" }).click();
    await household.getByText("All is well").waitFor();
  },
);

browserTest(
  "B-CARD-3, B-CARD-1, B-CARD-5: enrol a badge by the wizard, swipe it, hold it, delete it",
  async ({ panel, household, simulator }) => {
    await household.getByRole("button", { name: "Add a card" }).click();
    await household.getByRole("textbox", { name: "Name" }).fill("Anna");
    await household.getByRole("button", { name: "Next" }).click();
    await household.getByRole("radio", { name: "Always" }).waitFor();
    await household.getByRole("checkbox", { name: "Gate" }).check();
    await household.getByRole("button", { name: "Next" }).click();
    await household.getByText("Hold the badge to the reader at the door").waitFor();

    const badge = simulator.getByRole("button", { name: "Red fob" });
    await badge.hover();
    await simulator.mouse.down();
    await household.getByText("Anna’s card is ready").waitFor();
    await simulator.mouse.up();
    await simulator.getByText("Three flashes of the bell’s ring").waitFor();
    await household.getByRole("button", { name: "Finish" }).click();
    await household.getByRole("button", { name: /^Anna/ }).waitFor();

    await badgeIsForgotten(simulator);
    await Promise.all([
      simulator.locator(".frame[data-energised=true]").waitFor(),
      simulator.locator(".reader[data-occupied=true]").waitFor(),
      badge.click(),
    ]);
    await logRow(household, "Access log", /Anna’s card .* opened Front door/).waitFor();

    await badgeIsForgotten(simulator);
    assert.equal(await beeps(panel), 2, "one for the enrolment, one for the swipe");
    await simulator.mouse.down();
    await simulator.locator(".gate[data-energised=true]").waitFor();
    await simulator.mouse.up();
    await logRow(household, "Access log", /Anna’s card .* opened Gate/).waitFor();

    await household.getByRole("button", { name: /^Anna/ }).click();
    await household.getByRole("button", { name: "Delete", exact: true }).click();
    await household.getByRole("button", { name: "Delete the card" }).click();
    await household.getByRole("heading", { name: "No cards yet" }).waitFor();

    await badgeIsForgotten(simulator);
    await dragToReader(simulator, "Red fob");
    await simulator.getByText("Three short beeps").waitFor();
    await simulator.mouse.up();
    await logRow(household, "Access log", "An unknown badge was refused").waitFor();
  },
);

browserTest(
  "B-REL-7: a forced door and an opened housing are alarms at home until all is well again",
  async ({ household, simulator }) => {
    const attention = household.getByRole("list", { name: "What needs attention" });
    await simulator.getByRole("button", { name: "Force it" }).click();
    await attention.getByText("The door was opened without a release").waitFor();
    const housing = simulator.getByRole("switch", { name: "The housing is off the wall" });
    await housing.click();
    await attention.getByText("The panel was opened or taken off the wall").waitFor();
    await housing.click();
    await simulator.getByRole("button", { name: "Close the door" }).click();
    await attention.waitFor({ state: "detached" });
  },
);

browserTest(
  "a release that the hardware refuses, and a panel that is gone, are said where the household looks",
  async ({ panel, household, simulator }) => {
    await simulator.getByText("Faults").click();
    await simulator.getByRole("switch", { name: "Lock" }).click();
    await household.getByRole("button", { name: "Release Front door" }).click();
    await household.locator(".panel-button.is-refused").waitFor();
    await logRow(household, "Access log", "Front door was to open, but its output did not answer").waitFor();

    await panel.stop();
    await household.getByRole("list", { name: "What needs attention" })
      .getByText("The panel can’t be reached").waitFor();
    await simulator.getByText("The panel can’t be reached").waitFor();
  },
);

browserTest(
  "B-SET-3: the nameplate is dimmed and switched off from home",
  async ({ household, simulator }) => {
    await simulator.locator('.nameplate[data-level="1"]').waitFor();
    await household.getByRole("slider", { name: "Brightness" }).focus();
    await household.keyboard.press("Home");
    await simulator.locator('.nameplate[data-level="0.01"]').waitFor();
    await household.getByText("Off", { exact: true }).click();
    await simulator.locator('.nameplate[data-level="0"]').waitFor();
  },
);

browserTest(
  "whoever has no key is told where to get one, and the link opens the page and leaves the address",
  async ({ panel, context, household }) => {
    await household.evaluate(FORGET_DEVICE);
    await household.goto(`${panel.origin}/`);
    await household.getByRole("heading", { name: "Welcome to your door" }).waitFor();
    await household.getByLabel("Link").fill(await panel.invite());
    await household.getByRole("button", { name: "Open the link" }).click();
    await household.getByRole("button", { name: "Join" }).click();
    await household.getByRole("heading", { name: "Casa Rossi" }).waitFor();
    const other = await context.newPage();
    await other.goto(`${panel.origin}/`);
    await other.getByRole("heading", { name: "Casa Rossi" }).waitFor();
    assert.equal(other.url(), `${panel.origin}/`);
    await other.getByRole("link", { name: "Simulated panel" }).click();
    await other.getByRole("heading", { name: "Simulated panel" }).waitFor();
    await other.getByRole("link", { name: "Household" }).click();
    await other.getByRole("heading", { name: "Casa Rossi" }).waitFor();
  },
);

function logRow(page: Page, log: string, text: string | RegExp) {
  return page.getByRole("region", { name: log, exact: true }).getByRole("listitem").filter({ hasText: text })
    .first();
}

/** How often the board's beeper came on. */
async function beeps(panel: RealPanel): Promise<number> {
  const { edges } = await panel.api<EdgePage>("GET", "/plugins/simulator/edges?since=0&limit=1000");
  return edges.filter(({ line, level }) => line === "beeper" && level > 0).length;
}

/** Leaves the badge in the hand, at the reader. */
async function dragToReader(simulator: Page, name: string): Promise<void> {
  await simulator.getByRole("button", { name }).hover();
  await simulator.mouse.down();
  const glass = await simulator.locator(".reader").boundingBox();
  assert.ok(glass);
  await simulator.mouse.move(glass.x + glass.width / 2, glass.y + glass.height / 2, { steps: 8 });
  await simulator.locator(".reader[data-occupied=true]").waitFor();
}

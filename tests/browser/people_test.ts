import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { browserTest, join } from "./browser.ts";
import { readQr } from "./qr_reader.ts";
import type { RealPanel } from "./real_panel.ts";

const GUEST_TERMS = {
  validity: { kind: "always" },
  accessPoints: ["lock"],
  usesLeft: 3,
};

browserTest(
  "B-SET-6: an owner invites a guest; the QR code pairs another device, once, and the list shows it at once",
  async ({ panel, household, visitor }) => {
    await household.getByRole("button", { name: "People" }).click();
    await household.getByRole("button", { name: "Invite", exact: true }).click();
    await household.getByRole("textbox", { name: "Name" }).fill("Carla");
    await household.getByRole("radio", { name: /^Guest/ }).check();
    await household.getByRole("button", { name: "Next" }).click();
    await household.getByRole("checkbox", { name: "Only a number of times" }).check();
    await household.getByLabel("Uses left").fill("3");
    await household.getByRole("button", { name: "Make the invitation" }).click();
    await household.getByText(/Good for one device, for (10:00|9:5\d)/).waitFor();
    const link = await readQr(household);
    assert.match(link, new RegExp(`^${panel.origin}/#join=[\\w-]{22}$`));
    assert.equal(await household.getByRole("textbox", { name: "Link" }).inputValue(), link);

    const guest = await visitor();
    await guest.goto(link);
    await guest.getByLabel("What is this device called?").fill("Carla’s phone");
    await guest.getByRole("button", { name: "Join" }).click();
    await guest.getByRole("heading", { name: "Casa Rossi" }).waitFor();
    assert.equal(guest.url(), `${panel.origin}/`, "the secret is not kept in the address");
    await household.getByText("Carla is in").waitFor();
    await household.getByRole("button", { name: "Done" }).click();
    const row = member(household, "Carla");
    await row.getByText("Carla’s phone").waitFor();
    await row.getByText("3 uses left").waitFor();

    const late = await visitor();
    await join(late, link);
    await late.getByRole("heading", { name: "This invitation is no longer good" }).waitFor();
    await late.getByText("Ask whoever sent it for a new one").waitFor();
  },
);

browserTest(
  "B-SET-6: a guest opens what was given, sees what is left, and within a second that the access was ended",
  async ({ panel, household, visitor }) => {
    const guest = await visitor();
    await join(guest, await panel.invite({ name: "Carla", role: "guest", terms: GUEST_TERMS }));
    await guest.getByText("You may open 3 times").waitFor();
    assert.deepEqual(await guest.locator("[data-point]").evaluateAll(pointsOf), ["lock"]);
    await Promise.all([
      guest.locator(".panel-said").getByText("Released – come in").waitFor(),
      guest.getByRole("button", { name: "Release Front door" }).click(),
    ]);
    await guest.getByText("You may open 2 times").waitFor();

    await household.getByRole("button", { name: "People" }).click();
    await member(household, "Carla").click();
    await household.getByRole("button", { name: "Change" }).click();
    await household.getByRole("switch", { name: "Suspend for now" }).click();
    await household.getByRole("button", { name: "Save" }).click();
    await guest.getByText("An owner has suspended your access for now.").waitFor();
    assert.deepEqual(await guest.locator("[data-point]").evaluateAll(pointsOf), []);

    await household.getByRole("button", { name: "End the access" }).click();
    await household.getByRole("heading", { name: "End the access of Carla?" }).waitFor();
    const ended = household.waitForResponse((response) => response.request().method() === "DELETE");
    await household.getByRole("button", { name: "End the access" }).click();
    await ended;
    await guest.getByRole("heading", { name: "This device has no access any more" })
      .waitFor({ timeout: 1_000 });
    await member(household, "Carla").waitFor({ state: "detached" });
    await household.getByRole("button", { name: "Door", exact: true }).click();
    const log = household.getByRole("region", { name: "Access log" });
    await log.getByText("Anna ended the access of Carla").waitFor();
  },
);

browserTest(
  "B-SET-6: an owner shuts out one device, which sees it at once; the member’s other device stays",
  async ({ panel, household, visitor }) => {
    const [phone, tablet] = [await visitor(), await visitor()];
    await join(phone, await panel.invite({ name: "Bruno", role: "family" }));
    await phone.getByRole("heading", { name: "Casa Rossi" }).waitFor();
    await household.getByRole("button", { name: "People" }).click();
    await member(household, "Bruno").click();
    await household.getByRole("button", { name: "Another device" }).click();
    await tablet.goto(await readQr(household));
    await tablet.getByLabel("What is this device called?").fill("Tablet");
    await tablet.getByRole("button", { name: "Join" }).click();
    await tablet.getByRole("heading", { name: "Casa Rossi" }).waitFor();
    await household.getByText("Bruno is in").waitFor();
    await household.getByRole("button", { name: "Done" }).click();

    await household.getByRole("button", { name: "Shut out Tablet" }).click();
    await household.getByRole("button", { name: "Shut it out" }).click();
    await tablet.getByRole("heading", { name: "This device has no access any more" }).waitFor();
    await household.getByRole("button", { name: "Rename Linux computer" }).click();
    await household.getByLabel("What is it called?").fill("Bruno’s phone");
    await household.getByRole("button", { name: "Save" }).click();
    await household.getByRole("dialog").getByText("Bruno’s phone").waitFor();
    await Promise.all([
      phone.locator(".panel-said").getByText("Released – come in").waitFor(),
      phone.getByRole("button", { name: "Release Front door" }).click(),
    ]);
  },
);

browserTest(
  "B-SET-6: the last owner can't be removed, nor sign out, and the page says why",
  async ({ panel, household }) => {
    await household.getByRole("button", { name: "People" }).click();
    await removeOthers(panel, household);
    await member(household, "Anna").click();
    await household.getByText("The last owner can’t be removed, nor the last device").waitFor();
    assert.equal(await household.getByRole("button", { name: "End the access" }).count(), 0);
    assert.equal(await household.getByRole("button", { name: /^Shut out/ }).count(), 0);
    await household.keyboard.press("Escape");

    await household.getByRole("button", { name: "Sign this device out" }).click();
    await household.getByRole("button", { name: "Sign it out" }).click();
    await household.getByRole("alert").getByText("make someone else an owner first").waitFor();
    await household.getByRole("button", { name: "Keep it" }).click();
    await household.reload();
    await member(household, "Anna").waitFor();
  },
);

browserTest(
  "an invitation that was sent to the wrong one is withdrawn, and one that is over is made anew",
  async ({ panel, household, visitor }) => {
    await household.getByRole("button", { name: "People" }).click();
    await household.getByRole("button", { name: "Invite", exact: true }).click();
    await household.getByRole("textbox", { name: "Name" }).fill("Elena");
    await household.getByRole("button", { name: "Make the invitation" }).click();
    const link = await readQr(household);
    await household.getByRole("button", { name: "Done" }).click();
    const open = household.getByRole("list", { name: "Open invitations" });
    await open.getByText("Elena").waitFor();
    await household.getByRole("button", { name: "Withdraw the invitation of Elena" }).click();
    await open.waitFor({ state: "detached" });
    const other = await visitor();
    await join(other, link);
    await other.getByRole("heading", { name: "This invitation is no longer good" }).waitFor();
    await other.getByLabel("Another link").fill(await panel.invite({ name: "Elena", role: "family" }));
    await other.getByRole("button", { name: "Open the link" }).click();
    await other.getByRole("button", { name: "Join" }).click();
    await other.getByRole("heading", { name: "Casa Rossi" }).waitFor();
  },
);

function member(page: Page, name: string) {
  return page.getByRole("button", { name: new RegExp(`^${name}`) });
}

/** So that the household's device is the last owner's; the test's own access ends with it. */
async function removeOthers(panel: RealPanel, household: Page): Promise<void> {
  const members = await panel.api<{ id: string; name: string }[]>("GET", "/members");
  const own = members.find(({ name }) => name === "Owner");
  assert.ok(own);
  await panel.api("DELETE", `/members/${own.id}`);
  await member(household, "Owner").waitFor({ state: "detached" });
}

function pointsOf(buttons: (HTMLElement | SVGElement)[]): (string | undefined)[] {
  return buttons.map((button) => button.dataset["point"]);
}

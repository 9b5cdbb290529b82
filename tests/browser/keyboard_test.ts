/// <reference lib="dom" />
import assert from "node:assert/strict";
import { badgeIsForgotten, browserTest, join } from "./browser.ts";
import { focusedName, tabTo, typeInto } from "./keys.ts";

browserTest(
  "with keys alone: press the bell, answer, release, enrol a badge, hold it, take it away",
  async ({ household, simulator }) => {
    await tabTo(simulator, "Ring the bell");
    await simulator.keyboard.press("Space");
    await household.getByRole("heading", { name: "Someone is at the door" }).waitFor();
    await tabTo(household, "Answer");
    await household.keyboard.press("Enter");
    await household.getByRole("button", { name: "End", exact: true }).waitFor();
    await tabTo(household, "Release Front door");
    await household.keyboard.press("Enter");
    await household.locator(".panel-said").getByText("Released – come in").waitFor();

    await tabTo(household, "Add a card");
    await household.keyboard.press("Enter");
    await typeInto(household, "Name", "Bruno");
    await household.keyboard.press("Enter");
    await household.getByRole("radio", { name: "Always" }).waitFor();
    await tabTo(household, "Gate");
    await household.keyboard.press("Space");
    await tabTo(household, "Next");
    await household.keyboard.press("Enter");
    await household.getByText("Hold the badge to the reader at the door").waitFor();

    await tabTo(simulator, "Blue fob");
    await simulator.keyboard.down("Enter");
    await household.getByText("Bruno’s card is ready").waitFor();
    await simulator.keyboard.up("Enter");
    await simulator.locator(".reader[data-occupied=false]").waitFor();
    await household.keyboard.press("Escape");
    await household.getByRole("dialog").waitFor({ state: "detached" });
    assert.equal(await focusedName(household), "Add a card", "the focus comes back to where it was");

    await badgeIsForgotten(simulator);
    await simulator.keyboard.down("Space");
    await simulator.locator(".gate[data-energised=true]").waitFor();
    await simulator.keyboard.press("Escape");
    await simulator.locator(".reader[data-occupied=false]").waitFor();
    await simulator.keyboard.up("Space");

    await tabTo(household, "Bruno ·");
    await household.keyboard.press("Enter");
    await tabTo(household, "Delete");
    await household.keyboard.press("Enter");
    await tabTo(household, "Delete the card");
    await household.keyboard.press("Enter");
    await household.getByRole("heading", { name: "No cards yet" }).waitFor();
    assert.equal(await focusedName(household), "Cards", "what had the focus is gone; the list is not");
  },
);

browserTest(
  "a badge that stays at the reader is put there with one key and taken away with another",
  async ({ simulator }) => {
    await tabTo(simulator, "Stays at the reader");
    await simulator.keyboard.press("Space");
    await tabTo(simulator, "White card");
    await simulator.keyboard.press("Enter");
    await simulator.locator(".reader[data-occupied=true]").waitFor();
    await simulator.getByText("Three short beeps").waitFor();
    assert.equal(await simulator.locator(".reader").getAttribute("data-occupied"), "true");
    await simulator.keyboard.press("Escape");
    await simulator.locator(".reader[data-occupied=false]").waitFor();
  },
);

browserTest("door, exit button and faults work with keys", async ({ household, simulator }) => {
  const open = household.locator(".contact.is-open");
  const opened = async () => {
    await tabTo(simulator, "Press the exit button");
    await Promise.all([
      simulator.locator(".frame[data-energised=true]").waitFor(),
      simulator.keyboard.press("Enter"),
    ]);
    await tabTo(simulator, "Push the door", "Shift+Tab");
    await simulator.keyboard.press("Enter");
    return await open.waitFor({ timeout: 3_000 }).then(() => true, () => false);
  };
  // On a busy machine the pulse may be over before the keys have come so far.
  for (let tries = 1; !await opened(); tries++) assert.ok(tries < 5, "the door does not open");
  await tabTo(simulator, "Faults");
  await simulator.keyboard.press("Enter");
  await tabTo(simulator, "never notices that a badge left");
  await simulator.keyboard.press("Space");
  await simulator.getByText("1 on").waitFor();
});

browserTest(
  "the memory card is taken out, swapped, filled up and worn out with keys",
  async ({ simulator }) => {
    const slot = simulator.getByRole("region", { name: "Memory card" });
    await tabTo(simulator, "Take it out");
    await simulator.keyboard.press("Enter");
    await slot.getByText("Nothing is recorded until a card is in").waitFor();
    await slot.getByRole("button", { name: "Put it back" }).and(simulator.locator(":focus")).waitFor();
    await simulator.keyboard.press("Enter");
    await slot.getByText("It can be initialized").waitFor();
    await tabTo(simulator, "Card 1", "Shift+Tab");
    await simulator.keyboard.press("ArrowRight");
    await slot.getByRole("radio", { name: "Card 2", checked: true }).waitFor();
    await tabTo(simulator, "Condition");
    await simulator.keyboard.press("Enter");
    await tabTo(simulator, "Worn out");
    await simulator.keyboard.press("Space");
    await slot.getByText("The panel gets no answer from it").waitFor();
    await tabTo(simulator, "Filled with other files");
    for (let step = 0; step < 20; step++) await simulator.keyboard.press("ArrowRight");
    await slot.getByText("2 wrong").waitFor();
  },
);

browserTest(
  "with keys alone: invite a guest, see it taken up, end the access; make a code and revoke it",
  async ({ household, visitor }) => {
    await tabTo(household, "People");
    await household.keyboard.press("Enter");
    await tabTo(household, "Invite");
    await household.keyboard.press("Enter");
    await typeInto(household, "Name", "Carla");
    await tabTo(household, "Family");
    await household.keyboard.press("ArrowDown");
    await tabTo(household, "Next");
    await household.keyboard.press("Enter");
    await household.getByRole("heading", { name: "How far may Carla go?" }).waitFor();
    await tabTo(household, "Make the invitation");
    await household.keyboard.press("Enter");
    await household.locator(".qr").waitFor();
    assert.equal(await focusedName(household), "Invite Carla", "the focus is at the beginning of the step");
    const guest = await visitor();
    await join(guest, await household.getByRole("textbox", { name: "Link" }).inputValue());
    await household.getByText("Carla is in").waitFor();
    assert.equal(await focusedName(household), "Done", "what had the focus is gone");
    await household.keyboard.press("Enter");
    assert.equal(await focusedName(household), "Invite", "the focus comes back to where it was");

    await tabTo(household, "Carla");
    await household.keyboard.press("Enter");
    await tabTo(household, "End the access");
    await household.keyboard.press("Enter");
    await household.getByRole("heading", { name: "End the access of Carla?" }).waitFor();
    assert.equal(await focusedName(household), "Keep it", "the focus begins where nothing happens");
    await tabTo(household, "End the access");
    await household.keyboard.press("Enter");
    await guest.getByRole("heading", { name: "This device has no access any more" }).waitFor();

    await tabTo(household, "Door", "Shift+Tab");
    await household.keyboard.press("Enter");
    await tabTo(household, "New code");
    await household.keyboard.press("Enter");
    await typeInto(household, "Whom or what is it for?", "Parcel");
    await household.keyboard.press("Enter");
    await tabTo(household, "I have given it on");
    await household.keyboard.press("Enter");
    await tabTo(household, "Parcel");
    await household.keyboard.press("Enter");
    await tabTo(household, "Revoke");
    await household.keyboard.press("Enter");
    await tabTo(household, "Revoke the code");
    await household.keyboard.press("Enter");
    await household.getByRole("heading", { name: "No codes" }).waitFor();
    assert.equal(await focusedName(household), "Codes", "what had the focus is gone; the list is not");
  },
);

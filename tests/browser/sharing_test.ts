import assert from "node:assert/strict";
import { check, TWO } from "./axe.ts";
import { browserTest } from "./browser.ts";

browserTest("an owner lets panels share cards, makes a code for one, and ends it", async ({ household }) => {
  await household.getByRole("button", { name: "People" }).click();
  const card = household.getByRole("region", { name: "Several panels" });
  await card.getByText("There is no MQTT broker now").waitFor();
  await card.getByRole("button", { name: "Share the cards of this panel" }).click();
  await card.getByText("This panel shares its cards with others").waitFor();
  await card.getByRole("button", { name: "Let a panel join" }).click();
  await household.getByText(/Good for one panel, for (10:00|9:5\d)/).waitFor();
  assert.match(await household.getByRole("textbox", { name: "Code" }).inputValue(), /^[\w-]{86}$/);
  await check(household, "a code for a panel", TWO);
  await household.getByRole("button", { name: "Done" }).click();
  await card.getByRole("button", { name: "Share no longer" }).click();
  await check(household, "before sharing ends", TWO);
  const dialog = household.getByRole("dialog", { name: "Share cards no longer?" });
  await dialog.getByRole("button", { name: "Share no longer" }).click();
  await card.getByRole("button", { name: "Join another panel" }).waitFor();
  await household.getByRole("button", { name: "Door", exact: true }).click();
  const log = household.getByRole("region", { name: "Access log" });
  await log.getByText("Anna ended that this panel shares cards").waitFor();
});

browserTest(
  "what is no code of a panel is refused where it was entered, and one that is makes the panel ask",
  async ({ household }) => {
    await household.getByRole("button", { name: "People" }).click();
    const card = household.getByRole("region", { name: "Several panels" });
    await card.getByRole("button", { name: "Join another panel" }).click();
    await household.getByRole("textbox", { name: "Code" }).fill("no code");
    await household.getByRole("button", { name: "Join", exact: true }).click();
    await household.getByRole("alert").filter({ hasText: "This is no code of a site" }).waitFor();
    await check(household, "a code that is none", TWO);
    await household.getByRole("textbox", { name: "Code" }).fill("A".repeat(86));
    await household.getByRole("button", { name: "Join", exact: true }).click();
    await card.getByText("This panel asks to share the cards of others").waitFor();
    await card.getByRole("button", { name: "Do not join" }).waitFor();
  },
);

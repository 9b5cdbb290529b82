import { ALL, check, TWO } from "./axe.ts";
import { browserTest, FORGET_DEVICE } from "./browser.ts";

browserTest("axe-core finds nothing wrong with the household's page", async ({ panel, household }) => {
  await panel.api("POST", "/plugins/rfid/enrolments", {
    holderName: "Anna",
    terms: { accessPoints: ["lock", "gate"] },
  });
  await household.locator(".pending").waitFor();
  await check(household, "while a card is added", TWO);
  await panel.api("POST", "/plugins/simulator/readers/reader/present", { badge: "red" });
  await household.getByRole("button", { name: /^Anna/ }).waitFor({ state: "attached" });
  await panel.api("POST", "/plugins/simulator/readers/reader/remove");

  await panel.api("POST", "/plugins/simulator/inputs/bell/press");
  await panel.api("POST", "/plugins/simulator/inputs/tamper", { active: true });
  await household.locator(".call.is-ringing").waitFor();
  await household.locator(".concern").waitFor();
  await check(household, "while it rings", ALL, async (size) => {
    if (size === "phone") await household.getByRole("button", { name: "Door", exact: true }).click();
  });
  await check(household, "with logs", ALL, async (size) => {
    if (size === "phone") await household.getByRole("button", { name: "Activity" }).click();
  });

  await household.getByRole("button", { name: /^Anna/ }).click();
  await check(household, "with a card shown", TWO);
  await household.getByRole("button", { name: "Change" }).click();
  await household.getByRole("radio", { name: "Weekly schedule" }).check();
  await check(household, "with a card changed", TWO);
  await household.keyboard.press("Escape");
  await household.getByRole("button", { name: "Delete", exact: true }).click();
  await check(household, "with a card deleted", TWO);
  await household.keyboard.press("Escape");
  await household.keyboard.press("Escape");

  await household.getByRole("button", { name: "Add a card" }).click();
  await household.getByRole("button", { name: "Next" }).click();
  await household.getByRole("alert").filter({ hasText: "Give a name" }).waitFor();
  await check(household, "with a name missing", TWO);
  await household.getByRole("textbox", { name: "Name" }).fill("Bruno");
  await household.getByRole("button", { name: "Next" }).click();
  await household.getByRole("radio", { name: "Always" }).waitFor();
  await household.getByRole("button", { name: "Next" }).click();
  await household.getByText("Hold the badge to the reader at the door").waitFor();
  await check(household, "waiting for a badge", TWO);
});

browserTest("axe-core finds nothing wrong with the simulator's page", async ({ simulator }) => {
  await check(simulator, "at rest", ALL);
  await simulator.getByText("Faults").click();
  await simulator.getByText("Record", { exact: true }).click();
  await simulator.getByRole("switch", { name: "notices nothing at all" }).click();
  await simulator.getByText("1 on").waitFor();
  await simulator.getByText("Condition").click();
  await simulator.getByRole("switch", { name: "Write-protected" }).click();
  await simulator.getByText("1 wrong").waitFor();
  await simulator.getByRole("button", { name: "Force it" }).click();
  await simulator.getByRole("button", { name: "Close the door" }).waitFor();
  await check(simulator, "with its drawers open", ALL);
  await simulator.getByRole("button", { name: "Take it out" }).click();
  await simulator.getByText("Nothing is recorded until a card is in").waitFor();
  await check(simulator, "without a memory card", TWO);
});

browserTest(
  "axe-core finds nothing wrong with the page of one who has no key",
  async ({ panel, household }) => {
    await household.evaluate(FORGET_DEVICE);
    await household.goto(`${panel.origin}/`);
    await household.getByRole("heading", { name: "Welcome to your door" }).waitFor();
    await check(household, "without a key", ALL);
  },
);

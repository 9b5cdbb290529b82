import assert from "node:assert/strict";
import type { BoardState } from "../../drivers/sim/keys.ts";
import { browserTest } from "./browser.ts";

interface Part {
  id: string;
  state: { card?: string };
}

browserTest(
  "B-REC-1: at the simulator a card is swapped, taken out and spoiled, and panel and household say what they make of it",
  async ({ panel, household, simulator }) => {
    const slot = simulator.getByRole("region", { name: "Memory card" });
    const says = (text: string) => slot.getByRole("status").getByText(text).waitFor();
    const toggle = (name: string) => slot.getByRole("switch", { name }).click();
    const seen = async () => {
      const parts = await panel.api<Part[]>("GET", "/parts");
      return parts.find(({ id }) => id === "recorder")?.state.card;
    };
    const slotNow = async () => (await panel.api<BoardState>("GET", "/plugins/simulator/board")).slot;

    await says("It can be initialized at home");
    await panel.api("POST", "/plugins/recorder/card/initialize", { confirm: "erase" });
    await says("The panel records on it");

    await slot.getByText("Card 2").click();
    await says("It can be initialized at home");
    await household.getByText("A new memory card").waitFor();
    assert.equal(await seen(), "uninitialized");
    await slot.getByText("Card 1").click();
    await says("The panel records on it");

    await slot.getByRole("button", { name: "Take it out" }).click();
    await says("Nothing is recorded until a card is in");
    await household.getByText("No memory card").waitFor();
    assert.equal(await seen(), "absent");
    await slot.getByRole("button", { name: "Put it back" }).click();
    await says("The panel records on it");

    await slot.getByText("Condition").click();
    await toggle("Write-protected");
    await says("The panel can’t write to it");
    await household.getByText("The card is write-protected").waitFor();
    await toggle("Write-protected");
    await says("The panel records on it");
    await toggle("Worn out");
    await says("The panel gets no answer from it");
    await toggle("Worn out");
    await says("The panel records on it");

    await slot.getByRole("slider").focus();
    await simulator.keyboard.press("End");
    await says("The panel has found no room on it");
    await household.getByText("The card is full").waitFor();
    await slot.getByText("1 wrong").waitFor();
    await slot.getByRole("combobox").selectOption("8.0 GB");
    await says("The panel has found no room on it");
    await slot.getByRole("slider").focus();
    await simulator.keyboard.press("Home");
    await says("The panel records on it");
    await toggle("Slow");
    await slot.getByText("1 wrong").waitFor();
    assert.deepEqual(await slotNow(), {
      ...{ card: "card-1", bytes: 8_000_000_000, taken: 0 },
      ...{ writeProtected: false, wornOut: false, slow: true },
    });

    await slot.getByRole("button", { name: "New card" }).click();
    await slot.getByRole("radio", { name: /^Card [0-9a-f]{4}$/, checked: true }).waitFor();
    await says("It can be initialized at home");
    assert.deepEqual([(await slotNow()).bytes, (await slotNow()).slow], [32_000_000_000, false], "it is new");
  },
);

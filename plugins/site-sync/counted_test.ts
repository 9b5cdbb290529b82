import assert from "node:assert/strict";
import { OWNER } from "../../core/testing/access_panel.ts";
import { House } from "./testing/house.ts";
import type { SitePanelBench } from "./testing/site_panel.ts";

async function limit(house: House, panel: SitePanelBench): Promise<string[][]> {
  await panel.access.credentials.change((await panel.idOf("0001"))!, { usesLeft: 3 }, OWNER);
  await house.settle();
  await house.advance(60_000);
  for (const each of house.panels) assert.equal((await each.view()).pending, 0, each.name);
  return await Promise.all(house.panels.map((each) => each.cards()));
}

Deno.test("a card whose uses are counted from now on leaves the site, and is gone at each panel that follows", async () => {
  await using house = new House();
  const [street, garage] = await house.site("Street", "Garage", "Yard");
  await street!.addCard("0001");
  assert.deepEqual(await limit(house, garage!), [[], [], []]);
});

Deno.test("at the panel that keeps the key it stays, as its own card, which is not shared", async () => {
  await using house = new House();
  const [street, garage] = await house.site("Street", "Garage", "Yard");
  await garage!.addCard("0001");
  assert.deepEqual(await limit(house, street!), [["0001 Anna"], [], []]);
  assert.equal((await street!.access.credentials.get((await street!.idOf("0001"))!)).usesLeft, 3);
});

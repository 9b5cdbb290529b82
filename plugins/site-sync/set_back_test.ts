import assert from "node:assert/strict";
import { House } from "./testing/house.ts";
import type { SitePanelBench } from "./testing/site_panel.ts";

/** The keeper of a site, what takes it back to three cards, and what has happened at the site since. */
async function setBack(house: House): Promise<{ street: SitePanelBench; restore: () => Promise<void> }> {
  const [street, garage, yard] = await house.site("Street", "Garage", "Yard");
  for (const number of ["0001", "0002", "0003"]) await street!.addCard(number);
  const restore = await street!.backUp();
  await street!.removeCard("0001");
  await garage!.change("0002", { suspended: true });
  await street!.call("DELETE", "/panels/{id}", undefined, { params: { id: yard!.id } });
  await house.settle();
  await garage!.addCard("0004", "Dora");
  return { street: street!, restore };
}

Deno.test("the panel that keeps the key goes on from what it said last when an old backup of it was restored", async () => {
  await using house = new House();
  const { street, restore } = await setBack(house);
  const [, garage, yard] = house.panels;
  const before = await street.view();
  await restore();
  const expected = ["0002 Anna suspended", "0003 Anna", "0004 Dora"];
  assert.deepEqual([await street.cards(), await garage!.cards()], [expected, expected]);
  assert.deepEqual((await street.view()).panels.map(({ name }) => name), ["Street", "Garage"]);
  assert.ok((await street.view()).version >= before.version);
  await street.change("0003", { suspended: true });
  await garage!.removeCard("0004");
  const later = ["0002 Anna suspended", "0003 Anna suspended"];
  assert.deepEqual([await street.cards(), await garage!.cards()], [later, later]);
  assert.equal((await yard!.view()).role, "removed");
});

Deno.test("what was changed at it since, with no broker, is not lost: it takes away and suspends, it adds", async () => {
  await using house = new House();
  const { street, restore } = await setBack(house);
  const garage = house.panels[1]!;
  await street.setUp(false);
  await restore();
  await street.removeCard("0003");
  await street.addCard("0005", "Emil");
  await street.change("0001", { holderName: "Zoe" });
  await street.change("0002", { holderName: "Zoe" });
  await street.setUp(true);
  const expected = ["0002 Anna suspended", "0004 Dora", "0005 Emil"];
  assert.deepEqual([await street.cards(), await garage.cards()], [expected, expected]);
  assert.equal((await street.view()).pending, 0);
});

Deno.test("wishes of a panel that was set back are taken: it counts on from the last that was", async () => {
  await using house = new House();
  const [street, garage] = await house.site("Street", "Garage");
  const restore = await garage!.backUp();
  for (const number of ["0001", "0002", "0003"]) await garage!.addCard(number);
  await restore();
  await garage!.removeCard("0002");
  const expected = ["0001 Anna", "0003 Anna"];
  assert.deepEqual([await street!.cards(), await garage!.cards()], [expected, expected]);
});

Deno.test("nothing that a panel wished before it left counts once it has joined again", async () => {
  await using house = new House();
  const [street, garage] = await house.site("Street", "Garage");
  await garage!.addCard("0001");
  await street!.removeCard("0001");
  await garage!.call("DELETE", "/site");
  await house.join(street!, garage!);
  for (const { topic, payload } of [...house.sent]) {
    for (const panel of house.panels) await panel.hear(topic, payload);
  }
  await house.settle();
  for (const panel of house.panels) assert.deepEqual(await panel.cards(), [], panel.name);
  await garage!.addCard("0002");
  assert.deepEqual(await street!.cards(), ["0002 Anna"]);
});

import assert from "node:assert/strict";
import fc from "fast-check";
import { House } from "./testing/house.ts";
import type { SitePanelBench } from "./testing/site_panel.ts";

const takes = (panel: SitePanelBench) => panel.removeCard("0001");
const suspends = (panel: SitePanelBench) => panel.change("0001", { suspended: true });

for (
  const [name, revokes, expected] of [["taken away", takes, []], ["suspended", suspends, [
    "0001 Zoe suspended",
  ]]] as const
) {
  Deno.test(`a card that was ${name} here stays so when the site says something else of it before it has heard of that`, async () => {
    await using house = new House();
    const [street, garage, yard] = await house.site("Street", "Garage", "Yard");
    await street!.addCard("0001");
    await garage!.setUp(false);
    await revokes(garage!);
    await yard!.change("0001", { holderName: "Zoe" });
    for (const [topic, payload] of house.retained) await garage!.hear(topic, payload, true);
    assert.notEqual(await garage!.shows("0001"), "released");
    await garage!.setUp(true);
    await house.advance(15_000);
    for (const panel of house.panels) assert.deepEqual(await panel.cards(), expected, panel.name);
  });

  Deno.test(`a card that was ${name} opens nothing at the others, with the panel that keeps the key away`, async () => {
    await using house = new House();
    const [street, garage, yard] = await house.site("Street", "Garage", "Yard");
    await street!.addCard("0001");
    await street!.setUp(false);
    await revokes(garage!);
    assert.notEqual(await yard!.shows("0001"), "released");
    assert.equal(await street!.shows("0001"), "released");
    await street!.setUp(true);
    await house.advance(15_000);
    assert.notEqual(await street!.shows("0001"), "released");
    for (const panel of house.panels) assert.equal((await panel.view()).pending, 0, panel.name);
  });

  Deno.test(`that a card was ${name} once is not done again to one that was put right since`, async () => {
    await using house = new House();
    const [street, garage, yard] = await house.site("Street", "Garage", "Yard");
    await street!.addCard("0001");
    await revokes(garage!);
    if (revokes === takes) await street!.addCard("0001");
    else await street!.change("0001", { suspended: false });
    for (const { topic, payload } of [...house.sent]) await yard!.hear(topic, payload);
    await house.settle();
    for (const panel of house.panels) assert.equal(await panel.shows("0001"), "released", panel.name);
  });
}

Deno.test("a panel that was away has what holds, in whatever order and however often it is told", async () => {
  await using house = new House();
  const [street, garage, yard] = await house.site("Street", "Garage", "Yard");
  for (const number of ["0001", "0002", "0003"]) await street!.addCard(number);
  await garage!.setUp(false);
  const restore = await garage!.backUp();
  const from = house.sent.length;
  await yard!.removeCard("0001");
  await street!.change("0002", { suspended: true });
  await street!.change("0002", { suspended: false });
  await yard!.change("0003", { suspended: true });
  await yard!.addCard("0004");
  await street!.addCard("0001", "Bruno");
  await street!.removeCard("0001");
  const missed = house.sent.slice(from);
  const expected = await street!.cards();
  assert.deepEqual(expected, ["0002 Anna", "0003 Anna suspended", "0004 Anna"]);
  const all = missed.map((_, index) => index);
  const anyOrder = fc.tuple(fc.shuffledSubarray(all, { minLength: all.length }), fc.shuffledSubarray(all));
  await fc.assert(
    fc.asyncProperty(anyOrder, async ([once, again]) => {
      await restore();
      assert.deepEqual(await garage!.cards(), ["0001 Anna", "0002 Anna", "0003 Anna"]);
      for (const index of [...once, ...again]) {
        await garage!.hear(missed[index]!.topic, missed[index]!.payload);
      }
      await house.settle();
      assert.deepEqual(await garage!.cards(), expected);
    }),
    { numRuns: 25 },
  );
});

Deno.test("a card that comes under a new key ahead of it is the newest of it, in whatever order they come", async () => {
  await using house = new House();
  const [street, garage, yard] = await house.site("Street", "Garage", "Yard");
  await street!.addCard("0001");
  await garage!.setUp(false);
  await street!.call("DELETE", "/panels/{id}", undefined, { params: { id: yard!.id } });
  await house.settle();
  const from = house.sent.length;
  await street!.change("0001", { holderName: "Zoe" });
  await street!.change("0001", { suspended: true });
  const said = house.sent.slice(from);
  const cards = said.filter(({ topic }) => topic.includes("/card/")).toReversed();
  assert.equal(cards.length, 2);
  const register = said.findLast(({ topic }) => topic.endsWith("/register"))!;
  for (const { topic, payload } of [...cards, register]) await garage!.hear(topic, payload);
  await house.settle();
  assert.deepEqual(await garage!.cards(), ["0001 Zoe suspended"]);
});

Deno.test("a card that is taken away where it was just added is so before the site has answered, with the panel that keeps the key away too", async () => {
  await using house = new House();
  const [street, garage] = await house.site("Street", "Garage", "Yard");
  await garage!.flashCard("0001");
  await street!.setUp(false);
  await garage!.flashCard("0002");
  await street!.setUp(true);
  await house.advance(15_000);
  for (const panel of house.panels) {
    assert.deepEqual([await panel.cards(), (await panel.view()).pending], [[], 0], panel.name);
  }
});

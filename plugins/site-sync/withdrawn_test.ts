import assert from "node:assert/strict";
import { House } from "./testing/house.ts";

Deno.test("a change that was undone before the broker was back is nothing to the site", async () => {
  await using house = new House();
  const [street, garage] = await house.site("Street", "Garage");
  await street!.addCard("0001");
  await garage!.setUp(false);
  await garage!.change("0001", { holderName: "Zoe" });
  await garage!.change("0001", { holderName: "Anna" });
  await garage!.setUp(true);
  await house.advance(15_000);
  for (const panel of house.panels) assert.deepEqual(await panel.cards(), ["0001 Anna"], panel.name);
  for (const panel of house.panels) assert.equal((await panel.view()).pending, 0, panel.name);
});

Deno.test("a change that was undone before the site had heard of it does not come back when it is told late", async () => {
  await using house = new House();
  const [street, garage] = await house.site("Street", "Garage");
  await street!.addCard("0001");
  await street!.setUp(false);
  await garage!.change("0001", { holderName: "Zoe" });
  const wishes = house.sent.filter(({ topic }) => topic.includes("/wish/"));
  await garage!.change("0001", { holderName: "Anna" });
  await street!.setUp(true);
  for (const { topic, payload } of wishes) await street!.hear(topic, payload);
  await house.advance(15_000);
  for (const panel of house.panels) assert.deepEqual(await panel.cards(), ["0001 Anna"], panel.name);
  for (const panel of house.panels) assert.equal((await panel.view()).pending, 0, panel.name);
});

Deno.test("while there is no broker, a change that waits is not written to the disk again and again", async () => {
  await using house = new House();
  const [street, garage] = await house.site("Street", "Garage");
  await garage!.setUp(false);
  const writesIn = async (ms: number) => {
    const writes = garage!.countWrites();
    await house.advance(ms);
    return writes();
  };
  const usual = await writesIn(10 * 60_000);
  await garage!.addCard("0001");
  assert.equal(await writesIn(10 * 60_000), usual);
  await garage!.setUp(true);
  assert.deepEqual(await street!.cards(), ["0001 Anna"]);
});

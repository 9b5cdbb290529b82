import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import type { LogRow } from "../../core/mod.ts";
import { House } from "./testing/house.ts";
import type { SitePanelBench } from "./testing/site_panel.ts";

/** A site of two whose second has a card to show. */
async function twoOf(house: House): Promise<[street: SitePanelBench, garage: SitePanelBench]> {
  const [street, garage] = await house.site("Street", "Garage");
  await garage!.addCard("0001");
  return [street!, garage!];
}

async function showing(panel: SitePanelBench, times: number): Promise<void> {
  for (let n = 0; n < times; n++) {
    await panel.clock.advance(1);
    await panel.shows("0001");
  }
}

async function collected(house: House): Promise<LogRow[]> {
  for (let n = 0; n < 4; n++) await house.advance(15_000);
  const [street, garage] = house.panels;
  return (await street!.logOf(garage!)).toReversed();
}

/** The panel's own log from the row at which it joined. */
async function own(panel: SitePanelBench, { seq: first }: LogRow): Promise<LogRow[]> {
  return (await panel.access.rows()).filter(({ seq }) => seq >= first);
}

Deno.test("what a panel with an old backup has lost of another's log comes again, once and in order", async () => {
  await using house = new House();
  const [street, garage] = await twoOf(house);
  await showing(garage, 3);
  const before = await collected(house);
  const restore = await street.backUp();
  await showing(garage, 130);
  assert.equal((await collected(house)).length, before.length + 130);
  await restore();
  await showing(garage, 2);
  const log = await collected(house);
  assert.deepEqual(log, await own(garage, log[0]!));
  assert.equal(log.length, before.length + 132);
});

Deno.test("a backup from before any row of it came brings all since it joined, and none of before", async () => {
  await using house = new House();
  const [street] = await house.site("Street");
  const garage = await house.add("Garage");
  await garage.access.present({ id: "card-99" });
  const restore = await street!.backUp();
  await house.join(street!, garage);
  await garage.addCard("0001");
  await showing(garage, 3);
  const before = await collected(house);
  await restore();
  assert.deepEqual(await collected(house), before);
  assert.ok(before[0]!.seq > 1);
});

for (const [since, later] of [[8, 2], [8, 8], [3, 140], [250, 3]] as const) {
  Deno.test(`a panel's log that was set back by ${since} rows comes on from there, by ${later}: both lives are there, once and in order`, async () => {
    await using house = new House();
    const [, garage] = await twoOf(house);
    await showing(garage, 3);
    const { length } = await collected(house);
    // What was not sent when the backup was made is there all the same by then.
    await garage.setUp(false);
    await showing(garage, 2);
    const restore = await garage.backUp();
    await garage.setUp(true);
    await showing(garage, since);
    const first = await collected(house);
    await restore();
    await showing(garage, later);
    const log = await collected(house);
    const now = await own(garage, first[0]!);
    const shared = now.filter((row, n) => isDeepStrictEqual(row, first[n])).length;
    assert.ok(shared >= length + 2 && shared < now.length);
    assert.deepEqual(log, [...first, ...now.slice(shared)]);
  });
}

Deno.test("both set back, to different days, and with a new key meanwhile: nothing that the log holds is missing", async () => {
  await using house = new House();
  const [street, garage] = await twoOf(house);
  const yard = await house.add("Yard");
  await house.join(street, yard);
  const restoreStreet = await street.backUp();
  await showing(garage, 5);
  await collected(house);
  const restoreGarage = await garage.backUp();
  await showing(garage, 5);
  const first = await collected(house);
  await street.call("DELETE", "/panels/{id}", undefined, { params: { id: yard.id } });
  await restoreGarage();
  await showing(garage, 4);
  await collected(house);
  await restoreStreet();
  await showing(garage, 4);
  const log = await collected(house);
  assert.deepEqual(log, await own(garage, first[0]!));
  assert.equal(new Set(log.map((row) => JSON.stringify(row))).size, log.length);
});

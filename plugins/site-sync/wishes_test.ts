import assert from "node:assert/strict";
import { MOST_CARDS } from "./documents.ts";
import { House } from "./testing/house.ts";

const wishes = (house: House) => house.sent.filter(({ topic }) => topic.includes("/wish/")).length;

Deno.test("while the panel with the key is off a change is told ever more seldom, writes nothing, and is told at once when it is back", async () => {
  await using house = new House();
  const [street, garage] = await house.site("Street", "Garage");
  await street!.setUp(false);
  for (const number of ["0001", "0002"]) await garage!.addCard(number);
  const told = wishes(house);
  const [written, idle] = [garage!.countWrites(), street!.countWrites()];
  const counts: number[] = [];
  for (let quarter = 0; quarter < 240; quarter++) {
    await house.advance(15_000);
    counts.push(wishes(house) - told);
  }
  assert.equal(written(), idle(), "as one that has nothing to tell");
  assert.deepEqual([counts[0], counts[1], counts[2]], [2, 2, 4]);
  assert.ok(counts.at(-1)! <= 2 * 10, `${counts.at(-1)} in an hour`);
  await street!.setUp(true);
  assert.deepEqual(await street!.cards(), ["0001 Anna", "0002 Anna"]);
  assert.equal((await garage!.view()).pending, 0);
});

Deno.test("a card above the site's limit is told ever more seldom too, refused with one warning, and taken once there is room", async () => {
  await using house = new House();
  const street = await house.add("Street");
  for (let n = 0; n < MOST_CARDS; n++) {
    await street.access.addCard({}, `04A1${n.toString().padStart(4, "0")}`);
  }
  await street.call("POST", "/site");
  const garage = await house.add("Garage");
  await house.join(street, garage);
  await garage.addCard("9001");
  const told = wishes(house);
  const warnings = () => street.access.lines.filter(({ message }) => message.includes("too many")).length;
  const [written, idle] = [garage.countWrites(), street.countWrites()];
  for (let quarter = 0; quarter < 240; quarter++) await house.advance(15_000);
  assert.ok(wishes(house) - told <= 10, `${wishes(house) - told} in an hour`);
  assert.ok(written() - idle() <= 8, `${written()} writes in an hour, where it may be ${idle()}`);
  assert.equal(warnings(), 1);
  await street.removeCard("0000");
  assert.equal(await street.shows("9001"), "released");
  assert.equal((await garage.view()).pending, 0);
});

Deno.test("a card whose wish was lost is told again at once, also where a later wish came before and needed nothing", async () => {
  await using house = new House();
  // It hears the others before the panel with the key does.
  const yard = await house.add("Yard");
  const [street, garage] = await house.site("Street", "Garage");
  await house.join(street!, yard);
  await street!.addCard("0001");
  await street!.setUp(false);
  await yard.addCard("0003");
  await street!.setUp(true);
  await garage!.removeCard("0001");
  for (const panel of house.panels) assert.deepEqual(await panel.cards(), ["0003 Anna"], panel.name);
  assert.equal((await yard.view()).pending, 0);
});

import assert from "node:assert/strict";
import { cardSharingService } from "../../core/mod.ts";
import { checkLifecycle } from "../../core/testing/plugin_check.ts";
import { VirtualClock } from "../../core/testing/virtual_clock.ts";
import { brokerChanged, brokerService } from "../mqtt/keys.ts";
import { provideAll } from "../testing/bench.ts";
import siteSync from "./mod.ts";
import { House } from "./testing/house.ts";
import { providePanel } from "../testing/panel.ts";

Deno.test("a card of one panel opens at all of them, each deciding by itself, and is in each log", async () => {
  await using house = new House();
  const [street, garage, yard] = await house.site("Street", "Garage", "Yard");
  await street!.addCard("0001");
  await garage!.addCard("0002", "Bruno");
  for (const panel of house.panels) await panel.setUp(false);
  for (const panel of [street!, garage!, yard!]) {
    assert.deepEqual(await panel.cards(), ["0001 Anna", "0002 Bruno"]);
    assert.deepEqual(
      [await panel.shows("0001"), await panel.shows("0002")],
      ["released", "released"],
      panel.name,
    );
  }
  const row = (await yard!.access.rows()).filter(({ kind }) => kind === "card-added").at(-1);
  assert.deepEqual([row?.actor.id, row?.detail["why"]], ["site-sync", "changed at Garage"]);
  assert.deepEqual(await yard!.view(), {
    role: "follower",
    id: (await street!.view()).id,
    version: (await street!.view()).version,
    panels: [street!, garage!, yard!].map(({ id, name }) => ({ id, name, self: name === "Yard" })),
    cards: 2,
    pending: 0,
    brokerUp: false,
  });
});

Deno.test("cards that were there when the site was founded are shared with who joins", async () => {
  await using house = new House();
  const street = await house.add("Street");
  await street.addCard("0001");
  await street.call("POST", "/site");
  const garage = await house.add("Garage");
  await house.join(street, garage);
  assert.equal(await garage.shows("0001"), "released");
});

Deno.test("what is changed or taken away at any panel is so at all of them", async () => {
  await using house = new House();
  const [street, garage, yard] = await house.site("Street", "Garage", "Yard");
  for (const number of ["0001", "0002", "0003"]) await street!.addCard(number);
  await garage!.change("0001", { suspended: true });
  await yard!.change("0002", { holderName: "Carla" });
  await yard!.removeCard("0003");
  for (const panel of house.panels) {
    assert.deepEqual(await panel.cards(), ["0001 Anna suspended", "0002 Carla"], panel.name);
  }
});

Deno.test("a panel that was away for a month has what holds when it is back, and tells what was changed there", async () => {
  await using house = new House();
  const [street, garage] = await house.site("Street", "Garage");
  for (const number of ["0001", "0002", "0003"]) await street!.addCard(number);
  await garage!.setUp(false);
  await street!.removeCard("0001");
  await street!.change("0002", { suspended: true });
  await street!.addCard("0004", "Dora");
  await garage!.addCard("0005", "Emil");
  for (const { clock } of house.panels) clock.jump(30 * 24 * 3_600_000);
  await house.advance(60_000);
  assert.deepEqual([await garage!.shows("0005"), (await garage!.view()).pending], ["released", 1]);
  await garage!.setUp(true);
  const expected = ["0002 Anna suspended", "0003 Anna", "0004 Dora", "0005 Emil"];
  for (const panel of house.panels) assert.deepEqual(await panel.cards(), expected, panel.name);
  assert.equal((await garage!.view()).pending, 0);
});

Deno.test("what waits for a broker that is away is not written to disk again and again", async () => {
  await using house = new House();
  const [street, garage] = await house.site("Street", "Garage");
  await street!.addCard("0001");
  await garage!.setUp(false);
  await garage!.change("0001", { suspended: true });
  const written = garage!.countWrites();
  await house.advance(10 * 60_000);
  // The core has something of its own to write now and then.
  assert.ok(written() < 5, `${written()}`);
  await garage!.setUp(true);
  assert.deepEqual(await street!.cards(), ["0001 Anna suspended"]);
});

Deno.test("what changed while the plugin did not run is told when it does, at either side", async () => {
  await using house = new House();
  const [street, garage] = await house.site("Street", "Garage");
  await street!.addCard("0001");
  await street!.addCard("0002");
  await garage!.restart(async () => {
    await garage!.change("0001", { suspended: true });
    await garage!.removeCard("0002");
    await garage!.addCard("0003");
  });
  await street!.restart(() => street!.addCard("0004"));
  const expected = ["0001 Anna suspended", "0003 Anna", "0004 Anna"];
  for (const panel of house.panels) assert.deepEqual(await panel.cards(), expected, panel.name);
});

Deno.test("a broker that forgot everything is told again", async () => {
  await using house = new House();
  const [street, garage] = await house.site("Street", "Garage");
  await street!.addCard("0001");
  await garage!.setUp(false);
  await street!.setUp(false);
  house.retained.clear();
  await street!.setUp(true);
  const yard = await house.add("Yard");
  await house.join(street!, yard);
  assert.equal(await yard.shows("0001"), "released");
});

for (
  const [name, here, there, expected] of [
    [
      "suspended wins over a new name, whoever was first",
      { suspended: true },
      { holderName: "Zoe" },
      "0001 Anna suspended",
    ],
    [
      "suspended wins over a new name, whoever was second",
      { holderName: "Zoe" },
      { suspended: true },
      "0001 Zoe suspended",
    ],
    ["of two names the first to arrive holds", { holderName: "Zoe" }, { holderName: "Yves" }, "0001 Zoe"],
  ] as const
) {
  Deno.test(`two change a card apart from each other: ${name}`, async () => {
    await using house = new House();
    const [street, garage, yard] = await house.site("Street", "Garage", "Yard");
    await street!.addCard("0001");
    await garage!.setUp(false);
    await yard!.setUp(false);
    await garage!.change("0001", here);
    await yard!.change("0001", there);
    await garage!.setUp(true);
    await yard!.setUp(true);
    for (const panel of house.panels) assert.deepEqual(await panel.cards(), [expected], panel.name);
    assert.equal((await yard!.view()).pending, 0);
  });
}

for (const isFirst of [true, false]) {
  Deno.test(`two change a card apart from each other: taken away wins, ${isFirst ? "first" : "last"} to arrive`, async () => {
    await using house = new House();
    const [street, garage, yard] = await house.site("Street", "Garage", "Yard");
    await street!.addCard("0001");
    await garage!.setUp(false);
    await yard!.setUp(false);
    await garage!.removeCard("0001");
    await yard!.change("0001", { holderName: "Zoe" });
    await (isFirst ? garage : yard)!.setUp(true);
    await (isFirst ? yard : garage)!.setUp(true);
    for (const panel of house.panels) assert.deepEqual(await panel.cards(), [], panel.name);
  });
}

Deno.test("one card is added at two panels apart from each other: it is the first one's", async () => {
  await using house = new House();
  const [, garage, yard] = await house.site("Street", "Garage", "Yard");
  await garage!.setUp(false);
  await yard!.setUp(false);
  await garage!.addCard("0001", "Anna");
  await yard!.addCard("0001", "Bruno");
  await garage!.setUp(true);
  await yard!.setUp(true);
  for (const panel of house.panels) assert.deepEqual(await panel.cards(), ["0001 Anna"], panel.name);
  const changed = (await yard!.access.rows()).filter(({ kind }) => kind === "card-changed").at(-1);
  assert.equal(changed?.detail["why"], "changed at Garage");
});

Deno.test("a change behind one that is still on its way is not lost", async () => {
  await using house = new House();
  const [street, garage] = await house.site("Street", "Garage");
  await street!.addCard("0001");
  await street!.setUp(false);
  await garage!.change("0001", { holderName: "First" });
  const wishes = house.sent.filter(({ topic }) => topic.includes("/wish/"));
  await garage!.change("0001", { holderName: "Second" });
  await street!.setUp(true);
  for (const { topic, payload } of wishes) await street!.hear(topic, payload);
  await house.settle();
  await house.advance(15_000);
  for (const panel of house.panels) assert.deepEqual(await panel.cards(), ["0001 Second"], panel.name);
});

Deno.test("clocks that are years apart change nothing about what holds", async () => {
  await using house = new House();
  const street = await house.add("Street", new VirtualClock(Date.UTC(2026, 0, 1)));
  const garage = await house.add("Garage", new VirtualClock(Date.UTC(1970, 0, 2)));
  const yard = await house.add("Yard", new VirtualClock(Date.UTC(2050, 0, 1)));
  await street.call("POST", "/site");
  for (const panel of [garage, yard]) await house.join(street, panel);
  await street.addCard("0001");
  await garage.change("0001", { holderName: "Garage" });
  await yard.change("0001", { holderName: "Yard" });
  await street.change("0001", { suspended: true });
  for (const panel of house.panels) {
    assert.deepEqual(await panel.cards(), ["0001 Yard suspended"], panel.name);
  }
});

Deno.test("the logs of all panels come to the one that keeps the key, from when they joined, none lost or twice", async () => {
  await using house = new House();
  const street = await house.add("Street");
  await street.call("POST", "/site");
  const garage = await house.add("Garage");
  await garage.access.present({ id: "card-99" });
  await house.join(street, garage);
  await street.addCard("0001");
  await street.setUp(false);
  for (let n = 0; n < 130; n++) {
    await garage.shows("0001");
    if (n === 60) await house.advance(2_000);
  }
  await house.advance(20_000);
  await street.setUp(true);
  await house.advance(20_000);
  await house.advance(20_000);
  const log = await street.logOf(garage);
  const rows = (await garage.access.rows()).filter(({ seq }) => seq >= log.at(-1)!.seq).toReversed();
  assert.deepEqual(log, rows);
  assert.equal(log.filter(({ outcome }) => outcome === "released").length, 130);
});

Deno.test("who has several cards is called otherwise at all of them, everywhere", async () => {
  await using house = new House();
  const [street, garage] = await house.site("Street", "Garage");
  await garage!.addCard("0001");
  const { holderId } = (await garage!.access.credentials.list())[0]!;
  await garage!.access.addCard({}, "04A10002", "Anna", holderId);
  await house.settle();
  await garage!.change("0001", { holderName: "Zoe" });
  const expected = ["0001 Zoe", "0002 Zoe"];
  assert.deepEqual([await street!.cards(), await garage!.cards()], [expected, expected]);
  await street!.change("0002", { holderName: "Yves" });
  assert.deepEqual(await street!.cards(), await garage!.cards());
  assert.ok((await garage!.cards()).includes("0002 Yves"));
});

Deno.test("start, stop and start of site-sync leaves nothing behind", async () => {
  await checkLifecycle({
    plugin: siteSync,
    services(core, clock) {
      provideAll(core, clock);
      providePanel(core);
      core.provide(brokerService, { isUp: () => Promise.resolve(true), publish: () => Promise.resolve() });
      core.provide(cardSharingService, {
        key: () => Promise.resolve("00".repeat(32)),
        adoptKey: () => Promise.resolve(),
        describe: () => Promise.resolve(undefined),
        find: () => Promise.resolve(undefined),
        put: () => Promise.resolve(true),
        remove: () => Promise.resolve(),
      });
    },
    exercise: (core) => core.emit(brokerChanged, { up: true }),
  });
});

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import type { LogRow } from "../../core/mod.ts";
import { Broker, Subscriber, test } from "../mqtt/broker.ts";
import { MqttPanel } from "../mqtt/mqtt_panel.ts";
import { Cluster, clusterTest } from "./nats.ts";
import { addCard, cardsOf, foundSite, hasCards, removeCard, shows } from "./panels.ts";

test("three panels on a broker share cards, also through its death, and each decides without it", async () => {
  await using broker = await Broker.start();
  const start = (name: string) => MqttPanel.start({ url: broker.url }, { name });
  await using street = await start("Street");
  await using garage = await start("Garage");
  await using yard = await start("Yard");
  const panels = [street, garage, yard];
  await foundSite(street, garage, yard);
  await addCard(street, "0001");
  await addCard(yard, "0002", "Bruno");
  for (const panel of panels) await hasCards(panel, "0001", "0002");
  await broker.kill();
  for (const panel of panels) {
    assert.deepEqual([await shows(panel, "0001"), await shows(panel, "0002")], ["released", "released"]);
  }
  await removeCard(garage, "0001");
  await addCard(yard, "0003");
  assert.deepEqual(await cardsOf(garage), ["0002"]);
  await broker.boot();
  for (const panel of panels) await hasCards(panel, "0002", "0003");
});

test("a panel that is new at the broker is let in by its code alone, and nothing of the site can be read there", async () => {
  await using broker = await Broker.start();
  await using house = await Subscriber.open(broker, "latchkey-site/#");
  await using street = await MqttPanel.start({ url: broker.url }, { name: "Street" });
  await using garage = await MqttPanel.start({ url: broker.url }, { name: "Garage" });
  await foundSite(street, garage);
  await addCard(street, "7777", "Mnemosyne");
  await hasCards(garage, "7777");
  const { id } = await street.api("GET", "/plugins/site-sync/site");
  await house.find(({ topic }) => topic.startsWith(`latchkey-site/${id}/card/`), "a card");
  const told = JSON.stringify(house.told);
  // Four digits alone stand in some ciphertext or other.
  for (const secret of ["Mnemosyne", "04A17777", '"7777', "lastDigits"]) {
    assert.ok(!told.includes(secret), secret);
  }
});

test("a panel that was off takes up what it missed; one that was removed does not", async () => {
  await using broker = await Broker.start({ persistent: true });
  const start = (name: string) => MqttPanel.start({ url: broker.url }, { name });
  await using street = await start("Street");
  await using garage = await start("Garage");
  await using yard = await start("Yard");
  await foundSite(street, garage, yard);
  await addCard(street, "0001");
  await hasCards(garage, "0001");
  await hasCards(yard, "0001");
  const { panels } = await street.api("GET", "/plugins/site-sync/site");
  const stolen = panels.find(({ name }: { name: string }) => name === "Yard");
  await garage.stop();
  await street.api("DELETE", `/plugins/site-sync/panels/${stolen.id}`);
  await yard.says(/This panel was removed from its site/);
  await addCard(street, "0002");
  await removeCard(street, "0001");
  await garage.boot();
  await hasCards(garage, "0002");
  assert.deepEqual(await cardsOf(yard), ["0001"]);
});

test("logs come to the panel with the key, each row once and in order, over the death of the broker", async () => {
  await using broker = await Broker.start();
  await using street = await MqttPanel.start({ url: broker.url }, { name: "Street" });
  await using garage = await MqttPanel.start({ url: broker.url }, { name: "Garage" });
  await foundSite(street, garage);
  const presentMany = async () => {
    for (let n = 0; n < 60; n++) await shows(garage, "0001");
  };
  await addCard(garage, "0001");
  await presentMany();
  await broker.kill();
  await presentMany();
  await broker.boot();
  await presentMany();
  const [newest] = await garage.access.log({ limit: 1 });
  const id =
    (await garage.api("GET", "/plugins/site-sync/site")).panels.find((panel: { self: boolean }) => panel.self)
      .id;
  await using house = await Subscriber.open(broker, "latchkey-site/#");
  await house.find(
    ({ topic, payload }) => topic.endsWith(`/seen/${id}`) && rowIn(payload) >= newest!.seq,
    "that all rows were collected",
  );
  const placed: (LogRow & { place: number })[] = await street.api(
    "GET",
    `/plugins/site-sync/panels/${id}/log?limit=500`,
  );
  const collected = placed.map(({ place: _, ...row }) => row);
  const rows = (await garage.access.log({ limit: 500 })).filter(({ seq }) => seq >= collected.at(-1)!.seq);
  assert.deepEqual(collected, rows);
  assert.equal(collected.filter(({ kind }) => kind === "release").length, 180);
});

/** The row that a signed document says was collected last. */
function rowIn(payload: string): number {
  return JSON.parse(Buffer.from(payload.split(".")[1] ?? "", "base64url").toString()).marks[0]?.row ?? 0;
}

clusterTest(
  "three panels on a broker of three machines: one killed with -9, the others go on; it comes back, all hold the same",
  async () => {
    await using cluster = await Cluster.start();
    const start = (name: string, node: number) =>
      // A node that waits for one that is gone says nothing for seconds.
      MqttPanel.start({ url: cluster.url(node), protocol: "v3" }, { name, keepaliveSeconds: 10 });
    await using street = await start("Street", 0);
    await using garage = await start("Garage", 1);
    await using yard = await start("Yard", 2);
    await foundSite(street, garage, yard);
    await addCard(street, "0001");
    for (const panel of [street, garage, yard]) await hasCards(panel, "0001");
    await cluster.kill(2);
    await addCard(garage, "0002");
    await hasCards(street, "0001", "0002");
    await removeCard(street, "0001");
    await hasCards(garage, "0002");
    assert.deepEqual(await shows(yard, "0001"), "released", "it decides by what it has");
    await addCard(yard, "0003");
    cluster.boot(2);
    for (const panel of [street, garage, yard]) await hasCards(panel, "0002", "0003");
  },
);

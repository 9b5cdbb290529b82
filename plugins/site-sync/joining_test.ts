import assert from "node:assert/strict";
import { House } from "./testing/house.ts";

Deno.test("a code is good once, for ten minutes, and for what it is", async () => {
  await using house = new House();
  const [street] = await house.site("Street");
  const invite = async () => (await street!.call<{ code: string }>("POST", "/invitations")).code;
  const role = async (panel: { view(): Promise<{ role: string }> }) => (await panel.view()).role;
  const [one, two, three] = [await house.add("One"), await house.add("Two"), await house.add("Three")];
  const code = await invite();
  for (const wrong of ["", "x", code.slice(1), `${code.slice(0, -1)}!`]) {
    await assert.rejects(one.call("POST", "/join", { code: wrong }), { code: "code-invalid" });
  }
  await one.call("POST", "/join", { code });
  await house.settle();
  await two.call("POST", "/join", { code });
  await house.settle();
  assert.deepEqual([await role(one), await role(two)], ["follower", "joining"]);
  await house.advance(10 * 60_000 + 15_000);
  assert.equal(await role(two), "none");
  const late = await invite();
  await house.advance(10 * 60_000);
  await three.call("POST", "/join", { code: late });
  await house.settle();
  assert.equal(await role(three), "joining");
  await three.call("POST", "/join", { code: late }).catch(({ code }) => assert.equal(code, "site-taken"));
});

Deno.test("a panel with cards does not join: they would not be known any more", async () => {
  await using house = new House();
  const [street] = await house.site("Street");
  const garage = await house.add("Garage");
  await garage.addCard("0001");
  const { code } = await street!.call<{ code: string }>("POST", "/invitations");
  await assert.rejects(garage.call("POST", "/join", { code }), { code: "cards-not-empty", status: 409 });
  assert.equal(await garage.shows("0001"), "released");
});

Deno.test("cards of before make room where the owner says so, once the panel is let in", async () => {
  await using house = new House();
  const [street] = await house.site("Street");
  await street!.addCard("0001");
  const garage = await house.add("Garage");
  await garage.addCard("0001", "Bruno");
  await garage.access.addCard({ usesLeft: 1 }, "04A10009", "Carla");
  await street!.setUp(false);
  const { code } = await street!.call<{ code: string }>("POST", "/invitations");
  await garage.call("POST", "/join", { code, discardCards: true });
  await house.settle();
  assert.deepEqual(await garage.cards(), ["0001 Bruno", "0009 Carla"]);
  await street!.setUp(true);
  await house.advance(15_000);
  for (const panel of house.panels) assert.deepEqual(await panel.cards(), ["0001 Anna"], panel.name);
  assert.equal((await garage.view()).pending, 0);
});

Deno.test("what owners do about a site is in the log of each panel that it is done at", async () => {
  await using house = new House();
  const [street, garage, yard] = await house.site("Street", "Garage", "Yard");
  await yard!.call("DELETE", "/site");
  await street!.call("DELETE", "/panels/{id}", undefined, { params: { id: garage!.id } });
  await house.settle();
  const acts = async (panel: typeof street) =>
    (await panel!.access.rows()).filter(({ kind }) => kind === "site").map(({ outcome, actor }) =>
      `${outcome} by ${actor.id}`
    );
  assert.deepEqual(await acts(street), [
    "founded by member-1",
    ...Array(2).fill(["invited by member-1", "panel-joined by site-sync"]).flat(),
    "panel-removed by member-1",
  ]);
  assert.deepEqual(await acts(garage), ["asked by member-1", "joined by member-1", "removed by site-sync"]);
  assert.deepEqual(await acts(yard), ["asked by member-1", "joined by member-1", "left by member-1"]);
});

Deno.test("what is for the panel that keeps the key, others refuse", async () => {
  await using house = new House();
  const [street, garage] = await house.site("Street", "Garage");
  const refused = { code: "not-keeper", status: 409 };
  await assert.rejects(garage!.call("POST", "/invitations"), refused);
  await assert.rejects(
    garage!.call("DELETE", "/panels/{id}", undefined, { params: { id: street!.id } }),
    refused,
  );
  await assert.rejects(
    garage!.call("GET", "/panels/{id}/log", undefined, { params: { id: street!.id } }),
    refused,
  );
  await assert.rejects(street!.call("DELETE", "/panels/{id}", undefined, { params: { id: street!.id } }), {
    code: "panel-own",
  });
  await assert.rejects(street!.call("DELETE", "/panels/{id}", undefined, { params: { id: "ffffffff" } }), {
    code: "panel-unknown",
  });
  await assert.rejects(street!.call("POST", "/site"), { code: "site-taken" });
});

Deno.test("a panel that leaves keeps its cards and follows no more", async () => {
  await using house = new House();
  const [street, garage] = await house.site("Street", "Garage");
  await street!.addCard("0001");
  await garage!.call("DELETE", "/site");
  await street!.removeCard("0001");
  await street!.addCard("0002");
  assert.deepEqual([await garage!.cards(), (await garage!.view()).role], [["0001 Anna"], "none"]);
});

import assert from "node:assert/strict";
import { House } from "./testing/house.ts";

for (const value of ["secrets", "register", "known", "taken"]) {
  Deno.test(`a stolen panel is removed although the power is cut before "${value}" is written`, async () => {
    await using house = new House();
    const [street, garage, yard] = await house.site("Street", "Garage", "Yard");
    await street!.addCard("0001");
    await garage!.addCard("0002", "Mallory");
    const remove = () =>
      street!.call("DELETE", "/panels/{id}", undefined, {
        params: { id: garage!.id },
        query: { suspend: "true" },
      });
    await street!.restart();
    const mend = street!.cutOff(value);
    await remove().catch(() => {});
    mend();
    await street!.restart();
    await street!.setUp(false);
    await street!.setUp(true);
    await yard!.addCard("0003", "Carla");
    assert.ok((await street!.cards()).includes("0003 Carla"), "the others go on");
    if ((await street!.view()).panels.some(({ id }) => id === garage!.id)) await remove();
    await house.advance(15_000);
    await yard!.addCard("0004", "Dora");
    const expected = ["0001 Anna", "0002 Mallory suspended", "0003 Carla", "0004 Dora"];
    assert.deepEqual([await street!.cards(), await yard!.cards()], [expected, expected]);
    assert.equal((await garage!.view()).role, "removed");
  });
}

Deno.test("a panel that the power was cut at while it founded a site joins another all the same", async () => {
  await using house = new House();
  const [street] = await house.site("Street");
  await street!.addCard("0001");
  const garage = await house.add("Garage");
  const mend = garage.cutOff("site");
  await assert.rejects(garage.call("POST", "/site"));
  mend();
  await garage.restart();
  assert.equal((await garage.view()).version, 0);
  await house.join(street!, garage);
  assert.equal((await garage.view()).role, "follower");
  assert.equal(await garage.shows("0001"), "released");
});

import assert from "node:assert/strict";
import fc from "fast-check";
import { House } from "./testing/house.ts";

type Act = {
  panel: number;
  act: "add" | "flash" | "suspend" | "restore" | "rename" | "remove" | "up" | "down" | "restart";
  card: number;
};

Deno.test("whatever three panels do, apart and together, in the end they hold the same", async () => {
  const acts = fc.array(
    fc.record({
      panel: fc.integer({ min: 0, max: 2 }),
      act: fc.constantFrom(
        "add",
        "add",
        "flash",
        "suspend",
        "restore",
        "rename",
        "remove",
        "up",
        "down",
        "restart",
      ),
      card: fc.integer({ min: 1, max: 4 }),
    }) as fc.Arbitrary<Act>,
    { minLength: 8, maxLength: 24, size: "max" },
  );
  await fc.assert(
    fc.asyncProperty(acts, async (story) => {
      await using house = new House();
      await house.site("Street", "Garage", "Yard");
      for (const [step, { panel: index, act, card }] of story.entries()) {
        const panel = house.panels[index]!;
        const number = `000${card}`;
        const isThere = await panel.idOf(number) !== undefined;
        if (act === "up" || act === "down") await panel.setUp(act === "up");
        else if (act === "restart") await panel.restart();
        else if (act === "add" && !isThere) await panel.addCard(number, `Holder ${step}`);
        else if (act === "flash" && !isThere) await panel.flashCard(number);
        else if (act === "suspend" && isThere) await panel.change(number, { suspended: true });
        else if (act === "restore" && isThere) await panel.change(number, { suspended: false });
        else if (act === "rename" && isThere) await panel.change(number, { holderName: `Holder ${step}` });
        else if (act === "remove" && isThere) await panel.removeCard(number);
      }
      for (const panel of house.panels) await panel.setUp(true);
      for (let round = 0; round < 3; round++) await house.advance(15_000);
      const [one, two, three] = await Promise.all(house.panels.map((panel) => panel.cards()));
      assert.deepEqual([two, three], [one, one]);
      for (const panel of house.panels) assert.equal((await panel.view()).pending, 0, panel.name);
    }),
    { numRuns: Deno.env.has("LATCHKEY_LONG") ? 200 : 15 },
  );
});

Deno.test("whatever three panels do apart, what one of them took away or suspended stays so at all", async () => {
  const acts = fc.array(
    fc.record({
      panel: fc.integer({ min: 0, max: 2 }),
      act: fc.constantFrom("suspend", "rename", "remove", "up", "down", "down", "restart"),
      card: fc.integer({ min: 1, max: 2 }),
    }) as fc.Arbitrary<Act>,
    { minLength: 8, maxLength: 24, size: "max" },
  );
  await fc.assert(
    fc.asyncProperty(acts, async (story) => {
      await using house = new House();
      const [street] = await house.site("Street", "Garage", "Yard");
      const wanted = new Map<string, "there" | "suspended" | "gone">();
      for (const number of ["0001", "0002"]) {
        await street!.addCard(number);
        wanted.set(number, "there");
      }
      for (const [step, { panel: index, act, card }] of story.entries()) {
        const panel = house.panels[index]!;
        const number = `000${card}`;
        const isThere = await panel.idOf(number) !== undefined;
        if (act === "up" || act === "down") await panel.setUp(act === "up");
        else if (act === "restart") await panel.restart();
        else if (act === "rename" && isThere) await panel.change(number, { holderName: `Holder ${step}` });
        else if (act === "suspend" && isThere) {
          await panel.change(number, { suspended: true });
          if (wanted.get(number) === "there") wanted.set(number, "suspended");
        } else if (act === "remove" && isThere) {
          await panel.removeCard(number);
          wanted.set(number, "gone");
        }
      }
      for (const panel of house.panels) await panel.setUp(true);
      for (let round = 0; round < 3; round++) await house.advance(15_000);
      const expected = [...wanted].filter(([, how]) => how !== "gone");
      for (const panel of house.panels) {
        const found = (await panel.cards()).map((
          card,
        ) => [card.slice(0, 4), card.endsWith("suspended") ? "suspended" : "there"]);
        assert.deepEqual(found, expected, panel.name);
      }
    }),
    { numRuns: Deno.env.has("LATCHKEY_LONG") ? 200 : 15 },
  );
});

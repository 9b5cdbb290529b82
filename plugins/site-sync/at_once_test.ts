import assert from "node:assert/strict";
import { OWNER } from "../../core/testing/access_panel.ts";
import { settle } from "../../core/testing/virtual_clock.ts";
import { House } from "./testing/house.ts";
import type { SitePanelBench } from "./testing/site_panel.ts";

type Act = "removes" | "suspends";

/** Somebody at the panel does that, as soon as it is answered; nothing else goes on before. */
async function act(panel: SitePanelBench, what: Act): Promise<void> {
  const id = (await panel.idOf("0001"))!;
  const { credentials } = panel.access;
  if (what === "removes") await credentials.remove(id, OWNER);
  else await credentials.change(id, { suspended: true }, OWNER);
}

async function holdsEverywhere(house: House, what: Act): Promise<void> {
  await house.settle();
  await house.advance(60_000);
  for (const panel of house.panels) {
    const shown = (await panel.cards()).filter((card) => what === "removes" || !card.endsWith("suspended"));
    assert.deepEqual(shown, [], `at ${panel.name}`);
    assert.equal((await panel.view()).pending, 0);
  }
}

for (const what of ["removes", "suspends"] as const) {
  for (const moment of ["find", "put"] as const) {
    const when = moment === "find" ? "before it is looked up" : "right before it is written";

    Deno.test(`who ${what} a card here while the site says that it has taken it up is not overruled, ${when}`, async () => {
      await using house = new House();
      const [, garage] = await house.site("Street", "Garage", "Yard");
      await garage!.access.addCard({}, "04A10001", "Anna");
      await settle();
      garage!.atOnce(moment, () => act(garage!, what));
      await holdsEverywhere(house, what);
    });

    Deno.test(`who ${what} a card here while another panel renames it is not overruled, ${when}`, async () => {
      await using house = new House();
      const [, garage, yard] = await house.site("Street", "Garage", "Yard");
      await garage!.addCard("0001");
      garage!.atOnce(moment, () => act(garage!, what));
      await yard!.change("0001", { holderName: "Bruno" });
      await holdsEverywhere(house, what);
    });

    Deno.test(`who ${what} a card at the panel with the key while another renames it is not overruled, ${when}`, async () => {
      await using house = new House();
      const [street, garage] = await house.site("Street", "Garage", "Yard");
      await garage!.addCard("0001");
      street!.atOnce(moment, () => act(street!, what));
      await garage!.change("0001", { holderName: "Bruno" });
      await holdsEverywhere(house, what);
    });
  }
}

Deno.test("who removes a card while another panel suspends it has removed it", async () => {
  await using house = new House();
  const [street, garage, yard] = await house.site("Street", "Garage", "Yard");
  await garage!.addCard("0001");
  await street!.setUp(false);
  garage!.atOnce("put", () => act(garage!, "removes"));
  await yard!.change("0001", { suspended: true });
  assert.deepEqual(await garage!.cards(), []);
  await street!.setUp(true);
  await holdsEverywhere(house, "removes");
});

import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { browserTest, join } from "./browser.ts";

browserTest(
  "family is offered no administration, a monitor its calls, and no page asks for what its role may not have",
  async ({ panel, visitor, simulator }) => {
    const family = await visitor();
    const refused = [watchRefusals(family)];
    await join(family, await panel.invite({ name: "Bruno", role: "family" }));
    await family.getByRole("heading", { name: "Cards", exact: true }).waitFor();
    for (const name of ["Add a card", "People", "Invite"]) {
      assert.equal(await family.getByRole("button", { name, exact: true }).count(), 0, name);
    }
    assert.equal(await family.getByRole("link", { name: "Simulated panel" }).count(), 0);
    await family.getByRole("button", { name: "You", exact: true }).click();
    await family.getByText("Bruno · Family").waitFor();
    assert.equal(await family.getByRole("heading", { name: "Backup" }).count(), 0);

    const monitor = await visitor();
    refused.push(watchRefusals(monitor));
    await join(monitor, await panel.invite({ name: "Hall", role: "monitor" }));
    await monitor.getByText("This monitor releases while it shows the live picture").waitFor();
    assert.equal(await monitor.getByRole("heading", { name: "Access log" }).count(), 0);
    await simulator.getByRole("button", { name: "Ring the bell" }).click();
    await monitor.getByRole("button", { name: "Answer" }).click();
    await monitor.getByRole("region", { name: "Calls" }).getByText("Answered by Hall").waitFor();
    assert.deepEqual(refused.flat(), []);
  },
);

browserTest(
  "whoever signs a device out is a stranger again, and an owner sees it go",
  async ({ panel, household, visitor }) => {
    const family = await visitor();
    await join(family, await panel.invite({ name: "Bruno", role: "family" }));
    await family.getByRole("button", { name: "You", exact: true }).click();
    await family.getByRole("button", { name: "Sign this device out" }).click();
    await family.getByRole("button", { name: "Sign it out" }).click();
    await family.getByRole("heading", { name: "Welcome to your door" }).waitFor();
    await family.goto(`${panel.origin}/simulator`);
    await family.getByRole("heading", { name: "This device is not paired" }).waitFor();
    await family.getByRole("link", { name: "The household’s page" }).click();
    await family.getByRole("heading", { name: "Welcome to your door" }).waitFor();
    await household.getByRole("button", { name: "People" }).click();
    await household.getByRole("button", { name: /^Bruno/ }).getByText("No device").waitFor();
  },
);

browserTest(
  "access that has ended by its date says so, and goes on as soon as an owner gives more time",
  async ({ panel, visitor }) => {
    const family = await visitor();
    await join(family, await panel.invite({ name: "Bruno", role: "family" }));
    await family.getByRole("heading", { name: "Casa Rossi" }).waitFor();
    const members = await panel.api<{ id: string; name: string }[]>("GET", "/members");
    const path = `/members/${members.find(({ name }) => name === "Bruno")!.id}`;
    const ends = async () => {
      await panel.api("PATCH", path, { until: "2026-01-01T00:00:00Z" });
      await family.getByRole("heading", { name: "Your access has ended" }).waitFor();
    };
    await ends();
    await panel.api("PATCH", path, { until: null });
    await family.getByRole("heading", { name: "Casa Rossi" }).waitFor();

    // A page that the panel's events do not reach goes on when it is asked to.
    const body = JSON.stringify({ code: "access-expired", detail: "Access ended" });
    await family.route("**/api/v1/events", (route) => route.fulfill({ status: 403, body }));
    await ends();
    await panel.api("PATCH", path, { until: null });
    await family.route("**/api/v1/events", (route) => route.abort());
    await family.getByRole("button", { name: "Ask again" }).click();
    await family.getByRole("heading", { name: "Casa Rossi" }).waitFor();
  },
);

/** What the panel answers this page with a refusal for want of rights. */
function watchRefusals(page: Page): string[] {
  const refused: string[] = [];
  page.on("response", (response) => {
    if (response.status() === 403) refused.push(`${response.request().method()} ${response.url()}`);
  });
  return refused;
}

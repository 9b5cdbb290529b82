import assert from "node:assert/strict";
import { codeService } from "../access/keys.ts";
import type { Terms } from "../access/model.ts";
import { claimService } from "../members/keys.ts";
import { OWNER } from "../testing/access_panel.ts";
import { TestDevice } from "../testing/device.ts";
import { ApiPanel, type Sent } from "./testing/api_panel.ts";

const once: Terms = { validity: { kind: "always" }, accessPoints: ["lock"], usesLeft: 1, suspended: false };

/** What several answers to the same request were, sorted. */
async function answersTo(panel: ApiPanel, path: string, sent: () => Sent): Promise<string[]> {
  const asked = Array.from({ length: 10 }, () => panel.ask("POST", path, sent()));
  const replies = await Promise.all(asked);
  return replies.map(({ status, body }) => `${status} ${body.code ?? body.outcome ?? "paired"}`).toSorted();
}

Deno.test("B-SET-6: an invitation taken up by ten devices at once pairs one", async () => {
  await using panel = await ApiPanel.start();
  const { body: { code } } = await panel.ask("POST", "/invitations", {
    body: { name: "Bruno", role: "family" },
  });
  const join = () => ({ body: { code, deviceName: "Phone" }, device: new TestDevice() });
  const answers = await answersTo(panel, "/join", join);
  assert.deepEqual(answers, ["201 paired", ...Array(9).fill("403 invitation-unknown")]);
  assert.equal((await panel.ask("GET", "/members")).body.length, 2);
});

Deno.test("B-SET-5: a panel claimed by ten devices at once has one owner", async () => {
  await using panel = await ApiPanel.start();
  await panel.core.host.core.use(claimService).reopen("inside-button");
  const body = { code: panel.offers.at(-1), name: "Nora", deviceName: "Phone" };
  const answers = await answersTo(panel, "/claim", () => ({ body, device: new TestDevice() }));
  assert.deepEqual(answers, ["200 paired", ...Array(9).fill("409 claimed")]);
  assert.equal(panel.core.parts.members.owners(), 1);
});

Deno.test("B-CARD-8: the last use of a code, or of a guest, asked for ten times at once opens once", async () => {
  await using panel = await ApiPanel.start();
  const { lock } = panel.core;
  const { text } = await panel.core.host.core.use(codeService).add(
    { name: "Parcel", form: "qr", terms: once },
    OWNER,
  );
  const { device } = panel.add({ role: "guest", terms: once });
  // The pulse is over at once, so that it is the count that refuses.
  lock.released = () => false;
  const entered = { device: null, body: { text, accessPoint: "lock" } };
  const byCode = await answersTo(panel, "/codes/release", () => entered);
  assert.equal(byCode.filter((answer) => answer === "200 released").length, 1);
  assert.equal(lock.pulses.length, 1);
  const asGuest = await answersTo(panel, "/access-points/lock/release", () => ({ device, body: {} }));
  assert.equal(asGuest.filter((answer) => answer === "200 released").length, 1);
  assert.equal(lock.pulses.length, 2);
});

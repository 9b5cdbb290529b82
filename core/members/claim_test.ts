import assert from "node:assert/strict";
import { OWNER } from "../testing/access_panel.ts";
import type { Claim } from "./claim.ts";
import { claimService, membersChanged } from "./keys.ts";
import { coded, type Desk, device, onPanel, someone } from "./testing/desk.ts";

const wish = (code: string, change: Partial<Parameters<Claim["attempt"]>[0]> = {}) => ({
  code,
  name: "Anna",
  removeCards: false,
  ...device,
  ...change,
});

async function reopened(desk: Desk): Promise<void> {
  await desk.panel.host.core.use(claimService).reopen("inside-button");
}

Deno.test(
  "B-SET-5: code and presence together make an owner, in either order, within two minutes",
  onPanel(async (desk) => {
    await reopened(desk);
    const { claim, offers, panel } = desk;
    assert.deepEqual(claim.attempt(wish(offers[0]!)), { state: "waiting", remainingMs: 120_000 });
    claim.present();
    assert.equal(claim.attempt(wish(offers[0]!)).state, "claimed");
    assert.throws(() => claim.attempt(wish(offers[0]!, { publicKey: "another" })), coded("claimed"));

    await reopened(desk);
    claim.present();
    await panel.clock.advance(120_000);
    assert.equal(claim.attempt(wish(offers[1]!)).state, "waiting");
    await panel.clock.advance(60_000);
    claim.present();
    await panel.clock.advance(119_000);
    assert.equal(claim.attempt(wish(offers[1]!)).state, "claimed");
    assert.equal(offers.length, 2);
    assert.notEqual(offers[0], offers[1]);
  }),
);

Deno.test(
  "B-SET-5: five wrong codes void the code; presence brings another",
  onPanel(async (desk) => {
    await reopened(desk);
    const { claim, offers } = desk;
    claim.present();
    for (let n = 0; n < 5; n++) {
      assert.throws(() => claim.attempt(wish("x".repeat(22))), coded("claim-wrong"));
    }
    assert.throws(() => claim.attempt(wish(offers[0]!)), coded("claim-void"));
    claim.present();
    assert.equal(offers.length, 2);
    assert.throws(() => claim.attempt(wish(offers[0]!)), coded("claim-wrong"));
    assert.equal(claim.attempt(wish(offers[1]!)).state, "claimed");
  }),
);

Deno.test(
  "B-SET-5: while one device waits for the button, another with the same code can't take its place",
  onPanel(async (desk) => {
    await reopened(desk);
    const { claim, offers, panel } = desk;
    claim.attempt(wish(offers[0]!));
    const other = wish(offers[0]!, { publicKey: "another" });
    assert.throws(() => claim.attempt(other), coded("claim-busy"));
    claim.present();
    assert.throws(() => claim.attempt(other), coded("claim-busy"));
    await panel.clock.advance(120_000);
    assert.equal(claim.attempt(other).state, "waiting");
  }),
);

Deno.test(
  "B-SET-5: where the code is shown only to who is at the unit it is enough by itself",
  onPanel(async (desk) => {
    await reopened(desk);
    assert.equal(desk.claim.attempt(wish(desk.offers[0]!)).state, "claimed");
    const [row] = await desk.panel.access.log({ kind: "claim", limit: 1 });
    assert.equal(row?.outcome, "claimed");
  }, { presenceByCode: true }),
);

Deno.test(
  "opening the panel to be claimed again removes members and devices, keeps cards and log, and says so",
  onPanel(async (desk) => {
    const { panel, members, claim, offers } = desk;
    const { token } = await members.join((await members.inviteDevice("member-1", OWNER)).code, device);
    const pending = await members.invite(someone(), OWNER);
    const card = await panel.addCard();
    const before = (await panel.rows()).length;
    const heard: string[] = [];
    panel.host.core.on(membersChanged, ({ devices }) => void heard.push(...devices));
    await reopened(desk);
    assert.equal(panel.parts.members.byToken(token), undefined);
    assert.equal(heard.length, 1);
    await assert.rejects(members.join(pending.code, device), coded("invitation-unknown"));
    assert.equal((await panel.present(card)).outcome, "released");
    const rows = await panel.rows();
    assert.equal(rows[before]?.kind, "claim");
    assert.equal(rows[before]?.outcome, "reopened");
    assert.deepEqual(rows[before]?.detail, { members: 1, devices: 1, codes: 0 });

    panel.lock.close();
    claim.present();
    claim.attempt(wish(offers.at(-1)!, { removeCards: true }));
    assert.equal((await panel.present(card)).reason, "unknown-credential");
    assert.ok(
      (await panel.rows()).some(({ kind, detail }) => kind === "card-removed" && detail["removed"] === 1),
    );
  }),
);

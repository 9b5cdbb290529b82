import assert from "node:assert/strict";
import { chainFindings } from "../harness/chain.ts";
import { ANNA, BRUNO, Panel } from "../harness/panel.ts";

const CARLA = "04CA71A0000001";
const HOUR = 3_600_000;
const JUMPS: [string, (now: number) => number][] = [
  ["1970", (now) => -now],
  ["10 years on", () => 10 * 365 * 24 * HOUR],
  ["1 h back", () => -HOUR],
];
const LOCK = { accessPoints: ["lock"] };
/** Open at every moment that any of the jumps leads to: only the doubt can deny. */
const LONG = { kind: "period", from: "1969-01-01T00:00:00Z", until: "2099-01-01T00:00:00Z" };
const ALL_WEEK = {
  kind: "weekly",
  zone: "Europe/Rome",
  windows: [{ days: ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], from: "00:00", to: "24:00" }],
};

async function reason(panel: Panel, uid: string): Promise<string> {
  await panel.swipe(uid);
  await panel.advance(2_000);
  return (await panel.accessLog("release"))[0].reason;
}

async function threeCards(panel: Panel): Promise<void> {
  await panel.enrol(ANNA, "Anna", LOCK);
  await panel.enrol(BRUNO, "Bruno", { ...LOCK, validity: LONG });
  await panel.enrol(CARLA, "Carla", { ...LOCK, validity: ALL_WEEK });
}

const reasons = async (panel: Panel) => [
  await reason(panel, ANNA),
  await reason(panel, BRUNO),
  await reason(panel, CARLA),
];
const DOUBTED = ["granted", "clock-untrusted", "clock-untrusted"];
const BELIEVED = ["granted", "granted", "granted"];

async function checkLog(panel: Panel): Promise<void> {
  const seqs = (await panel.accessLog()).map(({ seq }) => seq).reverse();
  assert.deepEqual(seqs, seqs.map((_, index) => index + 1));
  await panel.stop();
  assert.deepEqual(chainFindings(panel.data), []);
}

for (const [where, by] of JUMPS) {
  Deno.test(`I-9: the clock jumps to ${where}: permanent cards open, limited ones wait, the log goes on`, async () => {
    await using panel = await Panel.start();
    await threeCards(panel);
    const jump = by(panel.clock.now());
    panel.clock.jump(jump);
    assert.deepEqual(await reasons(panel), DOUBTED);
    await panel.restart();
    assert.deepEqual(await reasons(panel), DOUBTED, "a restart is no reason to believe it");
    panel.clock.jump(-jump);
    assert.equal((await panel.post("/clock/confirm")).status, 204);
    assert.deepEqual(await reasons(panel), BELIEVED);
    await checkLog(panel);
  });

  Deno.test(`B-CARD-6 I-9: the panel wakes with its clock at ${where}: the same, until the time is right`, async () => {
    await using panel = await Panel.start();
    await threeCards(panel);
    const jump = by(panel.clock.now());
    panel.crash();
    panel.clock.jump(jump);
    await panel.boot();
    assert.deepEqual(await reasons(panel), DOUBTED);
    assert.equal((await panel.get("/health")).body.status, "degraded");
    panel.clock.jump(-jump);
    assert.deepEqual(await reasons(panel), BELIEVED);
    await checkLog(panel);
  });
}

Deno.test("I-9: a card of last year does not open because the clock went back to last year", async () => {
  await using panel = await Panel.start();
  await panel.enrol(ANNA, "Anna", {
    ...LOCK,
    validity: { kind: "period", from: "2025-01-01T00:00:00Z", until: "2026-01-01T00:00:00Z" },
  });
  assert.equal(await reason(panel, ANNA), "expired");
  panel.clock.jump(-200 * 24 * HOUR);
  assert.equal(await reason(panel, ANNA), "clock-untrusted");
  assert.deepEqual(panel.pulses("lock"), []);
});

const CHANGES: [string, string, string[]][] = [
  // 01:30 to 03:30 in Rome is 00:30 to 01:30 UTC: there is no 02:30.
  ["summer", "2026-03-28T23:55:00Z", ["00:30", "01:00"]],
  // 01:30 to 03:30 in Rome is 23:30 to 02:30 UTC: 02:30 comes twice.
  ["winter", "2026-10-24T22:55:00Z", ["23:30", "00:00", "00:30", "01:00", "01:30", "02:00"]],
];
for (const [season, start, expected] of CHANGES) {
  Deno.test(`B-CARD-4 I-9: at the change to ${season} time a weekly card opens in its hours on the wall only`, async () => {
    await using panel = await Panel.start({ start: Date.parse(start) });
    await panel.enrol(ANNA, "Anna", {
      ...LOCK,
      validity: {
        kind: "weekly",
        zone: "Europe/Rome",
        windows: [{ days: ["sun"], from: "01:30", to: "03:30" }],
      },
    });
    const opened: string[] = [];
    for (let half = 0; half < 9; half++) {
      const at = Date.parse(start) + 5 * 60_000 + half * HOUR / 2;
      await panel.advance(at - panel.clock.now());
      const utc = new Date(at).toISOString().slice(11, 16);
      if (await reason(panel, ANNA) === "granted") opened.push(utc);
    }
    assert.deepEqual(opened, expected);
    assert.equal(panel.pulses("lock").length, expected.length);
    await checkLog(panel);
  });
}

import assert from "node:assert/strict";
import fc from "fast-check";
import { AccessPanel, OWNER } from "../testing/access_panel.ts";
import { inTempDir } from "../testing/temp_dir.ts";
import { VirtualClock } from "../testing/virtual_clock.ts";
import type { Terms } from "./model.ts";

const SECOND = 1000;
const HOUR = 3600 * SECOND;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;
const START = Date.UTC(2026, 5, 1, 12);

const today: Partial<Terms> = {
  validity: { kind: "period", from: "2026-06-01T00:00:00Z", until: "2026-06-02T00:00:00Z" },
};

/** A panel with a permanent card and one of today. */
async function withCards(dir: string, clock = new VirtualClock(START)) {
  const panel = new AccessPanel(dir, clock);
  const permanent = await panel.addCard({}, "00000001");
  const limited = await panel.addCard(today, "00000002");
  return { panel, clock, permanent, limited };
}

async function outcomes(panel: AccessPanel, ...cards: { id: string }[]): Promise<string[]> {
  const reasons: string[] = [];
  for (const card of cards) {
    reasons.push((await panel.present(card)).reason);
    panel.lock.close();
  }
  return reasons;
}

const clockRows = async (panel: AccessPanel) =>
  (await panel.rows()).filter((row) => row.kind === "clock").map((row) => row.outcome);

for (
  const [name, jump] of [
    ["to 1970", -START],
    ["10 years ahead", 10 * YEAR],
    ["back one hour", -HOUR],
    ["ahead by 61 s", 61 * SECOND],
  ] as const
) {
  Deno.test(
    `I-9: after a jump ${name} permanent cards open, limited ones do not, until the time is back`,
    inTempDir(async (dir) => {
      const { panel, clock, permanent, limited } = await withCards(dir);
      assert.deepEqual(await outcomes(panel, permanent, limited), ["granted", "granted"]);
      clock.jump(jump);
      assert.deepEqual(await outcomes(panel, permanent, limited), ["granted", "clock-untrusted"]);
      const rows = await panel.rows();
      assert.deepEqual(rows.map((row) => row.seq), rows.map((_, index) => index + 1));
      assert.deepEqual(rows.slice(-3).map((row) => [row.kind, row.clockTrusted]), [
        ["clock", false],
        ["release", false],
        ["release", false],
      ]);
      clock.jump(-jump);
      assert.deepEqual(await outcomes(panel, permanent, limited), ["granted", "granted"]);
      assert.deepEqual(await clockRows(panel), ["untrusted", "trusted"]);
      await panel.stop();
    }),
  );

  Deno.test(
    `I-9: a jump ${name} is still doubted after a restart, until a person confirms the time`,
    inTempDir(async (dir) => {
      const before = await withCards(dir);
      before.clock.jump(jump);
      await before.panel.clock.advance(61 * SECOND);
      await before.panel.stop();
      const panel = new AccessPanel(dir, before.clock);
      const { permanent, limited } = before;
      assert.deepEqual(await outcomes(panel, permanent, limited), ["granted", "clock-untrusted"]);
      before.clock.jump(-jump);
      assert.deepEqual(await outcomes(panel, permanent, limited), ["granted", "clock-untrusted"]);
      panel.trust.confirm(OWNER);
      assert.deepEqual(await outcomes(panel, permanent, limited), ["granted", "granted"]);
      await panel.stop();
      const later = new AccessPanel(dir, before.clock);
      assert.deepEqual(await outcomes(later, limited), ["granted"]);
      assert.deepEqual(await clockRows(later), ["untrusted", "trusted"]);
      await later.stop();
    }),
  );
}

for (
  const [name, jump] of [["1970", -START], ["10 years ahead", 10 * YEAR], ["an hour ago", -HOUR]] as const
) {
  Deno.test(
    `I-9: a panel that starts at ${name} doubts its clock until a plausible time comes`,
    inTempDir(async (dir) => {
      const { panel, clock, permanent, limited } = await withCards(dir);
      await panel.stop();
      clock.jump(jump);
      const next = new AccessPanel(dir, clock);
      assert.deepEqual(await outcomes(next, permanent, limited), ["granted", "clock-untrusted"]);
      assert.equal(next.trust.state().doubt, "implausible");
      clock.jump(-jump);
      assert.deepEqual(await outcomes(next, permanent, limited), ["granted", "granted"]);
      await next.stop();
    }),
  );
}

Deno.test(
  "I-9: time is kept while nobody comes, so that a later start behind it is doubted",
  inTempDir(async (dir) => {
    const { panel, clock, limited } = await withCards(dir);
    await clock.advance(3 * HOUR);
    await panel.stop();
    clock.jump(-HOUR);
    const next = new AccessPanel(dir, clock);
    assert.deepEqual(await outcomes(next, limited), ["clock-untrusted"]);
    await next.stop();
  }),
);

Deno.test(
  "a clock that a time server slews for days, and a pause of a year, are no jumps",
  inTempDir(async (dir) => {
    const { panel, clock } = await withCards(dir);
    for (let day = 0; day < 10; day++) {
      await clock.advance(DAY);
      clock.jump(10 * SECOND);
    }
    assert.equal(panel.trust.trusted(), true);
    await panel.stop();
    clock.jump(YEAR);
    const next = new AccessPanel(dir, clock);
    assert.equal(next.trust.trusted(), true);
    assert.deepEqual(await clockRows(next), []);
    await next.stop();
  }),
);

Deno.test(
  "a confirmation is refused in a year that can't be, and undone where it can't be written",
  inTempDir(async (dir) => {
    const { panel, clock } = await withCards(dir);
    clock.jump(-START);
    assert.throws(() => panel.trust.confirm(OWNER), { code: "clock-wrong" });
    clock.jump(START + HOUR);
    assert.equal(panel.trust.trusted(), false);
    panel.store.close();
    assert.throws(() => panel.trust.confirm(OWNER));
    assert.equal(panel.trust.trusted(), false);
    await panel.host.stop();
  }),
);

Deno.test(
  "I-9: whatever the clock does, no limited card opens outside its time and permanent ones always do",
  async () => {
    const step = fc.oneof(
      fc.record({ jump: fc.integer({ min: -12 * YEAR, max: 12 * YEAR }) }),
      fc.record({ jump: fc.integer({ min: -2 * HOUR, max: 2 * HOUR }) }),
      fc.record({ pass: fc.integer({ min: 0, max: 3 * HOUR }) }),
    );
    const run = fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
      await inTempDir(async (dir) => {
        const { panel, clock, permanent, limited } = await withCards(dir);
        const day = Date.UTC(2026, 5, 2);
        for (const move of steps) {
          if ("jump" in move) clock.jump(move.jump);
          else await clock.advance(move.pass);
          const really = START + clock.monotonic();
          const [first, second] = await outcomes(panel, permanent, limited);
          assert.equal(first, "granted");
          // What counts as no jump: 60 s, and 500 ppm of the time that passed.
          const slack = 60 * SECOND + clock.monotonic() * 0.0005;
          if (second === "granted") assert.ok(really < day + slack, new Date(really).toISOString());
        }
        const rows = await panel.rows();
        assert.deepEqual(rows.map((row) => row.seq), rows.map((_, index) => index + 1));
        await panel.stop();
      })();
    });
    await fc.assert(run, { numRuns: 60 });
  },
);

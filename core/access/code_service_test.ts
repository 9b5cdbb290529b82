import assert from "node:assert/strict";
import { AccessPanel, OWNER } from "../testing/access_panel.ts";
import { inTempDir } from "../testing/temp_dir.ts";
import { codeService, type Redemption } from "./keys.ts";
import type { NewCode, Terms } from "./model.ts";

const terms = (change: Partial<Terms> = {}): Terms => ({
  validity: { kind: "always" },
  accessPoints: ["lock"],
  usesLeft: null,
  suspended: false,
  ...change,
});
const code = (change: Partial<NewCode> = {}): NewCode => ({
  name: "Parcel",
  form: "pin",
  terms: terms(),
  ...change,
});

function desk(panel: AccessPanel) {
  const codes = panel.host.core.use(codeService);
  let count = 0;
  const enter = (text: string, change: Partial<Redemption> = {}) =>
    codes.redeem({
      text,
      accessPoint: "lock",
      requestId: `enter-${++count}-${panel.clock.monotonic()}`,
      source: "10.0.0.1",
      via: "app",
      ...change,
    });
  return { codes, enter };
}

const coded = (expected: string) => (error: { code: string }) => {
  assert.equal(error.code, expected);
  return true;
};

Deno.test(
  "B-CARD-8: a code for one use opens once, with blanks or without, and its row says whose it is",
  inTempDir(async (dir) => {
    const panel = new AccessPanel(dir);
    const { codes, enter } = desk(panel);
    const { text, code: made } = await codes.add(code({ terms: terms({ usesLeft: 1 }) }), OWNER);
    assert.match(text, /^\d{8}$/);
    const answer = await enter(`${text.slice(0, 4)} ${text.slice(4)}`);
    assert.equal(answer.outcome, "released");
    panel.lock.close();
    assert.equal((await enter(text)).reason, "used-up");
    const [denied, released] = await panel.access.log({ kind: "release" });
    assert.equal(released?.actor.name, "Parcel");
    assert.equal(released?.credentialId, made.id);
    assert.equal(denied?.reason, "used-up");
    assert.equal(panel.lock.pulses.length, 1);
    await panel.stop();
  }),
);

Deno.test(
  "B-CARD-8: a code opens what it is for, while it is valid, until it is deleted; a QR code can't be guessed",
  inTempDir(async (dir) => {
    const panel = new AccessPanel(dir);
    const { codes, enter } = desk(panel);
    const period = { kind: "period", from: "2026-06-01T00:00:00Z", until: "2026-06-02T00:00:00Z" } as const;
    const { text, code: made } = await codes.add(
      code({ form: "qr", terms: terms({ validity: period }) }),
      OWNER,
    );
    assert.equal(text.length, 22);
    assert.equal((await enter(text, { accessPoint: "gate" })).reason, "no-right");
    assert.equal((await enter(text)).outcome, "released");
    panel.lock.close();
    await panel.clock.advance(24 * 60 * 60_000);
    assert.equal((await enter(text)).reason, "expired");
    await codes.remove(made.id, OWNER);
    await assert.rejects(enter(text), coded("code-wrong"));
    await panel.stop();
  }),
);

Deno.test(
  "I-11: five wrong codes cost 30 s, each further one twice that, at most 15 min, and a right one is no way round",
  inTempDir(async (dir) => {
    const panel = new AccessPanel(dir);
    const { codes, enter } = desk(panel);
    const { text } = await codes.add(code(), OWNER);
    for (let n = 0; n < 5; n++) await assert.rejects(enter("00000000"), coded("code-wrong"));
    for (const seconds of [30, 60, 120, 240, 480, 900, 900]) {
      await assert.rejects(enter(text), coded("code-wait"));
      await panel.clock.advance((seconds - 1) * 1_000);
      await assert.rejects(enter(text), coded("code-wait"));
      await panel.clock.advance(1_000);
      await assert.rejects(enter("00000000"), coded("code-wrong"));
    }
    await panel.clock.advance(900_000);
    assert.equal((await enter(text)).outcome, "released");
    await panel.stop();
  }),
);

Deno.test(
  "I-11: looking what a code is good for opens nothing, forgives nothing, and counts a wrong one",
  inTempDir(async (dir) => {
    const panel = new AccessPanel(dir);
    const { codes, enter } = desk(panel);
    const { text, code: made } = await codes.add(code({ terms: terms({ usesLeft: 1 }) }), OWNER);
    const look = (text: string) => codes.check({ text, source: "10.0.0.1", via: "app" });
    for (let n = 0; n < 5; n++) {
      assert.deepEqual(await look(`${text.slice(0, 4)}-${text.slice(4)}`), made);
      await assert.rejects(look("00000000"), coded("code-wrong"));
    }
    await assert.rejects(look(text), coded("code-wait"));
    await assert.rejects(enter(text), coded("code-wait"));
    const denied = (await panel.access.log({ kind: "release" })).map(({ outcome }) => outcome);
    assert.deepEqual(denied, Array(5).fill("denied"));
    assert.equal(panel.lock.pulses.length, 0);
    await panel.clock.advance(30_000);
    assert.equal((await enter(text)).outcome, "released");
    await panel.stop();
  }),
);

Deno.test(
  "I-11: whoever guesses waits alone: other sources, cards and buttons open as ever",
  inTempDir(async (dir) => {
    const panel = new AccessPanel(dir);
    const { codes, enter } = desk(panel);
    const { text } = await codes.add(code(), OWNER);
    const card = await panel.addCard();
    for (let n = 0; n < 5; n++) await assert.rejects(enter("00000000"), coded("code-wrong"));
    await assert.rejects(enter(text), coded("code-wait"));
    assert.equal((await enter(text, { source: "10.0.0.2" })).outcome, "released");
    panel.lock.close();
    assert.equal((await panel.present(card)).outcome, "released");
    panel.lock.close();
    const button = panel.request({ kind: "input", id: "exit", scopes: [] });
    assert.equal((await panel.access.release(button)).outcome, "released");
    const [alarm] = await panel.access.log({ kind: "alarm" });
    assert.deepEqual(alarm?.detail, { alarm: "code-guessing", source: "10.0.0.1" });
    await panel.stop();
  }),
);

Deno.test(
  "I-11: a restart makes the wait longer, not shorter, whatever the clock does",
  inTempDir(async (dir) => {
    let panel = new AccessPanel(dir);
    const { text } = await desk(panel).codes.add(code(), OWNER);
    for (let n = 0; n < 6; n++) {
      await assert.rejects(desk(panel).enter("00000000"));
      if (n === 4) await panel.clock.advance(30_000);
    }
    await panel.clock.advance(50_000);
    await panel.stop();
    panel.clock.jump(10 * 365 * 24 * 60 * 60_000);
    panel = new AccessPanel(dir, panel.clock);
    await panel.clock.advance(59_000);
    await assert.rejects(desk(panel).enter(text), coded("code-wait"));
    await panel.clock.advance(1_000);
    assert.equal((await desk(panel).enter(text)).outcome, "released");
    await panel.stop();
  }),
);

Deno.test(
  "I-11: a hundred guesses at once are no more than five",
  inTempDir(async (dir) => {
    const panel = new AccessPanel(dir);
    const { enter } = desk(panel);
    const answers = await Promise.allSettled(
      Array.from({ length: 100 }, (_, n) => enter(String(n).padStart(8, "0"))),
    );
    const codesOf = answers.map((answer) => answer.status === "rejected" ? answer.reason.code : "opened");
    assert.equal(codesOf.filter((one) => one === "code-wrong").length, 5);
    assert.equal(codesOf.filter((one) => one === "code-wait").length, 95);
    await panel.stop();
  }),
);

Deno.test(
  "I-27: a code stands nowhere in the data directory, and in no row",
  inTempDir(async (dir) => {
    const panel = new AccessPanel(dir);
    const { codes, enter } = desk(panel);
    const { text } = await codes.add(code(), OWNER);
    await enter(text);
    await assert.rejects(enter("87654321"));
    const rows = JSON.stringify(await panel.rows()) + JSON.stringify(panel.lines) +
      JSON.stringify(await codes.list());
    assert.ok(!rows.includes(text) && !rows.includes("87654321"));
    await panel.stop();
    for await (const entry of Deno.readDir(dir)) {
      if (!entry.isFile) continue;
      const content = new TextDecoder("latin1").decode(await Deno.readFile(`${dir}/${entry.name}`));
      assert.ok(!content.includes(text), entry.name);
    }
  }),
);

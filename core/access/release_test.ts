import assert from "node:assert/strict";
import { AccessPanel, OWNER } from "../testing/access_panel.ts";
import { inTempDir } from "../testing/temp_dir.ts";
import { settle, VirtualClock } from "../testing/virtual_clock.ts";
import { accessLogged, denialsPoint } from "./keys.ts";
import type { LogRow, ReleaseAnswer } from "./model.ts";

const onPanel = (run: (panel: AccessPanel, dir: string) => Promise<void>) =>
  inTempDir(async (dir) => {
    const panel = new AccessPanel(dir);
    await run(panel, dir);
    await panel.stop();
  });

const releases = async (panel: AccessPanel) =>
  (await panel.rows()).filter(({ kind }) => kind === "release" || kind === "release-failed");

Deno.test(
  "B-REL-3: a release is decided, logged, moved and told",
  onPanel(async (panel) => {
    const heard: LogRow[] = [];
    panel.host.core.on(accessLogged, (row) => void heard.push(row));
    const request = panel.request(OWNER);
    const answer = await panel.access.release(request);
    const [row] = await releases(panel);
    assert.deepEqual(answer, {
      requestId: request.requestId,
      accessPoint: "lock",
      outcome: "released",
      reason: "granted",
      message: "LOCK is released",
      seq: row!.seq,
      repeated: false,
    });
    assert.deepEqual(panel.lock.pulses, [request.requestId]);
    assert.deepEqual(heard, [row]);
    assert.deepEqual(row!.actor, { ...OWNER, name: "Owner" });
    assert.equal(row!.outcome, "released");
  }),
);

Deno.test(
  "I-1: the row is durable before the output moves, and without a row nothing moves",
  inTempDir(async (dir) => {
    const panel = new AccessPanel(dir);
    let loggedFirst = false;
    panel.lock.onOpen = async () => {
      loggedFirst = (await releases(panel)).length === 1;
    };
    await panel.access.release(panel.request(OWNER));
    assert.ok(loggedFirst);
    panel.lock.close();
    panel.store.close();
    const answer = await panel.access.release(panel.request(OWNER));
    assert.deepEqual([answer.outcome, answer.reason, answer.seq], ["denied", "log-unavailable", 0]);
    assert.equal(panel.lock.pulses.length, 1);
    await panel.host.stop();
  }),
);

Deno.test(
  "I-7: one transaction, and so one fsync, comes before the pulse",
  onPanel(async (panel) => {
    const card = await panel.addCard({ usesLeft: 3 });
    const { store } = panel;
    const transaction = store.transaction.bind(store);
    let count = 0;
    store.transaction = (work) => {
      count++;
      return transaction(work);
    };
    let before = 0;
    panel.lock.onOpen = () => Promise.resolve(void (before = count));
    await panel.present(card);
    assert.equal(before, 1);
    assert.equal(count, 1);
  }),
);

Deno.test(
  "I-6: one request id sent 100 times at once and again after a restart is one pulse and one row",
  inTempDir(async (dir) => {
    const clock = new VirtualClock();
    const first = new AccessPanel(dir, clock);
    const request = first.request(OWNER);
    let begin = () => {};
    first.lock.onOpen = () => new Promise((done) => begin = done);
    const hundred = Array.from({ length: 100 }, () => first.access.release(request));
    await settle();
    begin();
    const answers: ReleaseAnswer[] = await Promise.all(hundred);
    answers.push(await first.access.release(request));
    first.lock.close();
    answers.push(await first.access.release(request));
    assert.deepEqual(first.lock.pulses, [request.requestId]);
    await first.stop();

    const second = new AccessPanel(dir, clock);
    const later = Array.from({ length: 100 }, () => second.access.release(request));
    answers.push(...await Promise.all(later));
    assert.deepEqual(second.lock.pulses, []);
    assert.equal((await releases(second)).length, 1);
    assert.equal(answers.length, 202);
    for (const [index, answer] of answers.entries()) {
      assert.deepEqual(answer, { ...answers[0], repeated: index > 0 });
    }
    await second.stop();
  }),
);

Deno.test(
  "I-6: those who send a request id again while its output is being moved hear what became of it",
  onPanel(async (panel) => {
    let refuse = () => {};
    panel.lock.onOpen = () => new Promise((_, reject) => refuse = () => reject(new Error("Refused")));
    const request = panel.request(OWNER);
    const sent = Array.from({ length: 3 }, () => panel.access.release(request));
    await settle();
    refuse();
    const answers = await Promise.all(sent);
    assert.deepEqual(answers.map((answer) => answer.outcome), ["failed", "failed", "failed"]);
    assert.deepEqual(answers.map((answer) => answer.repeated), [false, true, true]);
  }),
);

Deno.test(
  "I-6: a denial repeated is the same denial, also when it would now be granted",
  onPanel(async (panel) => {
    const card = await panel.addCard({ suspended: true });
    const request = panel.request({ kind: "card", id: card.id, scopes: [] });
    assert.equal((await panel.access.release(request)).reason, "suspended");
    await panel.credentials.change(card.id, { suspended: false }, OWNER);
    const again = await panel.access.release(request);
    assert.deepEqual([again.reason, again.repeated], ["suspended", true]);
    assert.deepEqual(panel.lock.pulses, []);
  }),
);

Deno.test(
  "a request id can't be used for another access point or by another actor",
  onPanel(async (panel) => {
    const request = panel.request(OWNER);
    const running = panel.access.release(request);
    const others = [{ ...request, accessPoint: "gate" }, { ...request, actor: { ...OWNER, id: "guest" } }];
    for (const other of others) {
      await assert.rejects(panel.access.release(other), { code: "request-id-used" });
    }
    await running;
    for (const other of others) {
      await assert.rejects(panel.access.release(other), { code: "request-id-used" });
    }
    assert.deepEqual(panel.gate.pulses, []);
    assert.equal((await releases(panel)).length, 1);
    await assert.rejects(panel.access.release({ ...request, requestId: "a b" }), { code: "request-invalid" });
  }),
);

Deno.test(
  "B-REL-5: a request during a pulse, or while one is about to begin, moves nothing and says so",
  onPanel(async (panel) => {
    let begin = () => {};
    panel.lock.onOpen = () => new Promise((done) => begin = done);
    const first = panel.access.release(panel.request(OWNER));
    await settle();
    const early = await panel.access.release(panel.request(OWNER));
    begin();
    await first;
    const during = await panel.access.release(panel.request(OWNER));
    assert.deepEqual([early.outcome, during.outcome], ["already-released", "already-released"]);
    assert.equal(panel.lock.pulses.length, 1);
    const outcomes = (await releases(panel)).map((row) => row.outcome);
    assert.deepEqual(outcomes, ["released", "already-released", "already-released"]);
    panel.lock.onOpen = () => Promise.resolve();
    panel.lock.close();
    assert.equal((await panel.access.release(panel.request(OWNER))).outcome, "released");
  }),
);

Deno.test(
  "an output that refuses is a row of its own, the answer says failed, and a repetition too",
  onPanel(async (panel) => {
    panel.lock.onOpen = () => Promise.reject(new Error("The output refuses"));
    const request = panel.request(OWNER);
    const answer = await panel.access.release(request);
    assert.deepEqual([answer.outcome, answer.reason], ["failed", "output-failed"]);
    panel.lock.onOpen = () => Promise.resolve();
    assert.deepEqual(await panel.access.release(request), { ...answer, repeated: true });
    const [granted, failed] = await releases(panel);
    assert.equal(granted!.outcome, "released");
    assert.deepEqual([failed!.kind, failed!.requestId], ["release-failed", request.requestId]);
    assert.deepEqual(failed!.detail, { error: "The output refuses" });
    assert.deepEqual(panel.lock.pulses, []);
  }),
);

Deno.test(
  "an output that never answers fails after 5 s and does not block the access point",
  onPanel(async (panel) => {
    panel.lock.onOpen = () => new Promise(() => {});
    const hanging = panel.access.release(panel.request(OWNER));
    await panel.clock.advance(5_000);
    assert.equal((await hanging).outcome, "failed");
    panel.lock.onOpen = () => Promise.resolve();
    assert.equal((await panel.access.release(panel.request(OWNER))).outcome, "released");
  }),
);

Deno.test(
  "an unknown access point and an unknown card are denied with a row",
  onPanel(async (panel) => {
    const nowhere = await panel.access.release(panel.request(OWNER, { accessPoint: "cellar" }));
    assert.deepEqual([nowhere.outcome, nowhere.reason], ["denied", "unknown-access-point"]);
    for (const id of ["card-1", "card-01", "card-", "unknown", "card-9999999999999999999"]) {
      assert.equal((await panel.present({ id })).reason, "unknown-credential");
    }
    assert.equal((await releases(panel)).length, 6);
  }),
);

Deno.test(
  "B-CARD-4: the uses that are left go down with each grant only, and the row names the holder",
  onPanel(async (panel) => {
    const card = await panel.addCard({ usesLeft: 2 });
    const reasons: string[] = [];
    for (const point of ["lock", "lock", "gate", "lock", "lock"]) {
      reasons.push((await panel.present(card, point)).reason);
      if (reasons.length !== 1) panel.lock.close();
    }
    assert.deepEqual(reasons, ["granted", "already-released", "no-right", "granted", "used-up"]);
    const after = await panel.credentials.get(card.id);
    assert.deepEqual([after.usesLeft, after.lastUsedAt], [0, panel.clock.now()]);
    const [row] = await releases(panel);
    assert.equal(row!.credentialId, card.id);
    assert.deepEqual(row!.detail, { holderName: "Anna", lastDigits: "B2C3" });
    assert.equal(row!.actor.name, "Anna");
  }),
);

Deno.test(
  "a contributed objection denies with its sentence; an error or silence denies too; none of them grants",
  onPanel(async (panel) => {
    const { core } = panel.host;
    const answers: (() => Promise<string | undefined>)[] = [
      () => Promise.resolve("A card is being added"),
      () => Promise.reject(new Error("Broken")),
      () => new Promise(() => {}),
      () => {
        throw new Error("Broken at once");
      },
    ];
    let objection = answers[0]!;
    core.contribute(denialsPoint, { id: "other", objection: () => Promise.resolve(undefined) });
    core.contribute(denialsPoint, { id: "wizard", reason: "enrolling", objection: () => objection() });
    const reasons: string[] = [];
    for (objection of answers) {
      const release = panel.access.release(panel.request(OWNER));
      await panel.clock.advance(500);
      const { outcome, reason } = await release;
      assert.equal(outcome, "denied");
      reasons.push(reason);
    }
    const [wizard] = await releases(panel);
    const again = await panel.access.release(panel.request(OWNER, { requestId: wizard!.requestId! }));
    assert.deepEqual([again.message, again.repeated], ["A card is being added", true]);
    assert.deepEqual(reasons, ["enrolling", "denied-by-plugin", "denied-by-plugin", "denied-by-plugin"]);
    assert.deepEqual(wizard!.detail, {
      role: "owner",
      denial: "wizard",
      objection: "A card is being added",
    });
    objection = () => Promise.resolve(undefined);
    assert.equal((await panel.access.release(panel.request(OWNER))).outcome, "released");
    assert.equal(panel.lock.pulses.length, 1);
  }),
);

import assert from "node:assert/strict";
import { type Actor, boardService, contributeReleasable, type Denial, denialsPoint } from "../../core/mod.ts";
import { startBench } from "../testing/bench.ts";
import { present, remove } from "../testing/fakes.ts";
import { type Enrolment, enrolmentChanged } from "./keys.ts";
import rfid from "./mod.ts";

const ANNA = "04A1B2C3";
const NEW = "04FFEEDD";
const WISH = { holderName: "Chiara", terms: { accessPoints: ["lock"], usesLeft: 3 } };

async function wizard() {
  const bench = await startBench(rfid);
  const { core: ctx } = bench;
  for (const id of ["lock", "gate"] as const) {
    await contributeReleasable({
      ctx,
      board: ctx.use(boardService),
      id,
      kind: id,
      name: id,
      pulseMs: 500,
    });
  }
  const anna = bench.credentials.put(ANNA, "Anna");
  const ons = (line: string) => bench.edges(line).filter(([, level]) => level === 1).length;
  return {
    ...bench,
    anna,
    beeps: () => ons("beeper"),
    flashes: () => ons("indicator"),
    start: (body: unknown = WISH) => bench.call("post", "/enrolments", { body }) as Promise<Enrolment>,
    current: () => bench.call("get", "/enrolments/current") as Promise<Enrolment>,
    cancel: () => bench.call("delete", "/enrolments/current") as Promise<Enrolment>,
    async put(uid: string, ms = 500) {
      present(ctx, uid);
      await bench.clock.advance(ms);
      remove(ctx, uid);
      await bench.clock.advance(3_000);
    },
  };
}

Deno.test("B-CARD-3: name, term, badge: enrolled, one beep, three flashes, and it told each step", async () => {
  const { start, current, put, beeps, flashes, credentials, hear, clock } = await wizard();
  const told = hear(enrolmentChanged);
  const begun = await start();
  assert.equal(begun.state, "waiting");
  assert.equal(begun.expiresAt, clock.now() + 60_000);
  await put(NEW);
  const card = credentials.cards.get(NEW);
  assert.deepEqual([card?.holderName, card?.accessPoints, card?.usesLeft], ["Chiara", ["lock"], 3]);
  assert.equal((await current()).credentialId, card?.id);
  assert.deepEqual([beeps(), flashes()], [1, 3]);
  assert.deepEqual(told.map((one) => one.state), ["waiting", "saving", "done"]);
  assert.ok(!JSON.stringify(told).includes(NEW));
});

Deno.test("B-CARD-3: the enrolled badge opens nothing until it has been away, then it opens", async () => {
  const { start, put, core, clock, access } = await wizard();
  await start();
  present(core, NEW);
  await clock.advance(30_000);
  remove(core, NEW);
  await clock.advance(1_000);
  present(core, NEW);
  await clock.advance(10_000);
  assert.equal(access.requests.length, 0);
  remove(core, NEW);
  await clock.advance(2_000);
  await put(NEW);
  assert.deepEqual(access.requests.map((request) => request.accessPoint), ["lock"]);
});

Deno.test("B-CARD-3: no badge within 60 s: timed out, three beeps, badges open again", async () => {
  const { start, current, put, beeps, access, clock } = await wizard();
  await start();
  await clock.advance(59_999);
  assert.equal((await current()).state, "waiting");
  await clock.advance(1);
  assert.equal((await current()).state, "timed-out");
  await clock.advance(1_000);
  assert.equal(beeps(), 3);
  assert.deepEqual(access.told, ["enrolment timed-out"]);
  await put(ANNA);
  assert.equal(access.requests.length, 1);
});

Deno.test("B-CARD-3: cancelled, badges open again", async () => {
  const { start, cancel, put, credentials, access } = await wizard();
  await start();
  assert.equal((await cancel()).state, "cancelled");
  await assert.rejects(cancel(), { code: "enrolment-over", status: 409 });
  await put(NEW);
  assert.equal(credentials.cards.has(NEW), false);
  await put(ANNA);
  assert.equal(access.requests.length, 1);
});

Deno.test("B-CARD-3: a badge already known is refused and says whose it is", async () => {
  const { start, current, put, beeps, flashes, anna, access, credentials } = await wizard();
  await start();
  await put(ANNA);
  const { state, knownAs, message } = await current();
  assert.equal(state, "duplicate");
  assert.deepEqual(knownAs, { credentialId: anna.id, holderName: "Anna" });
  assert.match(message, /Anna/);
  assert.deepEqual([beeps(), flashes()], [3, 0]);
  assert.equal(access.requests.length, 0);
  assert.deepEqual(access.told, ["enrolment duplicate"]);
  assert.equal(credentials.cards.size, 1);
});

Deno.test("B-CARD-3: one enrolment at a time", async () => {
  const { start, current } = await wizard();
  const [first, second] = await Promise.allSettled([start(), start({ ...WISH, holderName: "Dario" })]);
  assert.equal(first.status, "fulfilled");
  assert.equal(second.status === "rejected" && second.reason.code, "enrolment-running");
  assert.equal((await current()).holderName, "Chiara");
});

Deno.test("B-CARD-3: a badge that comes while another is being saved opens nothing, and that is in the log", async () => {
  const { start, current, core, clock, credentials, access, anna, edges } = await wizard();
  const saved = Promise.withResolvers<void>();
  credentials.adding = saved.promise;
  await start();
  present(core, NEW);
  present(core, ANNA);
  await clock.advance(5_000);
  assert.equal((await current()).state, "saving");
  assert.deepEqual(access.told, ["release denied enrolling"]);
  assert.equal(access.rows[0]?.credentialId, anna.id);
  saved.resolve();
  await clock.advance(10_000);
  assert.equal((await current()).state, "done");
  assert.deepEqual([edges("lock"), edges("gate")], [[], []]);
});

Deno.test("B-CARD-3: a badge at the reader at the start opens nothing and is not enrolled until put again", async () => {
  const { start, current, core, clock, access, edges, credentials } = await wizard();
  present(core, ANNA);
  present(core, NEW);
  await clock.advance(1_000);
  await start();
  await clock.advance(10_000);
  assert.deepEqual([edges("lock"), edges("gate")], [[], []]);
  assert.deepEqual(access.told, ["release denied unknown-credential", "release denied enrolling"]);
  assert.equal((await current()).state, "waiting");
  remove(core, NEW);
  await clock.advance(200);
  present(core, NEW);
  await clock.advance(500);
  assert.equal((await current()).state, "waiting", "a flicker is no new badge");
  remove(core, NEW);
  await clock.advance(500);
  present(core, NEW);
  await clock.advance(100);
  assert.equal((await current()).state, "done");
  assert.equal(credentials.cards.has(NEW), true);
});

Deno.test("B-CARD-3: a badge still at the reader after cancelling opens nothing", async () => {
  const { start, cancel, core, clock, access } = await wizard();
  present(core, ANNA);
  await clock.advance(1_000);
  await start();
  await cancel();
  await clock.advance(60_000);
  remove(core, ANNA);
  await clock.advance(1_000);
  assert.equal(access.requests.length, 0);
});

Deno.test("B-CARD-3: a badge at a reader of another plugin opens nothing either; everything else goes on", async () => {
  const { start, cancel, core, anna } = await wizard();
  const denials: Denial[] = [];
  core.watch(denialsPoint, { added: (denial) => void denials.push(denial) });
  const [denial] = denials;
  const objection = (kind: Actor["kind"]) =>
    denial?.objection({
      requestId: "r-1",
      accessPoint: "lock",
      actor: { kind, id: anna.id, scopes: [] },
      via: kind === "card" ? "reader" : "app",
    });
  assert.equal(await objection("card"), undefined);
  await start();
  assert.equal(denial?.reason, "enrolling");
  assert.match(await objection("card") ?? "", /being added/);
  for (const kind of ["person", "input", "monitor"] as const) {
    assert.equal(await objection(kind), undefined);
  }
  await cancel();
  assert.equal(await objection("card"), undefined);
});

Deno.test("B-CARD-3: a badge that can't be saved is no badge: failed, three beeps", async () => {
  const { start, current, put, credentials, beeps, access } = await wizard();
  credentials.adding = Promise.reject(new Error("The disk is full"));
  credentials.adding.catch(() => {});
  await start();
  await put(NEW);
  assert.deepEqual([(await current()).state, (await current()).message], ["failed", "The disk is full"]);
  assert.equal(beeps(), 3);
  assert.deepEqual(access.told, ["enrolment failed"]);
});

Deno.test("B-CARD-3: a restart ends it and leaves no half card", async () => {
  const { start, current, host, put, credentials, access } = await wizard();
  await start();
  await host.restart("rfid");
  await assert.rejects(current(), { code: "enrolment-none", status: 404 });
  await put(NEW);
  assert.equal(credentials.cards.has(NEW), false);
  await put(ANNA);
  assert.equal(access.requests.length, 1);
});

Deno.test("B-CARD-3: an access point that is not there, an unknown field and no name are refused", async () => {
  const { start, current } = await wizard();
  await assert.rejects(start({ ...WISH, terms: { accessPoints: ["cellar"] } }), {
    code: "unknown-access-point",
  });
  for (const wrong of [{}, { ...WISH, holderName: " " }, { ...WISH, term: 1 }, { ...WISH, terms: {} }]) {
    await assert.rejects(start(wrong), { name: "ZodError" });
  }
  await assert.rejects(current(), { code: "enrolment-none" });
});

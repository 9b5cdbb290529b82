import assert from "node:assert/strict";
import { setImmediate } from "node:timers";
import { boardService, contributeReleasable } from "../../core/mod.ts";
import { checkLifecycle } from "../../core/testing/plugin_check.ts";
import { provideAll, startBench } from "../testing/bench.ts";
import { present, remove } from "../testing/fakes.ts";
import rfid from "./mod.ts";

const ANNA = "04A1B2C3";
const BRUNO = "04FFEEDD";
const THREE_BEEPS = 3;

async function reader(config: unknown = {}, accessPoints: ("lock" | "gate")[] = ["lock", "gate"]) {
  const bench = await startBench(rfid, { config });
  const { core: ctx } = bench;
  for (const id of accessPoints) {
    const board = ctx.use(boardService);
    await contributeReleasable({ ctx, board, id, kind: id, name: id, pulseMs: 500 });
  }
  const anna = bench.credentials.put(ANNA, "Anna");
  const beeps = () => bench.edges("beeper").filter(([, level]) => level === 1).length;
  return {
    ...bench,
    anna,
    beeps,
    asked: () => bench.access.requests.map((request) => request.accessPoint),
    /** Puts a card to the reader for `ms` and lets all be heard. */
    async hold(uid: string, ms: number) {
      present(bench.core, uid);
      await bench.clock.advance(ms);
      remove(bench.core, uid);
      await bench.clock.advance(3_000);
    },
  };
}

Deno.test("B-CARD-1: a quick swipe releases the lock on removal, one beep confirms", async () => {
  const { core, clock, asked, beeps, hold, edges } = await reader();
  present(core, ANNA);
  await clock.advance(1_000);
  assert.deepEqual(asked(), []);
  await hold(ANNA, 0);
  assert.deepEqual(asked(), ["lock"]);
  assert.equal(beeps(), 1);
  assert.equal(edges("lock").length, 2);
});

Deno.test("B-CARD-1: held for 3 s it releases the gate at once, one beep confirms", async () => {
  const { core, clock, asked, beeps, edges } = await reader();
  present(core, ANNA);
  await clock.advance(2_999);
  assert.deepEqual(asked(), []);
  await clock.advance(1);
  assert.deepEqual(asked(), ["gate"]);
  assert.deepEqual(edges("gate"), [[3_000, 1]]);
  await clock.advance(60_000);
  remove(core, ANNA);
  await clock.advance(5_000);
  assert.deepEqual(asked(), ["gate"]);
  assert.equal(beeps(), 1);
});

Deno.test("B-CARD-1: three short beeps for a card that nobody knows, and a row", async () => {
  const { hold, beeps, access, asked } = await reader();
  await hold(BRUNO, 100);
  assert.equal(beeps(), THREE_BEEPS);
  assert.deepEqual(asked(), []);
  assert.deepEqual(access.told, ["release denied unknown-credential"]);
  assert.ok(!JSON.stringify(access.rows).includes(BRUNO));
});

Deno.test("B-CARD-1: three short beeps for a denied card", async () => {
  const { hold, beeps, access, anna } = await reader();
  access.denied.add(anna.id);
  await hold(ANNA, 100);
  assert.equal(beeps(), THREE_BEEPS);
});

Deno.test("B-CARD-1: three short beeps when the output refuses", async () => {
  const { hold, beeps, board } = await reader();
  board.setFault({ kind: "output-refuses", output: "lock" }, true);
  await hold(ANNA, 100);
  assert.equal(beeps(), THREE_BEEPS);
});

Deno.test("B-CARD-1: three short beeps when the log can't be written", async () => {
  const { hold, beeps, access, edges } = await reader();
  access.broken = true;
  await hold(ANNA, 100);
  assert.equal(beeps(), THREE_BEEPS);
  assert.deepEqual(edges("lock"), []);
});

Deno.test("B-CARD-1: an unknown card whose refusal can't be logged is three beeps too, and the panel's log says so", async () => {
  const { hold, beeps, access, lines } = await reader();
  access.record = async () => {
    await new Promise<void>((later) => setImmediate(later));
    throw new Error("The disk is full");
  };
  await hold(BRUNO, 100);
  assert.equal(beeps(), THREE_BEEPS);
  assert.match(lines[0]?.message ?? "", /not in the access log/);
});

Deno.test("B-CARD-1: a beeper that refuses keeps nobody out", async () => {
  const { hold, board, edges } = await reader();
  board.setFault({ kind: "output-refuses", output: "beeper" }, true);
  await hold(ANNA, 100);
  assert.equal(edges("lock").length, 2);
});

Deno.test("B-CARD-1: which gesture opens what is a setting", async () => {
  const { hold, asked } = await reader({ swipe: "gate", hold: "lock", holdMs: 1_000 });
  await hold(ANNA, 999);
  await hold(ANNA, 1_000);
  assert.deepEqual(asked(), ["gate", "lock"]);
});

Deno.test("B-CARD-1: who asks, by which way and under which id", async () => {
  const { hold, access, anna } = await reader();
  await hold(ANNA, 100);
  await hold(ANNA, 100);
  const [first, second] = access.requests;
  assert.deepEqual(first?.actor, { kind: "card", id: anna.id, name: "Anna", scopes: [] });
  assert.equal(first?.via, "reader");
  assert.notEqual(first?.requestId, second?.requestId);
});

Deno.test("B-CARD-2: a badge for one access point acts as soon as it is read", async () => {
  const { core, clock, credentials, asked } = await reader();
  credentials.put(ANNA, "Anna", { accessPoints: ["lock"] });
  credentials.put(BRUNO, "Bruno", { accessPoints: ["gate"] });
  present(core, ANNA);
  present(core, BRUNO);
  await clock.advance(0);
  assert.deepEqual(asked(), ["lock", "gate"]);
  await clock.advance(60_000);
  remove(core, ANNA);
  remove(core, BRUNO);
  await clock.advance(5_000);
  assert.deepEqual(asked(), ["lock", "gate"]);
});

Deno.test("B-CARD-2: only access points that are there count", async () => {
  const { core, clock, asked } = await reader({}, ["lock"]);
  present(core, ANNA);
  await clock.advance(0);
  assert.deepEqual(asked(), ["lock"]);
});

Deno.test("B-CARD-2: a badge for nothing that is there is denied by the decision, at once", async () => {
  const { core, clock, credentials, asked, beeps } = await reader();
  credentials.put(ANNA, "Anna", { accessPoints: ["cellar"] });
  present(core, ANNA);
  await clock.advance(1_000);
  assert.deepEqual(asked(), ["cellar"]);
  assert.equal(beeps(), THREE_BEEPS);
});

Deno.test("B-CARD-2: a reader that can't tell removal makes a swipe at once", async () => {
  const { core, clock, asked } = await reader();
  present(core, ANNA, false);
  await clock.advance(0);
  assert.deepEqual(asked(), ["lock"]);
});

Deno.test("B-CARD-1: the gesture is right also when the look-up takes longer than it", async () => {
  const { core, clock, credentials, asked } = await reader();
  const looked = Promise.withResolvers<void>();
  credentials.looking = looked.promise;
  present(core, ANNA);
  await clock.advance(500);
  remove(core, ANNA);
  await clock.advance(5_000);
  assert.deepEqual(asked(), []);
  looked.resolve();
  await clock.advance(0);
  assert.deepEqual(asked(), ["lock"]);
});

Deno.test("I-12: a card that flickers is one presentation: one release, one beep", async () => {
  const { core, clock, asked, beeps } = await reader();
  for (let n = 0; n < 100; n++) {
    present(core, ANNA);
    await clock.advance(200);
    remove(core, ANNA);
    await clock.advance(n % 2 === 0 ? 50 : 250);
  }
  await clock.advance(5_000);
  assert.deepEqual(asked(), ["gate"]);
  assert.equal(beeps(), 1);
});

Deno.test("I-12: the same UID within 2 s of its swipe opens nothing again", async () => {
  const { core, clock, asked } = await reader();
  present(core, ANNA);
  remove(core, ANNA);
  await clock.advance(1_900);
  present(core, ANNA);
  await clock.advance(10_000);
  remove(core, ANNA);
  await clock.advance(2_000);
  assert.deepEqual(asked(), ["lock"]);
  present(core, ANNA);
  remove(core, ANNA);
  await clock.advance(300);
  assert.deepEqual(asked(), ["lock", "lock"]);
});

Deno.test("a flood of unknown cards fills no disk: 20 rows a minute, then one for the rest", async () => {
  const { core, clock, access } = await reader();
  for (let n = 0; n < 500; n++) {
    const uid = (0x10000000 + n).toString(16).toUpperCase();
    present(core, uid);
    remove(core, uid);
    await clock.advance(20);
  }
  assert.equal(access.rows.length, 20);
  await clock.advance(60_000);
  assert.equal(access.rows.length, 21);
  assert.equal(access.rows.at(-1)?.detail.suppressed, 480);
});

Deno.test("a stopped plugin releases nothing for a card that is still at the reader", async () => {
  const { core, clock, host, asked } = await reader();
  present(core, ANNA);
  await clock.advance(1_000);
  await host.halt("rfid");
  await clock.advance(10_000);
  assert.deepEqual(asked(), []);
});

Deno.test("start, stop and start of rfid leaves nothing behind", async () => {
  await checkLifecycle({
    plugin: rfid,
    services: (core, clock) => void provideAll(core, clock),
    async exercise(core, clock) {
      present(core, ANNA);
      present(core, BRUNO);
      remove(core, BRUNO);
      // Until the board has ended its beeps.
      await clock.advance(700);
    },
  });
});

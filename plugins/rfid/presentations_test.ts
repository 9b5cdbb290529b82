import assert from "node:assert/strict";
import { settle, VirtualClock } from "../../core/testing/virtual_clock.ts";
import { Presentations } from "./presentations.ts";

const ANNA = { reader: "reader", uid: "04A1B2C3", cardKind: "iso14443a", reportsRemoval: true } as const;
const BRUNO = { ...ANNA, uid: "04FFEEDD" } as const;

function bench() {
  const clock = new VirtualClock();
  const presentations = new Presentations(clock, { holdMs: 3_000, flickerMs: 300, apartMs: 2_000 });
  const decided: [number, string, string][] = [];
  const arrivals: string[] = [];
  return {
    clock,
    presentations,
    decided,
    arrivals,
    present(sighting: Parameters<Presentations["present"]>[0]) {
      const { presentation, arrival } = presentations.present(sighting);
      arrivals.push(arrival);
      if (arrival === "new") {
        presentation.gesture.then((gesture) => decided.push([clock.monotonic(), sighting.uid, gesture]));
      }
      return presentation;
    },
  };
}

Deno.test("B-CARD-1: taken away before 3 s it is a swipe, once the gap is no flicker", async () => {
  const { clock, presentations, decided, present } = bench();
  present(ANNA);
  await clock.advance(2_999);
  presentations.removed(ANNA);
  await clock.advance(299);
  assert.deepEqual(decided, []);
  await clock.advance(1);
  assert.deepEqual(decided, [[3_298 + 1, ANNA.uid, "swipe"]]);
});

Deno.test("B-CARD-1: at 3 s it is a hold, without waiting for removal", async () => {
  const { clock, decided, present } = bench();
  present(ANNA);
  await clock.advance(2_999);
  assert.deepEqual(decided, []);
  await clock.advance(60_000);
  assert.deepEqual(decided, [[3_000, ANNA.uid, "hold"]]);
});

Deno.test("B-CARD-1: a reader that flickers neither restarts a hold nor makes a swipe of it", async () => {
  const { clock, presentations, decided, arrivals, present } = bench();
  for (let at = 0; at < 4_000; at += 500) {
    present(ANNA);
    await clock.advance(250);
    presentations.removed(ANNA);
    await clock.advance(250);
  }
  assert.deepEqual(decided, [[3_000, ANNA.uid, "hold"]]);
  assert.deepEqual(arrivals.slice(1), Array(7).fill("flicker"));
});

Deno.test("B-CARD-1: a flicker over the third second is a hold as soon as the card is seen again", async () => {
  const { clock, presentations, decided, present } = bench();
  present(ANNA);
  await clock.advance(2_900);
  presentations.removed(ANNA);
  await clock.advance(200);
  assert.deepEqual(decided, []);
  present(ANNA);
  await settle();
  assert.deepEqual(decided, [[3_100, ANNA.uid, "hold"]]);
});

Deno.test("I-12: the same UID within 2 s is one presentation, and after 2 s another", async () => {
  const { clock, presentations, decided, arrivals, present } = bench();
  const first = present(ANNA);
  presentations.removed(ANNA);
  await clock.advance(1_999);
  assert.equal(present(ANNA), first);
  await clock.advance(10_000);
  presentations.removed(ANNA);
  await clock.advance(2_000);
  assert.notEqual(present(ANNA), first);
  assert.deepEqual(arrivals, ["new", "again", "new"]);
  assert.equal(decided.length, 1);
});

Deno.test("B-CARD-1: several cards at a reader are told apart", async () => {
  const { clock, presentations, decided, present } = bench();
  present(ANNA);
  await clock.advance(1_000);
  present(BRUNO);
  presentations.removed(ANNA);
  await clock.advance(5_000);
  assert.deepEqual(decided, [[1_300, ANNA.uid, "swipe"], [4_000, BRUNO.uid, "hold"]]);
});

Deno.test("B-CARD-1: a reader that can't report removal makes a swipe at once, however often it repeats", async () => {
  const { clock, decided, present } = bench();
  for (let n = 0; n < 20; n++) {
    present({ ...ANNA, reportsRemoval: false });
    await clock.advance(1_000);
  }
  assert.deepEqual(decided, [[0, ANNA.uid, "swipe"]]);
  await clock.advance(1_000);
  present({ ...ANNA, reportsRemoval: false });
  await settle();
  assert.equal(decided.length, 2);
});

Deno.test("I-12: a flood of numbers is kept in bounded memory and leaves no timer", async () => {
  const { clock, presentations, present } = bench();
  for (let n = 0; n < 10_000; n++) {
    const uid = n.toString(16).toUpperCase().padStart(8, "0");
    present({ ...ANNA, uid });
    presentations.removed({ ...ANNA, uid });
  }
  assert.ok(presentations.size <= 64, `${presentations.size}`);
  await clock.advance(2_000);
  assert.equal(presentations.size, 0);
  assert.equal(clock.pending, 0);
});

Deno.test("a removal of a card that nobody saw is nothing", () => {
  const { presentations } = bench();
  presentations.removed(ANNA);
  assert.equal(presentations.size, 0);
});

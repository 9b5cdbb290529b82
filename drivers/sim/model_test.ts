import assert from "node:assert/strict";
import { VirtualClock } from "../../core/testing/virtual_clock.ts";
import { formatFrame } from "./frame.ts";
import { type BoardEvent, BoardModel } from "./model.ts";

function board(edgesKept?: number) {
  const clock = new VirtualClock();
  const model = new BoardModel(clock, edgesKept === undefined ? {} : { edgesKept });
  const events: BoardEvent[] = [];
  model.listen((event) => events.push(event));
  const edges = (line: string) =>
    model.edges(0, 10_000).edges.filter((e) => e.line === line).map((e) => [e.at, e.level, e.cause]);
  const level = (name: string) => model.state().outputs.find((o) => o.name === name)?.level;
  return { clock, model, events, edges, level };
}

Deno.test("B-REL-1: the board ends a pulse by itself, to the millisecond", async () => {
  const { clock, model, edges, events } = board();
  assert.equal(model.pulse("lock", 700, "request-1"), true);
  await clock.advance(5_000);
  assert.deepEqual(edges("lock"), [[0, 1, "request-1"], [700, 0, "pulse ended"]]);
  assert.deepEqual(events.map((e) => e.event), ["output", "output"]);
});

Deno.test("B-REL-5: a pulse during a pulse neither lengthens nor repeats it", async () => {
  const { clock, model, edges } = board();
  model.pulse("lock", 700, "first");
  await clock.advance(500);
  assert.equal(model.pulse("lock", 700, "second"), false);
  await clock.advance(5_000);
  assert.deepEqual(edges("lock"), [[0, 1, "first"], [700, 0, "pulse ended"]]);
});

Deno.test("I-5: a release output takes a level only for a time, and falls when that is not renewed", async () => {
  const { clock, model, edges } = board();
  assert.throws(() => model.set("gate", 1, undefined, "hold"), { code: "lease-needed" });
  model.set("gate", 1, 10_000, "hold");
  await clock.advance(8_000);
  model.set("gate", 1, 10_000, "hold");
  await clock.advance(30_000);
  assert.deepEqual(edges("gate"), [[0, 1, "hold"], [18_000, 0, "lease ended"]]);
});

Deno.test("I-5: a release output is never on for more than 10 s in one go, whatever is asked", async () => {
  const { clock, model, edges } = board();
  model.pulse("lock", 60_000, "too long");
  await clock.advance(60_000);
  assert.deepEqual(edges("lock"), [[0, 1, "too long"], [10_000, 0, "pulse ended"]]);
});

Deno.test("a light keeps its level; a pattern on top of it gives it back", async () => {
  const { clock, model, level } = board();
  model.set("nameplate", 0.4, undefined, "evening");
  assert.equal(level("nameplate"), 0.4);
  model.set("indicator", 1, undefined, "ringing");
  model.pattern("indicator", [100, 100, 100]);
  await clock.advance(150);
  assert.equal(level("indicator"), 0);
  model.pattern("indicator", [100, 100]);
  await clock.advance(200);
  assert.equal(level("indicator"), 1);
  assert.throws(() => model.pattern("lock", [100]), { code: "unknown-output" });
});

Deno.test("three short beeps are three edges up", async () => {
  const { clock, model, edges } = board();
  model.pattern("beeper", [80, 80, 80, 80, 80]);
  await clock.advance(1_000);
  assert.deepEqual(edges("beeper").map(([at, on]) => [at, on]), [
    [0, 1],
    [80, 0],
    [160, 1],
    [240, 0],
    [320, 1],
    [400, 0],
  ]);
});

Deno.test("an output with a fault refuses to come on and still goes off", () => {
  const { model, level } = board();
  model.set("nameplate", 1, undefined, "test");
  model.setFault({ kind: "output-refuses", output: "nameplate" }, true);
  model.setFault({ kind: "output-refuses", output: "lock" }, true);
  assert.throws(() => model.pulse("lock", 700, "test"), { code: "output-failed" });
  model.set("nameplate", 0, undefined, "test");
  assert.equal(level("nameplate"), 0);
  assert.equal(level("lock"), 0);
  model.clearFaults();
  assert.equal(model.pulse("lock", 700, "test"), true);
});

Deno.test("all off is at once and for everything", async () => {
  const { clock, model } = board();
  model.pulse("lock", 5_000, "test");
  model.set("nameplate", 1, undefined, "test");
  model.pattern("beeper", [500, 500]);
  model.allOff("stopped");
  await clock.advance(10_000);
  assert.ok(model.state().outputs.every((o) => o.level === 0));
  assert.equal(clock.pending, 0);
});

Deno.test("a bouncing contact changes seven times and ends where it was put", async () => {
  const { clock, model, edges } = board();
  model.setFault({ kind: "input-bounces", input: "bell" }, true);
  model.setInput("bell", true);
  await clock.advance(100);
  assert.deepEqual(edges("bell").map(([, on]) => on), [1, 0, 1, 0, 1, 0, 1]);
});

Deno.test("a press lets go by itself", async () => {
  const { clock, model, edges } = board();
  model.press("bell");
  await clock.advance(1_000);
  assert.deepEqual(edges("bell").map(([at, on]) => [at, on]), [[0, 1], [200, 0]]);
});

Deno.test("a reader says what came and went; stuck it misses the going, silent it misses both", () => {
  const { model, events } = board();
  const card = { uid: "04A1B2C3", cardKind: "iso14443a" } as const;
  const frame = (change: "present" | "removed") => formatFrame({ change, ...card });
  const said = () => events.splice(0).map((e) => e.event === "reader" ? e.frame : e.event);
  model.present("reader", card);
  model.remove("reader");
  assert.deepEqual(said(), [frame("present"), frame("removed")]);
  model.setFault({ kind: "reader-stuck", reader: "reader" }, true);
  model.present("reader", card);
  model.remove("reader");
  assert.deepEqual(said(), [frame("present")]);
  model.setFault({ kind: "reader-silent", reader: "reader" }, true);
  model.present("reader", card);
  assert.deepEqual(said(), []);
});

Deno.test("the record is bounded and counts all the same", () => {
  const { model } = board(10);
  for (let i = 0; i < 25; i++) model.setInput("bell", i % 2 === 0);
  const { edges, total } = model.edges(0, 100);
  assert.equal(total, 25);
  assert.deepEqual(edges.map((e) => e.n), [16, 17, 18, 19, 20, 21, 22, 23, 24, 25]);
  assert.deepEqual(model.edges(23, 100).edges.map((e) => e.n), [24, 25]);
  assert.deepEqual(model.edges(undefined, 2).edges.map((e) => e.n), [24, 25]);
});

Deno.test("an unknown line is refused with those that exist", () => {
  const { model } = board();
  assert.throws(() => model.pulse("door", 700, "test"), {
    code: "unknown-output",
    message: 'There is no output "door"; there is lock, gate, indicator, nameplate, beeper',
  });
  assert.throws(() => model.setInput("bells", true), { code: "unknown-line" });
});

Deno.test("a memory card that comes back is as it was when it went, and another one is new", () => {
  const { model, events } = board();
  const slot = () => {
    const { card, bytes, taken, writeProtected, wornOut, slow } = model.state().slot;
    return [card, bytes / 1e9, taken / 1e9, writeProtected, wornOut, slow];
  };
  model.setSlot({ bytes: 8e9, taken: 4e9, writeProtected: true });
  model.setSlot({ card: "card-2", wornOut: true });
  assert.deepEqual(slot(), ["card-2", 32, 0, false, true, false]);
  model.setSlot({ card: null });
  model.setSlot({ card: "holiday" });
  assert.deepEqual(slot(), ["holiday", 32, 0, false, false, false]);
  model.setSlot({ card: "card-1", slow: true });
  assert.deepEqual(slot(), ["card-1", 8, 4, true, false, true]);
  assert.deepEqual(model.state().cards, ["card-1", "card-2", "card-3", "holiday"]);
  assert.equal(events.filter(({ event }) => event === "slot").length, 5);
});

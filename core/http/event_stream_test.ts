import assert from "node:assert/strict";
import { z } from "zod";
import { createLog, type LogLine } from "../log.ts";
import { Bus } from "../plugin/bus.ts";
import { defineEvent } from "../plugin/keys.ts";
import { settle, VirtualClock } from "../testing/virtual_clock.ts";
import { EventHistory } from "./event_history.ts";
import { EventStream, MOST_GUEST_STREAMS, MOST_STREAMS, type Subscriber } from "./event_stream.ts";
import { MOST_QUEUED, MOST_QUEUED_BYTES } from "./stream_client.ts";
import { ApiPanel } from "./testing/api_panel.ts";

const rang = defineEvent("bell.rang", z.strictObject({ count: z.number() }));
const told = defineEvent("text.told", z.string());
const knocked = defineEvent("door.knocked", z.strictObject({ count: z.number() }), { audience: "household" });
const frame = defineEvent("reader.frame", z.strictObject({ uid: z.string() }), { audience: "internal" });

/** Someone of the household who may hear everything. */
const HOME: Subscriber = {
  deviceId: "device-1",
  audiences: ["household", "residents"],
  still: () => true,
};
const GUEST: Subscriber = { deviceId: "device-2", audiences: [], still: () => true };

function setUp(run = "run") {
  const clock = new VirtualClock();
  const lines: LogLine[] = [];
  const log = createLog({ level: "debug", now: () => clock.now(), sink: (line) => void lines.push(line) });
  const bus = new Bus((_owner, _event, error) => assert.fail(String(error)));
  const stop = new AbortController();
  const stream = new EventStream({ bus, clock, log, run, signal: stop.signal });
  const ring = (from: number, to = from) => {
    for (let count = from; count <= to; count++) bus.emit(rang, { count });
  };
  return { clock, bus, stop, stream, lines, ring };
}

/** A client that reads all that comes. */
function listen(body: ReadableStream<Uint8Array>) {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  const heard = { text: "", ended: false, stop: () => reader.cancel() };
  (async () => {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      heard.text += decoder.decode(part.value, { stream: true });
    }
    heard.ended = true;
  })();
  return heard;
}

function eventsIn(text: string): string[] {
  return [...text.matchAll(/^event: (.*)\ndata: (.*)$/gm)].map(([, name, data]) => `${name} ${data}`);
}

function lastId(text: string): string {
  return [...text.matchAll(/^id: (.*)$/gm)].at(-1)![1]!;
}

Deno.test("events for the home are told in order, internal ones never", async () => {
  const { bus, stream, stop, ring } = setUp();
  const heard = listen(stream.open(null, HOME));
  ring(1, 2);
  bus.emit(frame, { uid: "04A1B2C3" });
  bus.emit(told, "two\nlines, è");
  await settle();
  assert.deepEqual(eventsIn(heard.text), [
    "ready {}",
    'bell.rang {"count":1}',
    'bell.rang {"count":2}',
    'text.told "two\\nlines, è"',
  ]);
  assert.ok(!heard.text.includes("04A1B2C3"));
  stop.abort();
});

Deno.test("a client that comes back with its last id gets what it missed, once and in order", async () => {
  const { stream, stop, ring } = setUp();
  const first = listen(stream.open(null, HOME));
  ring(1, 3);
  await settle();
  await first.stop();
  assert.equal(stream.size, 0);
  ring(4, 6);
  const second = listen(stream.open(lastId(first.text), HOME));
  ring(7);
  await settle();
  assert.deepEqual(eventsIn(second.text), [4, 5, 6, 7].map((count) => `bell.rang {"count":${count}}`));
  const third = listen(stream.open(lastId(second.text), HOME));
  await settle();
  assert.deepEqual(eventsIn(third.text), []);
  assert.match(third.text, /^retry: 2000\n\n$/);
  stop.abort();
});

Deno.test("an id that says nothing any more is answered with reset", async () => {
  const { stream, stop, ring } = setUp("now");
  ring(1, 1_500);
  for (const id of ["before-7", "now-9999", "now-1", "", "now", "x\ny"]) {
    const heard = listen(stream.open(id, HOME));
    await settle();
    assert.deepEqual(eventsIn(heard.text), ["reset {}"], id);
    assert.equal(lastId(heard.text), "now-1500");
  }
  stop.abort();
});

Deno.test("the history keeps the newest thousand events and no more than half a mebibyte", () => {
  const history = new EventHistory("run");
  for (let count = 1; count <= 1_200; count++) history.add("a", count, "residents");
  assert.equal(history.since("run-200")?.length, 1_000);
  assert.equal(history.since("run-199"), undefined);
  assert.equal(history.since("run-1199")?.[0]?.text, "id: run-1200\nevent: a\ndata: 1200\n\n");
  const big = new EventHistory("run");
  for (let count = 1; count <= 20; count++) big.add("a", "è".repeat(50_000), "residents");
  const kept = big.since("run-15")!;
  assert.equal(kept.length, 5);
  assert.ok(kept.reduce((sum, { bytes }) => sum + bytes, 0) <= 524_288);
  assert.equal(big.since("run-14"), undefined);
});

Deno.test("a comment comes every 15 s when nothing else does", async () => {
  const { clock, stream, stop } = setUp();
  const heard = listen(stream.open(null, HOME));
  await settle();
  const before = heard.text.length;
  await clock.advance(14_999);
  assert.equal(heard.text.length, before);
  await clock.advance(1);
  assert.equal(heard.text.slice(before), ": still here\n\n");
  await clock.advance(30_000);
  assert.equal(heard.text.slice(before).match(/still here/g)?.length, 3);
  stop.abort();
});

Deno.test("I-26: a client that does not read is let go at 256 waiting messages, and cut off", () => {
  const { stream, stop, ring, lines } = setUp();
  let cut = 0;
  stream.open(null, { ...HOME, hangUp: () => cut++ });
  ring(1, MOST_QUEUED - 1);
  assert.deepEqual([stream.size, cut], [1, 0]);
  ring(MOST_QUEUED);
  assert.deepEqual([stream.size, cut], [0, 1]);
  assert.equal(lines.filter(({ message }) => message.startsWith("Let go")).length, 1);
  ring(1_000);
  assert.equal(cut, 1);
  stop.abort();
});

Deno.test("I-26: a client that does not read is let go at 1 MiB", () => {
  const { bus, stream, stop } = setUp();
  let cut = 0;
  stream.open(null, { ...HOME, hangUp: () => cut++ });
  const chunk = "x".repeat(100_000);
  const fits = Math.floor(MOST_QUEUED_BYTES / 100_100);
  for (let count = 0; count < fits; count++) bus.emit(told, chunk);
  assert.deepEqual([stream.size, cut], [1, 0]);
  bus.emit(told, chunk);
  assert.deepEqual([stream.size, cut], [0, 1]);
  stop.abort();
});

Deno.test("I-26: heartbeats do not pile up for a client that does not read", async () => {
  const { clock, stream, stop, ring } = setUp();
  stream.open(null, HOME);
  await clock.advance(15_000 * (MOST_QUEUED + 10));
  assert.equal(stream.size, 1);
  ring(1, MOST_QUEUED - 2);
  assert.equal(stream.size, 1);
  stop.abort();
});

Deno.test("a client that reads is not let go, however much it is told; one that stalls holds up nobody", async () => {
  const { stream, stop, ring } = setUp();
  const heard = listen(stream.open(null, HOME));
  stream.open(null, HOME);
  for (let round = 0; round < 20; round++) {
    ring(round * 100 + 1, round * 100 + 100);
    await settle();
  }
  assert.equal(stream.size, 1);
  assert.equal(eventsIn(heard.text).length, 2_001);
  stop.abort();
});

Deno.test("what a client resumes with can't overflow its queue by itself", async () => {
  const { stream, stop, ring } = setUp();
  ring(1, 1_000);
  const heard = listen(stream.open("run-0", HOME));
  assert.equal(stream.size, 1);
  await settle();
  assert.equal(eventsIn(heard.text).length, 1_000);
  stop.abort();
});

Deno.test("streams are counted: one too many is refused with 503 until one goes", async () => {
  const { stream, stop } = setUp();
  const from = (n: number) => ({ ...HOME, deviceId: `device-${n}` });
  const clients = Array.from({ length: MOST_STREAMS }, (_, n) => listen(stream.open(null, from(n))));
  assert.throws(() => stream.open(null, from(99)), { code: "streams-busy", status: 503 });
  await clients[0]!.stop();
  stream.open(null, from(99));
  stop.abort();
});

Deno.test("a device with many streams, as after lost connections, loses its oldest to whoever comes", async () => {
  const { stream, stop } = setUp();
  const other = listen(stream.open(null, { ...HOME, deviceId: "device-2" }));
  const many = Array.from({ length: MOST_STREAMS - 1 }, () => listen(stream.open(null, HOME)));
  const newcomer = listen(stream.open(null, { ...HOME, deviceId: "device-3" }));
  listen(stream.open(null, HOME));
  await settle();
  assert.deepEqual(many.slice(0, 3).map(({ ended }) => ended), [true, true, false]);
  assert.deepEqual([other.ended, newcomer.ended, stream.size], [false, false, MOST_STREAMS]);
  stop.abort();
});

Deno.test("I-10: access that ends with time ends on an open stream within a second, and nothing is left to wait for", async () => {
  const { clock, stream, stop } = setUp();
  const ends = clock.monotonic() + 10_000;
  let cut = 0;
  const visitor = { ...HOME, still: () => clock.monotonic() < ends, hangUp: () => cut++ };
  const heard = listen(stream.open(null, visitor));
  const pending = clock.pending;
  await clock.advance(9_999);
  assert.deepEqual([stream.size, heard.ended], [1, false]);
  await clock.advance(1_001);
  assert.deepEqual([stream.size, heard.ended, cut], [0, true, 1]);
  assert.equal(clock.pending, pending - 1);
  stop.abort();
});

Deno.test("a guest hears nothing but when the access ends or changes, and can't keep the home out", async () => {
  const { stream, stop, ring, bus } = setUp();
  const heard = listen(stream.open(null, GUEST));
  ring(1, 3);
  bus.emit(knocked, { count: 4 });
  await settle();
  assert.deepEqual(eventsIn(heard.text), ["ready {}"]);
  const again = listen(stream.open(lastId(heard.text), GUEST));
  await settle();
  assert.deepEqual(eventsIn(again.text), [], "what was missed is not a guest's either");
  for (let open = stream.size; open < MOST_GUEST_STREAMS; open++) stream.open(null, GUEST);
  assert.throws(() => stream.open(null, GUEST), { code: "streams-busy", status: 503 });
  listen(stream.open(null, HOME));
  stream.end([GUEST.deviceId]);
  await settle();
  assert.deepEqual([heard.ended, again.ended, stream.size], [true, true, 1]);
  stop.abort();
});

Deno.test("streams end when the panel stops, those that stall too; none opens afterwards", async () => {
  const { clock, bus, stream, stop, ring } = setUp();
  const heard = listen(stream.open(null, HOME));
  stream.open(null, HOME);
  stop.abort();
  await settle();
  assert.deepEqual([heard.ended, stream.size, clock.pending], [true, 0, 0]);
  assert.throws(() => stream.open(null, HOME), { code: "stopping", status: 503 });
  const before = heard.text;
  ring(1);
  bus.emit(told, "late");
  assert.equal(heard.text, before);
});

Deno.test("the panel's event stream tells what happens and ends with the panel", async () => {
  const panel = await ApiPanel.start();
  const response = await panel.send("GET", "/events");
  assert.equal(response.headers.get("content-type"), "text/event-stream");
  const heard = listen(response.body!);
  await panel.ask("POST", "/access-points/lock/release", { body: { requestId: "evening-1" } });
  await settle();
  assert.match(heard.text, /event: access\.logged\ndata: .*"requestId":"evening-1"/);
  const again = await panel.send("GET", "/events", { headers: { "last-event-id": lastId(heard.text) } });
  const resumed = listen(again.body!);
  await panel.core.addCard();
  await settle();
  assert.match(resumed.text, /event: credentials\.changed/);
  assert.doesNotMatch(resumed.text, /evening-1|ready|reset/);
  await panel[Symbol.asyncDispose]();
  await settle();
  assert.ok(heard.ended && resumed.ended);
});

Deno.test("asking for the head of the event stream opens none", async () => {
  await using panel = await ApiPanel.start();
  for (let round = 0; round < MOST_STREAMS + 1; round++) {
    assert.equal((await panel.send("HEAD", "/events")).status, 200);
  }
  const response = await panel.send("GET", "/events");
  assert.equal(response.status, 200);
  await response.body?.cancel();
});

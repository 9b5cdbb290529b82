import assert from "node:assert/strict";
import { Listener } from "../harness/listener.ts";
import { ANNA, Panel } from "../harness/panel.ts";

const outcomes = async (panel: Panel) =>
  (await panel.get("/calls")).body.map((call: { outcome: string }) => call.outcome);

Deno.test("B-CALL-1: a press answers the visitor at once and rings the household", async () => {
  await using panel = await Panel.start();
  panel.board.press("bell");
  await panel.advance(25);
  assert.equal(panel.edges("indicator").at(-1)?.level, 1, "the LED is on before anything else");
  const { body } = await panel.get("/calls/current");
  assert.equal(body.state, "ringing");
  assert.equal(body.source, "bell");
});

Deno.test("B-CALL-1: every connected app rings, also one whose connection was lost at the press", async () => {
  await using panel = await Panel.start();
  await using phone = await Listener.open(panel);
  await using tablet = await Listener.open(panel);
  const before = tablet.lastId;
  await panel.press();
  await using again = await Listener.open(panel, before);
  for (const app of [phone, tablet, again]) {
    assert.deepEqual(app.of("call.changed").map(({ state }) => state), ["ringing"]);
  }
});

Deno.test("B-CALL-2: a call nobody answers is missed after 30 s, and presses meanwhile extend nothing", async () => {
  await using panel = await Panel.start();
  await panel.press();
  await panel.advance(20_000);
  await panel.press();
  await panel.advance(9_300);
  assert.equal((await panel.get("/calls/current")).status, 200);
  await panel.advance(500);
  assert.equal((await panel.get("/calls/current")).status, 404);
  assert.deepEqual(await outcomes(panel), ["missed"]);
});

Deno.test("B-CALL-2: how long it rings is configured", async () => {
  await using panel = await Panel.start({ config: { calls: { ringSeconds: 5 } } });
  await panel.press();
  await panel.advance(5_000);
  assert.deepEqual(await outcomes(panel), ["missed"]);
});

Deno.test("B-CALL-2: one side answers; the others hear who, and only then can it be ended", async () => {
  await using panel = await Panel.start();
  await panel.press();
  const { body: { id } } = await panel.get("/calls/current");
  assert.equal((await panel.post(`/calls/${id}/end`)).body.code, "call-ringing");
  const answered = await panel.post(`/calls/${id}/answer`);
  assert.equal(answered.body.state, "answered");
  const late = await panel.post(`/calls/${id}/answer`);
  assert.equal(late.status, 409);
  assert.equal(late.body.answeredBy.kind, "person");
  await panel.advance(60_000);
  assert.equal((await panel.post(`/calls/${id}/end`)).body.state, "ended");
  assert.deepEqual(await outcomes(panel), ["answered"]);
});

Deno.test("B-CALL-2: whoever did not answer hears that it is answered, and by whom", async () => {
  await using panel = await Panel.start();
  await using other = await Listener.open(panel);
  await panel.press();
  const { body: { id } } = await panel.get("/calls/current");
  const { body: { answeredBy } } = await panel.post(`/calls/${id}/answer`);
  const told = other.of("call.changed").at(-1);
  assert.equal(told.state, "answered");
  assert.deepEqual(told.answeredBy, answeredBy);
});

Deno.test("B-CALL-2: apps hear ringing, then missed or rejected, then ended", async () => {
  await using panel = await Panel.start();
  await using app = await Listener.open(panel);
  await panel.press();
  await panel.advance(30_000);
  await panel.press();
  await panel.post(`/calls/${(await panel.get("/calls/current")).body.id}/reject`);
  const states = app.of("call.changed").map(({ state }) => state);
  assert.deepEqual(states, ["ringing", "missed", "ended", "ringing", "rejected", "ended"]);
});

Deno.test("B-CALL-2: a press during an answered call opens no second call", async () => {
  await using panel = await Panel.start();
  await panel.press();
  const { body: { id } } = await panel.get("/calls/current");
  await panel.post(`/calls/${id}/answer`);
  await panel.advance(1_000);
  await panel.press();
  assert.deepEqual(await outcomes(panel), ["answered"]);
  assert.equal((await panel.get("/calls/current")).body.id, id);
});

Deno.test("B-CALL-2: a rejected call is over, and the next press rings anew", async () => {
  await using panel = await Panel.start();
  await panel.press();
  const { body: { id } } = await panel.get("/calls/current");
  await panel.post(`/calls/${id}/reject`);
  assert.equal((await panel.post(`/calls/${id}/answer`)).body.code, "call-over");
  await panel.press();
  assert.notEqual((await panel.get("/calls/current")).body.id, id);
});

Deno.test("B-CALL-3: the call log says when, how long, what became of it, by whom, and what was opened", async () => {
  await using panel = await Panel.start();
  const began = panel.clock.now();
  await panel.press();
  const { body: { id } } = await panel.get("/calls/current");
  await panel.post(`/calls/${id}/answer`);
  await panel.release("gate");
  await panel.advance(12_000);
  await panel.post(`/calls/${id}/end`);
  const { body: [call] } = await panel.get("/calls");
  assert.ok(call.startedAt >= began && call.startedAt <= began + 300);
  assert.ok(call.endedAt - call.answeredAt >= 12_000);
  assert.equal(call.outcome, "answered");
  assert.equal(call.answeredBy.kind, "person");
  assert.deepEqual(call.released, ["gate"]);
});

Deno.test("B-CALL-3: a badge at the reader during a call is in the call too", async () => {
  await using panel = await Panel.start();
  await panel.enrol(ANNA, "Anna", { accessPoints: ["lock"] });
  await panel.press();
  await panel.swipe(ANNA);
  assert.deepEqual((await panel.get("/calls/current")).body.released, ["lock"]);
});

Deno.test("B-CALL-3: a call that a crash cut off is in the log as missed, and the bell rings anew", async () => {
  await using panel = await Panel.start();
  await panel.press();
  panel.crash();
  await panel.boot();
  assert.deepEqual(await outcomes(panel), ["missed"]);
  await panel.press();
  assert.equal((await panel.get("/calls/current")).body.state, "ringing");
});

Deno.test("B-CALL-3: only what was opened during the call is in it", async () => {
  await using panel = await Panel.start();
  await panel.release("gate");
  await panel.advance(1_000);
  await panel.press();
  panel.board.setFault({ kind: "output-refuses", output: "lock" }, true);
  await panel.release("lock");
  await panel.advance(30_000);
  panel.board.clearFaults();
  await panel.release("lock");
  assert.deepEqual((await panel.get("/calls")).body[0].released, []);
});

Deno.test("B-CALL-3: an answered call that a crash cut off keeps who answered and what was opened", async () => {
  await using panel = await Panel.start();
  await panel.press();
  const { body: { id } } = await panel.get("/calls/current");
  await panel.post(`/calls/${id}/answer`);
  await panel.release("gate");
  panel.crash();
  await panel.boot();
  const { body: [call] } = await panel.get("/calls");
  assert.deepEqual([call.state, call.outcome, call.released], ["ended", "interrupted", ["gate"]]);
  assert.equal(call.answeredBy.kind, "person");
  assert.ok(call.endedAt >= call.answeredAt);
  assert.equal((await panel.get("/calls/current")).status, 404);
});

Deno.test({
  name: "B-CALL-3: the call log is complete with no network and no camera",
  permissions: { net: false, read: true, write: true, env: true, sys: true },
  async fn() {
    await using panel = await Panel.start();
    await panel.press();
    await panel.advance(30_000);
    for (const step of ["reject", "answer"]) {
      await panel.press();
      await panel.post(`/calls/${(await panel.get("/calls/current")).body.id}/${step}`);
      await panel.release("gate");
      await panel.advance(1_000);
    }
    await panel.restart();
    const calls = (await panel.get("/calls")).body;
    assert.deepEqual(
      calls.map((call: { outcome: string; released: string[] }) => [call.outcome, call.released]),
      [["interrupted", ["gate"]], ["rejected", []], ["missed", []]],
    );
  },
});

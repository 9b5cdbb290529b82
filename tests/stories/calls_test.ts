import assert from "node:assert/strict";
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

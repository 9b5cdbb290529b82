import assert from "node:assert/strict";
import { ANNA, Panel } from "../harness/panel.ts";

Deno.test("B-REL-1: the lock opens for 700 ms unless it is configured", async () => {
  await using panel = await Panel.start();
  assert.equal((await panel.release("lock")).body.outcome, "released");
  await panel.advance(1_000);
  assert.deepEqual(panel.pulses("lock"), [700]);

  await using longer = await Panel.start({ config: { plugins: { lock: { pulseMs: 2_500 } } } });
  await longer.release("lock");
  await longer.advance(3_000);
  assert.deepEqual(longer.pulses("lock"), [2_500]);
});

Deno.test("B-REL-1: a pulse outside 100 ms to 10 s is refused, and the limits of the output stand in its settings", async () => {
  await using panel = await Panel.start();
  for (const pulseMs of [99, 10_001, 700.5, "long"]) {
    const { status, body } = await panel.api("PUT", "/settings/lock", { pulseMs });
    assert.equal(status, 400);
    assert.equal(body.errors[0].field, "pulseMs");
  }
  const { body } = await panel.get("/settings");
  const text = (plugin: string) =>
    JSON.stringify(body.find((one: { plugin: string }) => one.plugin === plugin));
  assert.match(text("lock"), /12 V \/ 1\.1 A.*external supply/);
  assert.match(text("gate"), /12 V \/ 2 A/);
});

Deno.test("B-REL-1: the shortest and the longest pulse that may be configured", async () => {
  await using panel = await Panel.start();
  for (const pulseMs of [100, 10_000]) {
    assert.equal((await panel.api("PUT", "/settings/lock", { pulseMs })).status, 200);
    await panel.release("lock");
    await panel.advance(11_000);
  }
  assert.deepEqual(panel.pulses("lock"), [100, 10_000]);
});

Deno.test("B-REL-1: a pulse ends on time though the program dies in it, or the wire to the board breaks", async () => {
  await using panel = await Panel.start();
  await panel.release("lock");
  panel.setWire(false);
  await panel.advance(1_000);
  panel.setWire(true);
  await panel.advance(1_000);
  await panel.release("lock");
  await panel.advance(100);
  panel.crash();
  await panel.advance(1_000);
  assert.deepEqual(panel.pulses("lock"), [700, 700]);
  await panel.boot();
  await panel.advance(1_000);
  assert.equal(panel.pulses("lock").length, 2, "the next start opens nothing");
});

Deno.test("B-REL-2: the gate gets one timed pulse, as from its motor's own button", async () => {
  await using panel = await Panel.start();
  await panel.release("gate");
  await panel.advance(1_000);
  assert.deepEqual(panel.pulses("gate"), [500]);
  assert.deepEqual(panel.pulses("lock"), []);
});

Deno.test("B-REL-3: page, badge and exit button go through one decision, one log and one output", async () => {
  await using panel = await Panel.start();
  await panel.enrol(ANNA, "Anna", { accessPoints: ["lock"] });
  await panel.release("lock");
  await panel.advance(1_000);
  await panel.swipe(ANNA);
  await panel.advance(1_000);
  await panel.press("exit-button");
  await panel.advance(1_000);
  assert.equal(panel.pulses("lock").length, 3);
  const rows = (await panel.accessLog("release")).reverse();
  assert.deepEqual(rows.map((row) => [row.via, row.actor.kind, row.outcome]), [
    ["app", "person", "released"],
    ["reader", "card", "released"],
    ["input", "input", "released"],
  ]);
  const causes = panel.edges("lock").filter(({ level }) => level === 1).map(({ cause }) => cause);
  assert.deepEqual(causes, rows.map((row) => row.requestId));
});

Deno.test("B-REL-3: page, badge and exit button at the same time: one pulse, and a row for each", async () => {
  await using panel = await Panel.start();
  await panel.enrol(ANNA, "Anna", { accessPoints: ["lock"] });
  const asked = panel.release("lock");
  panel.board.press("exit-button");
  await panel.swipe(ANNA);
  await asked;
  const rows = await panel.accessLog("release");
  assert.deepEqual(rows.map(({ via }) => via).toSorted(), ["app", "input", "reader"]);
  assert.deepEqual(rows.map(({ outcome }) => outcome).toSorted(), [
    "already-released",
    "already-released",
    "released",
  ]);
  assert.deepEqual(panel.pulses("lock"), [700]);
});

Deno.test("B-REL-3: what stops one way stops every way: while the output fails, each is told and logged", async () => {
  await using panel = await Panel.start();
  panel.board.setFault({ kind: "output-refuses", output: "lock" }, true);
  const { status, body } = await panel.release("lock");
  assert.equal(status, 502);
  assert.equal(body.code, "output-failed");
  await panel.press("exit-button");
  assert.equal((await panel.accessLog("release-failed")).length, 2);
  panel.board.setFault({ kind: "output-refuses", output: "lock" }, false);
  assert.equal((await panel.release("lock")).body.outcome, "released");
});

Deno.test("B-REL-5: a second request during a pulse neither lengthens nor repeats it", async () => {
  await using panel = await Panel.start();
  await panel.release("lock");
  await panel.advance(600);
  const { status, body } = await panel.release("lock");
  assert.equal(status, 200);
  assert.equal(body.outcome, "already-released");
  await panel.advance(1_000);
  assert.deepEqual(panel.pulses("lock"), [700]);
  assert.equal((await panel.release("lock")).body.outcome, "released");
});

Deno.test({
  name: "B-REL-6: with every way to another machine cut, page, badge and button open as ever",
  permissions: { net: false, read: true, write: true, env: true, sys: true },
  async fn() {
    await using panel = await Panel.start();
    await panel.enrol(ANNA, "Anna", { accessPoints: ["lock"] });
    await assert.rejects(fetch("http://127.0.0.1:65000/"), Deno.errors.NotCapable);
    await panel.release("lock");
    await panel.advance(1_000);
    await panel.swipe(ANNA);
    await panel.press("exit-button");
    await panel.advance(1_000);
    assert.equal(panel.pulses("lock").length, 3);
  },
});

Deno.test("I-6: one request id 100 times at once, and again after a restart and a crash: one pulse, one row", async () => {
  await using panel = await Panel.start();
  const answers = await Promise.all(Array.from({ length: 100 }, () => panel.release("lock", "evening-1")));
  assert.ok(answers.every(({ status, body }) => status === 200 && body.outcome === "released"));
  assert.equal(answers.filter(({ body }) => !body.repeated).length, 1);
  await panel.advance(1_000);
  await panel.restart();
  assert.equal((await panel.release("lock", "evening-1")).body.repeated, true);
  panel.crash();
  await panel.boot();
  const again = await panel.release("lock", "evening-1");
  assert.equal(again.body.outcome, "released");
  assert.equal(again.body.repeated, true);
  await panel.advance(1_000);
  assert.equal(panel.pulses("lock").length, 1);
  assert.equal((await panel.accessLog("release")).filter((row) => row.requestId === "evening-1").length, 1);
  assert.equal((await panel.release("gate", "evening-1")).body.code, "request-id-used");
});

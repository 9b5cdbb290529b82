import assert from "node:assert/strict";
import { ApiPanel } from "../testing/api_panel.ts";

Deno.test("B-CARD-8: who has a code and no account sees what it is good for, then opens with it", async () => {
  await using panel = await ApiPanel.start();
  const terms = { accessPoints: ["lock"], usesLeft: 1 };
  const { body: { text } } = await panel.ask("POST", "/codes", { body: { name: "Parcel", terms } });
  const { status, body } = await panel.ask("POST", "/codes/check", { body: { text }, device: null });
  assert.equal(status, 200);
  assert.deepEqual([body.name, body.terms.usesLeft], ["Parcel", 1]);
  assert.deepEqual(body.accessPoints.map(({ id }: { id: string }) => id), ["lock"]);
  assert.equal(panel.core.lock.pulses.length, 0);
  const release = { text, accessPoint: "lock" };
  const opened = await panel.ask("POST", "/codes/release", { body: release, device: null });
  assert.equal(opened.body.outcome, "released");
  const left = await panel.ask("POST", "/codes/check", { body: { text }, device: null });
  assert.equal(left.body.terms.usesLeft, 0);
});

Deno.test("I-11: whoever looks up wrong codes is told how long to wait", async () => {
  await using panel = await ApiPanel.start();
  const look = () => panel.ask("POST", "/codes/check", { body: { text: "12345678" }, device: null });
  for (let n = 0; n < 5; n++) assert.equal((await look()).body.code, "code-wrong");
  const { status, body } = await look();
  assert.deepEqual([status, body.code, body.retryAfter], [429, "code-wait", 30]);
});

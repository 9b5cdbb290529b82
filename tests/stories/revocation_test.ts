import assert from "node:assert/strict";
import { ANNA, Panel } from "../harness/panel.ts";

async function refused(panel: Panel, reason: string): Promise<void> {
  const before = panel.pulses("lock").length + panel.pulses("gate").length;
  await panel.swipe(ANNA);
  assert.equal((await panel.accessLog("release"))[0].reason, reason);
  assert.equal(panel.pulses("lock").length + panel.pulses("gate").length, before);
}

Deno.test("B-CARD-5 I-10: a deleted badge is refused at once", async () => {
  await using panel = await Panel.start();
  const id = await panel.enrol(ANNA, "Anna");
  await panel.swipe(ANNA);
  assert.equal(panel.pulses("lock").length, 1);
  await panel.advance(2_000);
  await panel.api("DELETE", `/cards/${id}`);
  await refused(panel, "unknown-credential");
  assert.deepEqual((await panel.get("/cards")).body, []);
});

Deno.test("B-CARD-5 I-10: a badge deleted while it lies on the reader opens nothing", async () => {
  await using panel = await Panel.start();
  const id = await panel.enrol(ANNA, "Anna");
  await panel.present(ANNA);
  await panel.advance(2_000);
  await panel.api("DELETE", `/cards/${id}`);
  await panel.advance(2_000);
  await panel.remove();
  await panel.advance(2_000);
  assert.deepEqual([panel.pulses("lock"), panel.pulses("gate")], [[], []]);
});

const revocations: [string, { [key: string]: unknown }, string][] = [
  ["suspended", { suspended: true }, "suspended"],
  ["used up", { usesLeft: 0 }, "used-up"],
  ["out of its term", {
    validity: { kind: "period", from: "2020-01-01T00:00:00Z", until: "2021-01-01T00:00:00Z" },
  }, "expired"],
];
for (const [how, change, reason] of revocations) {
  Deno.test(`I-10: a badge that is ${how} is refused at once, and after a crash right after the answer`, async () => {
    await using panel = await Panel.start();
    const id = await panel.enrol(ANNA, "Anna");
    await panel.api("PATCH", `/cards/${id}`, change);
    await refused(panel, reason);
    await panel.api("PATCH", `/cards/${id}`, {
      suspended: false,
      usesLeft: null,
      validity: { kind: "always" },
    });
    assert.equal((await panel.api("PATCH", `/cards/${id}`, change)).status, 200);
    panel.crash();
    await panel.boot();
    await refused(panel, reason);
  });
}

Deno.test("I-10: a badge that lost its right to the door does not open it, also after a crash", async () => {
  await using panel = await Panel.start();
  const id = await panel.enrol(ANNA, "Anna", { accessPoints: ["lock"] });
  await panel.api("PATCH", `/cards/${id}`, { accessPoints: ["gate"] });
  panel.crash();
  await panel.boot();
  await panel.swipe(ANNA);
  assert.deepEqual([panel.pulses("lock").length, panel.pulses("gate").length], [0, 1]);
});

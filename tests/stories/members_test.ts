import assert from "node:assert/strict";
import { claimService } from "../../core/members/keys.ts";
import { TestDevice } from "../../core/testing/device.ts";
import { Panel } from "../harness/panel.ts";

async function invited(panel: Panel, member: object): Promise<{ id: string; device: TestDevice }> {
  const { body: { code } } = await panel.post("/invitations", { name: "Bruno", ...member });
  const device = new TestDevice();
  const { body } = await panel.api("POST", "/join", { code, deviceName: "Phone" }, device);
  device.token = body.token;
  return { id: body.member.id, device };
}

/** The power goes right after the answer. */
async function crash(panel: Panel): Promise<void> {
  panel.crash();
  await panel.boot();
}

Deno.test("I-10: a member who is removed stays so after a crash right after the answer", async () => {
  await using panel = await Panel.start();
  const { id, device } = await invited(panel, { role: "family" });
  await crash(panel);
  assert.equal((await panel.api("GET", "/me", undefined, device)).status, 200);
  assert.equal((await panel.api("DELETE", `/members/${id}`)).status, 204);
  await crash(panel);
  const { status, body } = await panel.api("POST", "/access-points/lock/release", {}, device);
  assert.deepEqual([status, body.code], [401, "token-wrong"]);
  assert.deepEqual(panel.pulses("lock"), []);
});

Deno.test("a panel that was claimed is owned after a crash right after the answer, and its code is worth nothing", async () => {
  await using panel = await Panel.start();
  await crash(panel);
  assert.equal((await panel.get("/me")).body.member.role, "owner");
  const claim = { code: panel.offers.at(-1), name: "Second", deviceName: "Phone" };
  const again = await panel.api("POST", "/claim", claim, new TestDevice());
  assert.equal(again.body.code, "claimed");
});

Deno.test("a panel that was opened to be claimed again is so after a crash, and knows nobody of before", async () => {
  await using panel = await Panel.start();
  const { device } = await invited(panel, { role: "family" });
  await panel.runtime.host.core.use(claimService).reopen("inside-button");
  await crash(panel);
  for (const one of [panel.device, device]) {
    assert.equal((await panel.api("GET", "/me", undefined, one)).body.code, "unclaimed");
  }
  const former = panel.device;
  panel.device = new TestDevice();
  await panel.claim();
  for (const one of [former, device]) {
    assert.equal((await panel.api("GET", "/me", undefined, one)).body.code, "token-wrong");
  }
});

Deno.test("B-CARD-8: the last use of a code is used after a crash right after the answer", async () => {
  await using panel = await Panel.start();
  const terms = { accessPoints: ["lock"], usesLeft: 1 };
  const { body: { text } } = await panel.post("/codes", { name: "Parcel", terms });
  const enter = () => panel.post("/codes/release", { text, accessPoint: "lock" });
  assert.equal((await enter()).body.outcome, "released");
  await crash(panel);
  await panel.advance(2_000);
  assert.equal((await enter()).body.code, "used-up");
  assert.equal(panel.pulses("lock").length, 1);
});

Deno.test("an invitation ends with a restart", async () => {
  await using panel = await Panel.start();
  const { body: { code } } = await panel.post("/invitations", { name: "Bruno", role: "family" });
  await panel.restart();
  const { body } = await panel.api("POST", "/join", { code, deviceName: "Phone" }, new TestDevice());
  assert.equal(body.code, "invitation-unknown");
});

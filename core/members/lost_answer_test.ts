import assert from "node:assert/strict";
import { ApiPanel } from "../http/testing/api_panel.ts";
import { TestDevice } from "../testing/device.ts";
import { claimService } from "./keys.ts";

const someone = { name: "Bruno", role: "family" };

Deno.test("B-SET-5: a claim whose answer was lost is answered again to the same device, and to no other", async () => {
  await using panel = await ApiPanel.start();
  await panel.core.host.core.use(claimService).reopen("inside-button");
  const device = new TestDevice();
  const body = { code: panel.offers.at(-1), name: "Nora", deviceName: "Phone" };
  await panel.ask("POST", "/claim", { body, device });
  const again = await panel.ask("POST", "/claim", { body, device });
  assert.equal(again.body.state, "claimed");
  device.token = again.body.paired.token;
  assert.equal((await panel.ask("GET", "/me", { device })).body.member.name, "Nora");
  assert.equal(panel.core.parts.members.owners(), 1);

  const refused = async (change: object, other: TestDevice) =>
    (await panel.ask("POST", "/claim", { body: { ...body, ...change }, device: other })).body.code;
  device.token = undefined;
  assert.equal(await refused({}, new TestDevice()), "claimed");
  assert.equal(await refused({ code: "x".repeat(22) }, device), "claimed");
  await panel.clock.advance(120_000);
  assert.equal(await refused({}, device), "claimed");
});

Deno.test("B-SET-6: an invitation whose answer was lost is answered again to the same device, and to no other", async () => {
  await using panel = await ApiPanel.start();
  const { body: { code } } = await panel.ask("POST", "/invitations", { body: someone });
  const join = async (device: TestDevice) =>
    (await panel.ask("POST", "/join", { body: { code, deviceName: "Phone" }, device })).body;
  const device = new TestDevice();
  const first = await join(device);
  assert.deepEqual(await join(device), first);
  assert.equal((await join(new TestDevice())).code, "invitation-unknown");
  assert.equal((await panel.ask("GET", "/members")).body.length, 2);
  device.token = first.token;
  assert.equal((await panel.ask("GET", "/me", { device })).status, 200);
  await panel.clock.advance(600_000);
  device.token = undefined;
  assert.equal((await join(device)).code, "invitation-unknown");
});

Deno.test("an invitation that was taken up tells nothing any more once its member is removed", async () => {
  await using panel = await ApiPanel.start();
  const { body: { code } } = await panel.ask("POST", "/invitations", { body: someone });
  const device = new TestDevice();
  const ask = () => panel.ask("POST", "/join", { body: { code, deviceName: "Phone" }, device });
  const { body: { member } } = await ask();
  await panel.ask("DELETE", `/members/${member.id}`);
  assert.equal((await ask()).body.code, "invitation-unknown");
});

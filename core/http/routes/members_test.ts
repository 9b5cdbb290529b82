import assert from "node:assert/strict";
import { callService } from "../../calls/keys.ts";
import { TestDevice } from "../../testing/device.ts";
import { ApiPanel } from "../testing/api_panel.ts";

Deno.test("B-SET-6: members are listed with their devices and when each was seen last", async () => {
  await using panel = await ApiPanel.start();
  const { id, device } = panel.add({ role: "family" });
  const seen = async () => {
    const { body } = await panel.ask("GET", "/members");
    return body.find((member: { id: string }) => member.id === id).devices[0].lastSeenAt;
  };
  assert.equal(await seen(), null);
  await panel.ask("GET", "/me", { device });
  const at = panel.clock.now();
  await panel.clock.advance(5_000);
  assert.equal(await seen(), at);
});

Deno.test("B-SET-6: an invitation is listed by its id and withdrawn by it", async () => {
  await using panel = await ApiPanel.start();
  const { body: made } = await panel.ask("POST", "/invitations", { body: { name: "Carla", role: "family" } });
  const { body: open } = await panel.ask("GET", "/invitations");
  assert.deepEqual(open.map(({ id, name }: { id: string; name: string }) => [id, name]), [[
    made.id,
    "Carla",
  ]]);
  assert.equal((await panel.send("DELETE", `/invitations/${made.id}`)).status, 204);
  const again = await panel.ask("DELETE", `/invitations/${made.id}`);
  assert.deepEqual([again.status, again.body.code], [404, "invitation-unknown"]);
  const device = new TestDevice();
  const body = { code: made.code, deviceName: "Phone" };
  device.nonce = panel.device.nonce;
  assert.equal((await panel.ask("POST", "/join", { body, device })).body.code, "invitation-unknown");
});

Deno.test("everyone hears who they are here, and what their device is called", async () => {
  await using panel = await ApiPanel.start();
  const { device } = panel.add({ role: "monitor", name: "Hall" });
  const { body } = await panel.ask("GET", "/me", { device });
  assert.deepEqual([body.member.name, body.member.role, body.deviceName], ["Hall", "monitor", "Phone"]);
});

Deno.test("B-SET-6: a guest's event stream tells nothing and ends with the access", async () => {
  await using panel = await ApiPanel.start();
  const terms = {
    validity: { kind: "always" as const },
    accessPoints: ["lock"],
    usesLeft: null,
    suspended: false,
  };
  const { id, device } = panel.add({ role: "guest", terms });
  const response = await panel.send("GET", "/events", { device });
  const whole = response.text();
  await panel.core.host.core.use(callService).ring("bell");
  await panel.ask("POST", "/access-points/lock/release", { body: {} });
  await panel.send("DELETE", `/members/${id}`);
  assert.match(await whole, /^retry: 2000\n\nid: \S+\nevent: ready\ndata: \{\}\n\n$/);
  assert.equal((await panel.send("GET", "/events", { device })).status, 401);
});

import assert from "node:assert/strict";
import type { MemberChange } from "../members/model.ts";
import { type MemberService, memberService } from "../members/keys.ts";
import { OWNER } from "../testing/access_panel.ts";
import type { TestDevice } from "../testing/device.ts";
import { ApiPanel } from "./testing/api_panel.ts";

/** A request whose body has not come yet when access ends. */
async function slowly(
  panel: ApiPanel,
  device: TestDevice,
  path: string,
  body: unknown,
  meanwhile: () => Promise<unknown>,
) {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const writer = writable.getWriter();
  const asked = panel.ask("POST", path, {
    device,
    text: readable,
    headers: { "content-type": "application/json" },
  });
  const text = new TextEncoder().encode(JSON.stringify(body));
  // Taken only once the panel reads it: by then it knows who asks.
  await writer.write(text.subarray(0, 1));
  await meanwhile();
  await Promise.all([writer.write(text.subarray(1)), writer.close()]).catch(() => {});
  return await asked;
}

const membersOf = (panel: ApiPanel): MemberService => panel.core.host.core.use(memberService);

Deno.test("I-10: an owner who is removed while sending a request does not get it through", async () => {
  await using panel = await ApiPanel.start();
  const { id, device } = panel.add({ role: "owner" });
  const friend = { name: "Carla", role: "owner" };
  const { status, body } = await slowly(
    panel,
    device,
    "/invitations",
    friend,
    () => membersOf(panel).remove(id, OWNER),
  );
  assert.deepEqual([status, body.code], [401, "token-wrong"]);
});

Deno.test("I-10: a device that is revoked while sending opens nothing, though its member still has access", async () => {
  await using panel = await ApiPanel.start();
  const { id, device } = panel.add({ role: "family" });
  const [first] = (await membersOf(panel).get(id)).devices;
  const revoke = () => membersOf(panel).removeDevice(id, first!.id, OWNER);
  const { status } = await slowly(
    panel,
    device,
    "/access-points/lock/release",
    { requestId: "late" },
    revoke,
  );
  assert.equal(status, 401);
  assert.deepEqual(panel.core.lock.pulses, []);
});

Deno.test("a service whose scope is taken away while it sends is refused as any other without it", async () => {
  await using panel = await ApiPanel.start();
  const { id, device } = panel.add({ role: "service", scopes: ["parts:write"] });
  const change: MemberChange = { scopes: ["status:read"] };
  const { status, body } = await slowly(
    panel,
    device,
    "/parts/lock/commands/blink",
    {},
    () => membersOf(panel).change(id, change, OWNER),
  );
  assert.deepEqual([status, body.code], [403, "scope-missing"]);
});

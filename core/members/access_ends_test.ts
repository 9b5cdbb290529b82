import assert from "node:assert/strict";
import { codeService } from "../access/keys.ts";
import type { Terms } from "../access/model.ts";
import { ApiPanel } from "../http/testing/api_panel.ts";
import { TestDevice } from "../testing/device.ts";
import { claimService, memberService } from "./keys.ts";

const terms: Terms = {
  validity: { kind: "period", from: "2026-06-01T00:00:00Z", until: "2026-06-02T00:00:00Z" },
  accessPoints: ["lock"],
  usesLeft: 3,
  suspended: false,
};

Deno.test("B-SET-6: what a device invited before it was revoked does not come in after", async () => {
  await using panel = await ApiPanel.start();
  const { id, device } = panel.add({ role: "owner" });
  const { body: open } = await panel.ask("POST", "/invitations", {
    device,
    body: { name: "Thief", role: "owner" },
  });
  const [stolen] = (await panel.core.host.core.use(memberService).get(id)).devices;
  assert.equal((await panel.ask("DELETE", `/members/${id}/devices/${stolen!.id}`)).status, 204);
  const join = { code: open.code, deviceName: "Phone" };
  const { status, body } = await panel.ask("POST", "/join", { body: join, device: new TestDevice() });
  assert.deepEqual([status, body.code], [403, "invitation-unknown"]);
});

Deno.test("of a guest's terms, too, what is left out of a change stays as it is", async () => {
  await using panel = await ApiPanel.start();
  const { id } = panel.add({ role: "guest", terms });
  const { body } = await panel.ask("PATCH", `/members/${id}`, {
    body: { terms: { accessPoints: ["lock", "gate"] } },
  });
  assert.deepEqual(body.terms, { ...terms, accessPoints: ["lock", "gate"] });
});

Deno.test("a guest can be suspended and renamed while an access point of theirs is not there", async () => {
  await using panel = await ApiPanel.start();
  const { id } = panel.add({ role: "guest", terms: { ...terms, accessPoints: ["lock", "cellar"] } });
  const changed = await panel.ask("PATCH", `/members/${id}`, {
    body: { name: "G.", terms: { suspended: true } },
  });
  assert.deepEqual([changed.status, changed.body.terms?.suspended], [200, true]);
  const wrong = await panel.ask("PATCH", `/members/${id}`, { body: { terms: { accessPoints: ["cellar"] } } });
  assert.equal(wrong.body.code, "unknown-access-point");
});

Deno.test("a panel that is opened to be claimed again knows no code of its former owner's", async () => {
  await using panel = await ApiPanel.start();
  const { core } = panel.core.host;
  const made = {
    name: "Parcel",
    form: "qr" as const,
    terms: { ...terms, validity: { kind: "always" as const } },
  };
  const { body: { text } } = await panel.ask("POST", "/codes", { body: made });
  await core.use(claimService).reopen("inside-button");
  const claim = { code: panel.offers.at(-1), name: "Nora", deviceName: "Phone" };
  assert.equal((await panel.ask("POST", "/claim", { body: claim, device: new TestDevice() })).status, 200);
  assert.deepEqual(await core.use(codeService).list(), []);
  const entered = await panel.ask("POST", "/codes/release", {
    device: null,
    body: { text, accessPoint: "lock" },
  });
  assert.equal(entered.body.code, "code-wrong");
  assert.deepEqual(panel.core.lock.pulses, []);
  const [row] = await panel.core.access.log({ kind: "claim", limit: 2 }).then((rows) => rows.slice(1));
  assert.deepEqual(row?.detail, { members: 1, devices: 1, codes: 1 });
});

Deno.test("B-SET-6: some owner always has a device left, however many owners there are", async () => {
  await using panel = await ApiPanel.start();
  const members = panel.core.host.core.use(memberService);
  const { id } = panel.add({ role: "owner" });
  const [first, second] = (await members.list()).map(({ devices }) => devices[0]);
  assert.equal((await panel.ask("DELETE", `/members/${id}/devices/${second!.id}`)).status, 204);
  const refused = { status: 409, code: "last-owner" };
  const ask = async (path: string) => {
    const { status, body } = await panel.ask("DELETE", path);
    return { status, code: body?.code };
  };
  assert.deepEqual(await ask("/me/device"), refused);
  assert.deepEqual(await ask(`/members/member-1/devices/${first!.id}`), refused);
  assert.deepEqual(await ask("/members/member-1"), refused);
  assert.equal((await panel.ask("DELETE", `/members/${id}`)).status, 204);
});

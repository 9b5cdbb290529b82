import assert from "node:assert/strict";
import { OWNER } from "../testing/access_panel.ts";
import { membersChanged } from "./keys.ts";
import type { NewMember } from "./model.ts";
import { coded, device, KEY, onPanel, someone } from "./testing/desk.ts";

Deno.test(
  "B-SET-6: an invitation adds a member with its device, once, and every step is in the log",
  onPanel(async ({ panel, members }) => {
    const { code, remainingMs } = await members.invite(someone(), OWNER);
    assert.equal(remainingMs, 600_000);
    assert.equal((await members.list()).length, 1);
    const { token, member } = await members.join(code, device);
    assert.equal(panel.parts.members.byToken(token)?.member.id, member.id);
    const other = { ...device, publicKey: "another" };
    await assert.rejects(members.join(code, other), coded("invitation-unknown"));
    await members.change(member.id, { name: "Bruno B." }, OWNER);
    await members.renameDevice(member.id, member.devices[0]!.id, "Old phone", OWNER);
    await members.remove(member.id, OWNER);
    assert.equal(panel.parts.members.byToken(token), undefined);
    const rows = (await panel.rows()).map((
      { kind, actor, detail },
    ) => [kind, actor.id, detail["memberName"]]);
    assert.deepEqual(rows, [
      ["member-added", "member-1", "Bruno"],
      ["device-added", "member-1", "Bruno"],
      ["member-changed", "member-1", "Bruno"],
      ["device-changed", "member-1", "Bruno B."],
      ["member-removed", "member-1", "Bruno B."],
    ]);
  }),
);

Deno.test(
  "B-SET-6: an invitation is over after ten minutes, and when who invited is gone",
  onPanel(async ({ panel, members }) => {
    const { code } = await members.invite(someone(), OWNER);
    panel.clock.jump(-60 * 60_000);
    await panel.clock.advance(600_000);
    await assert.rejects(members.join(code, device), coded("invitation-unknown"));

    await members.join((await members.inviteDevice(OWNER.id, OWNER)).code, device);
    const second = await members.join((await members.invite(someone({ role: "owner" }), OWNER)).code, device);
    const by = { kind: "person" as const, id: second.member.id, scopes: [] };
    const open = await members.invite(someone(), by);
    await members.remove(second.member.id, OWNER);
    await assert.rejects(members.join(open.code, device), coded("invitation-unknown"));
  }),
);

Deno.test(
  "B-SET-6: open invitations are listed without their codes, and one that is withdrawn lets nobody in",
  onPanel(async ({ panel, members }) => {
    const { code, id } = await members.invite(someone(), { ...OWNER, name: "Anna" });
    await panel.clock.advance(60_000);
    const { member } = await members.join((await members.invite(someone(), OWNER)).code, device);
    const second = await members.inviteDevice(member.id, OWNER);
    const open = await members.invitations();
    assert.deepEqual(open, [
      { id, memberId: null, name: "Bruno", role: "family", invitedBy: "Anna", remainingMs: 540_000 },
      {
        id: second.id,
        memberId: member.id,
        name: "Bruno",
        role: "family",
        invitedBy: OWNER.name ?? null,
        remainingMs: 600_000,
      },
    ]);
    assert.ok(!JSON.stringify(open).includes(code));
    await members.withdraw(id);
    await assert.rejects(members.join(code, device), coded("invitation-unknown"));
    await assert.rejects(members.withdraw(id), coded("invitation-unknown"));
    await panel.clock.advance(600_000);
    assert.deepEqual(await members.invitations(), []);
  }),
);

Deno.test(
  "B-SET-6: another device is invited by itself and revoked by itself; whoever listens hears which lost access",
  onPanel(async ({ panel, members }) => {
    const { member } = await members.join((await members.invite(someone(), OWNER)).code, device);
    const { code } = await members.inviteDevice(member.id, OWNER);
    const tablet = await members.join(code, { deviceName: "Tablet", publicKey: KEY });
    assert.deepEqual(tablet.member.devices.map(({ name }) => name), ["Phone", "Tablet"]);
    const heard: string[][] = [];
    panel.host.core.on(membersChanged, ({ devices }) => void heard.push(devices));
    await members.removeDevice(member.id, member.devices[0]!.id, OWNER);
    assert.equal(panel.parts.members.byToken(tablet.token)?.device.name, "Tablet");
    await members.remove(member.id, OWNER);
    assert.deepEqual(heard, [[member.devices[0]!.id], [tablet.device.id]]);
  }),
);

Deno.test(
  "B-SET-6: the last owner stays, and so does the owner's last device",
  onPanel(async ({ members }) => {
    await assert.rejects(members.remove("member-1", OWNER), coded("last-owner"));
    const { device: own } = await members.join((await members.inviteDevice("member-1", OWNER)).code, device);
    await assert.rejects(members.removeDevice("member-1", own.id, OWNER), coded("last-owner"));
    const { member } = await members.join(
      (await members.invite(someone({ role: "owner" }), OWNER)).code,
      device,
    );
    await members.remove("member-1", OWNER);
    await assert.rejects(members.remove(member.id, OWNER), coded("last-owner"));
  }),
);

Deno.test(
  "who is invited has what the role asks for, and nothing else",
  onPanel(async ({ members }) => {
    const terms = {
      validity: { kind: "always" as const },
      accessPoints: ["lock"],
      usesLeft: null,
      suspended: false,
    };
    const wrong: [Partial<NewMember>, string, RegExp][] = [
      [{ role: "guest" }, "member-invalid", /terms/],
      [{ role: "family", terms }, "member-invalid", /terms.*only a guest/],
      [{ role: "service" }, "member-invalid", /scopes/],
      [
        { role: "service", scopes: ["open-everything"] },
        "member-invalid",
        /scopes\.0.*release:<access point>/,
      ],
      [{ role: "family", scopes: ["release"] }, "member-invalid", /scopes/],
      [{ role: "owner", until: "2027-01-01T00:00:00Z" }, "member-invalid", /until/],
      [{ name: "" }, "member-invalid", /name/],
      [{ until: "tomorrow" }, "member-invalid", /until.*date and time/],
      [{ role: "guest", terms: { ...terms, accessPoints: ["cellar"] } }, "unknown-access-point", /cellar/],
    ];
    for (const [change, code, message] of wrong) {
      await assert.rejects(
        members.invite(someone(change), OWNER),
        (error: { code: string; message: string }) => {
          assert.equal(error.code, code);
          assert.match(error.message, message);
          return true;
        },
      );
    }
    await assert.rejects(
      members.addBearer(someone({ role: "service", scopes: ["release"] }), OWNER),
      coded("bearer-off"),
    );
  }),
);

Deno.test(
  "a service gets a token without a key only where the configuration allows it, and no one else ever",
  onPanel(async ({ panel, members }) => {
    const { token, device } = await members.addBearer(
      someone({ role: "service", scopes: ["release:lock"] }),
      OWNER,
    );
    assert.equal(device.proof, "bearer");
    assert.equal(panel.parts.members.byToken(token)?.publicKey, null);
    await assert.rejects(members.addBearer(someone(), OWNER), coded("member-invalid"));
  }, { bearer: true }),
);

Deno.test(
  "B-SET-6: a guest opens within the window, as often as allowed, and not after being revoked",
  onPanel(async ({ panel, members }) => {
    const guest = someone({
      role: "guest",
      terms: {
        validity: { kind: "period", from: "2026-06-01T00:00:00Z", until: "2026-06-02T00:00:00Z" },
        accessPoints: ["lock"],
        usesLeft: 2,
        suspended: false,
      },
    });
    const { member } = await members.join((await members.invite(guest, OWNER)).code, device);
    const actor = { kind: "person" as const, id: member.id, scopes: [] };
    const open = async (accessPoint = "lock") => {
      panel.lock.close();
      return (await panel.access.release(panel.request(actor, { accessPoint }))).reason;
    };
    assert.equal(await open("gate"), "no-right");
    assert.equal(await open(), "granted");
    assert.equal((await members.get(member.id)).terms?.usesLeft, 1);
    await panel.clock.advance(13 * 60 * 60_000);
    assert.equal(await open(), "expired");
    await members.change(
      member.id,
      { terms: { ...guest.terms!, validity: { kind: "always" }, usesLeft: 1 } },
      OWNER,
    );
    assert.equal(await open(), "granted");
    assert.equal(await open(), "used-up");
    await members.remove(member.id, OWNER);
    assert.equal(await open(), "not-allowed");
  }),
);

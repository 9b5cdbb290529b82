import type { Actor } from "../access/model.ts";
import { LatchkeyError } from "../errors.ts";
import { parseOr } from "../faults.ts";
import type { Admission, AdmissionParts } from "./admission.ts";
import type { Invitations } from "./invitations.ts";
import type { Invitation, MemberService, NewDeviceKey, Paired } from "./keys.ts";
import {
  type Device,
  type Member,
  type MemberChange,
  memberChangeSchema,
  memberNameSchema,
  type NewMember,
  newMemberSchema,
  type OpenInvitation,
} from "./model.ts";
import { memberRow, plain } from "./rows.ts";

export interface MemberParts extends AdmissionParts {
  admission: Admission;
  invitations: Invitations;
  /** Whether services may have a token without a key. */
  bearerAllowed: boolean;
  assertAccessPoints(ids: readonly string[], field: string): void;
}

export class MemberDesk implements MemberService {
  readonly #parts: MemberParts;

  constructor(parts: MemberParts) {
    this.#parts = parts;
  }

  list(): Promise<Member[]> {
    return later(() => this.#parts.members.list());
  }

  get(id: string): Promise<Member> {
    return later(() => this.#find(id));
  }

  invite(input: NewMember, actor: Actor): Promise<Invitation> {
    return later(() => {
      const member = this.#checked(input);
      this.#parts.admission.assertRoom();
      return this.#parts.invitations.open({ kind: "member", member, by: actor });
    });
  }

  inviteDevice(memberId: string, actor: Actor): Promise<Invitation> {
    return later(() => {
      this.#parts.admission.assertRoomFor(this.#find(memberId));
      return this.#parts.invitations.open({ kind: "device", memberId, by: actor });
    });
  }

  invitations(): Promise<OpenInvitation[]> {
    return later(() =>
      this.#parts.invitations.list().map(({ id, what, remainingMs }) => {
        const { name, role } = what.kind === "member" ? what.member : this.#find(what.memberId);
        const memberId = what.kind === "member" ? null : what.memberId;
        return { id, memberId, name, role, invitedBy: what.by.name ?? null, remainingMs };
      })
    );
  }

  withdraw(id: string): Promise<void> {
    return later(() => {
      if (this.#parts.invitations.withdraw(id)) return;
      throw new LatchkeyError("invitation-unknown", "This invitation was taken up, withdrawn or is over", {
        status: 404,
      });
    });
  }

  join(code: string, key: NewDeviceKey): Promise<Paired> {
    return later(() => {
      const { invitations } = this.#parts;
      const invited = invitations.find(code);
      if (invited?.kind === "taken" && invited.publicKey === key.publicKey) return invited.paired;
      if (!invited || invited.kind === "taken") {
        throw new LatchkeyError(
          "invitation-unknown",
          "This invitation is not, or no longer, good. Ask for a new one",
          {
            status: 403,
          },
        );
      }
      const paired = invited.kind === "member"
        ? this.#parts.admission.admit(invited.member, key, invited.by)
        : this.#parts.admission.pair(this.#find(invited.memberId), key, invited.by);
      const { publicKey } = key;
      invitations.take(code, {
        kind: "taken",
        by: invited.by,
        memberId: paired.member.id,
        publicKey,
        paired,
      });
      return paired;
    });
  }

  addBearer(input: NewMember, actor: Actor): Promise<Paired> {
    return later(() => {
      if (!this.#parts.bearerAllowed) {
        throw new LatchkeyError(
          "bearer-off",
          "Tokens without a key are switched off; set bearerTokens to true in the configuration, or invite the service",
          { status: 409 },
        );
      }
      const member = this.#checked(input);
      if (member.role !== "service") {
        throw new LatchkeyError("member-invalid", "Only a service may have a token without a key", {
          faults: [{ field: "role", value: member.role, message: "service" }],
        });
      }
      return this.#parts.admission.admit(member, { deviceName: member.name, publicKey: null }, actor);
    });
  }

  change(id: string, input: MemberChange, actor: Actor): Promise<Member> {
    return later(() => {
      const before = this.#find(id);
      const given = parseOr(memberChangeSchema, input, "member-invalid");
      const wanted = this.#changed(before, given);
      const after = this.#parts.log.write((append) => {
        this.#parts.members.change(id, wanted);
        append(memberRow("member-changed", before, actor, { changed: plain(given) }));
        return this.#find(id);
      });
      this.#parts.changed(id, "changed", after.devices);
      return after;
    });
  }

  remove(id: string, actor: Actor): Promise<void> {
    return later(() => {
      const member = this.#find(id);
      this.#assertNotLast(member);
      this.#parts.log.write((append) => {
        this.#parts.members.remove(id);
        append(memberRow("member-removed", member, actor));
      });
      this.#parts.invitations.closeWhere((invited) =>
        invited.by.id === id || (invited.kind !== "member" && invited.memberId === id)
      );
      this.#parts.changed(id, "removed", member.devices);
    });
  }

  renameDevice(memberId: string, deviceId: string, name: string, actor: Actor): Promise<Device> {
    return later(() => {
      const { member, device } = this.#findDevice(memberId, deviceId);
      const wanted = parseOr(memberNameSchema, name, "member-invalid", "name");
      this.#parts.log.write((append) => {
        this.#parts.members.renameDevice(deviceId, wanted);
        append(
          memberRow("device-changed", member, actor, {
            device: deviceId,
            formerName: device.name,
            name: wanted,
          }),
        );
      });
      this.#parts.changed(memberId, "changed", []);
      return { ...device, name: wanted };
    });
  }

  removeDevice(memberId: string, deviceId: string, actor: Actor): Promise<void> {
    return later(() => {
      const { member, device } = this.#findDevice(memberId, deviceId);
      if (member.devices.length === 1) this.#assertNotLast(member);
      this.#parts.log.write((append) => {
        this.#parts.members.removeDevice(deviceId);
        append(memberRow("device-removed", member, actor, { device: deviceId, name: device.name }));
      });
      // It may have been that device, lost or stolen, on which the member invited somebody.
      this.#parts.invitations.closeWhere((invited) =>
        invited.by.id === memberId || (invited.kind === "taken" && invited.memberId === memberId)
      );
      this.#parts.changed(memberId, "changed", [device]);
    });
  }

  #checked(input: NewMember): NewMember {
    const member = parseOr(newMemberSchema, input, "member-invalid");
    this.#parts.assertAccessPoints(member.terms?.accessPoints ?? [], "terms.accessPoints");
    return member;
  }

  #changed({ name, role, until, terms, scopes }: Member, { terms: some, ...given }: MemberChange): NewMember {
    const wanted = {
      name,
      role,
      until,
      scopes,
      ...plain(given),
      terms: some ? { ...terms, ...plain(some) } : terms,
    };
    // Those that the member has already may be away, as when a plugin is off.
    this.#parts.assertAccessPoints(some?.accessPoints ?? [], "terms.accessPoints");
    return parseOr(newMemberSchema, wanted, "member-invalid");
  }

  #find(id: string): Member {
    const member = this.#parts.members.get(id);
    if (member) return member;
    throw new LatchkeyError("member-unknown", `There is no member "${id.slice(0, 64)}"`, { status: 404 });
  }

  #findDevice(memberId: string, deviceId: string): { member: Member; device: Device } {
    const member = this.#find(memberId);
    const device = member.devices.find(({ id }) => id === deviceId);
    if (device) return { member, device };
    throw new LatchkeyError("device-unknown", `"${member.name}" has no device "${deviceId.slice(0, 64)}"`, {
      status: 404,
    });
  }

  #assertNotLast({ id, role }: Member): void {
    if (role !== "owner" || this.#parts.members.hasOwnerBeside(id)) return;
    throw new LatchkeyError(
      "last-owner",
      "The last owner that has a device can't be removed, nor that device; make someone else an owner first",
      {
        status: 409,
      },
    );
  }
}

/** Services are asynchronous by contract: what is thrown becomes a rejection. */
// deno-lint-ignore require-await -- see above
async function later<T>(work: () => T): Promise<T> {
  return work();
}

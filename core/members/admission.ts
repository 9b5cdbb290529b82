import { Buffer } from "node:buffer";
import type { AccessLog, Append } from "../access/access_log.ts";
import type { Actor } from "../access/model.ts";
import { LatchkeyError } from "../errors.ts";
import type { Random } from "../random.ts";
import type { NewDeviceKey, Paired } from "./keys.ts";
import type { Members } from "./members.ts";
import type { Device, Member, NewMember } from "./model.ts";
import { memberRow, plain } from "./rows.ts";

const MOST_MEMBERS = 200;
const MOST_DEVICES = 20;

export interface AdmissionParts {
  members: Members;
  log: AccessLog;
  random: Random;
  /** Wall time, ms. */
  now: () => number;
  changed(id: string, change: "added" | "changed" | "removed", devices: readonly Device[]): void;
}

/** Lets members and devices in, each together with its rows in the access log. */
export class Admission {
  readonly #parts: AdmissionParts;

  constructor(parts: AdmissionParts) {
    this.#parts = parts;
  }

  /** Adds a member with its first device. `also` is written with it: all or nothing. */
  admit(
    member: NewMember,
    key: { deviceName: string; publicKey: string | null },
    by: Actor,
    also: (append: Append) => void = () => {},
  ): Paired {
    this.assertRoom();
    const token = freshToken(this.#parts.random);
    const now = Math.trunc(this.#parts.now());
    const added = this.#parts.log.write((append) => {
      also(append);
      const id = this.#parts.members.add(member, now);
      const deviceId = this.#parts.members.addDevice(
        id,
        { name: key.deviceName, token, publicKey: key.publicKey },
        now,
      );
      const saved = this.#parts.members.get(id)!;
      append(
        memberRow(
          "member-added",
          saved,
          by,
          plain({ until: member.until, terms: member.terms, scopes: member.scopes }),
        ),
      );
      append(memberRow("device-added", saved, by, { device: deviceId, name: key.deviceName }));
      return saved;
    });
    this.#parts.changed(added.id, "added", []);
    return { token, member: added, device: added.devices[0]! };
  }

  /** Adds another device of a member. @throws {LatchkeyError} `members-full` (409) */
  pair(member: Member, { deviceName, publicKey }: NewDeviceKey, by: Actor): Paired {
    this.assertRoomFor(member);
    const token = freshToken(this.#parts.random);
    const id = this.#parts.log.write((append) => {
      const now = Math.trunc(this.#parts.now());
      const device = this.#parts.members.addDevice(member.id, { name: deviceName, token, publicKey }, now);
      append(memberRow("device-added", member, by, { device, name: deviceName }));
      return device;
    });
    this.#parts.changed(member.id, "changed", []);
    const paired = this.#parts.members.get(member.id)!;
    return { token, member: paired, device: paired.devices.find((device) => device.id === id)! };
  }

  /** @throws {LatchkeyError} `members-full` (409) */
  assertRoom(): void {
    if (this.#parts.members.list().length >= MOST_MEMBERS) throw full(`${MOST_MEMBERS} members`);
  }

  /** @throws {LatchkeyError} `members-full` (409) */
  assertRoomFor({ devices }: Member): void {
    if (devices.length >= MOST_DEVICES) throw full(`${MOST_DEVICES} devices of this member`);
  }
}

/** What only the holder knows: 256 bits. */
function freshToken(random: Random): string {
  return Buffer.from(random(32)).toString("base64url");
}

function full(what: string): LatchkeyError {
  return new LatchkeyError("members-full", `There are ${what} already; remove one first`, { status: 409 });
}

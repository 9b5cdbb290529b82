import { z } from "zod";
import type { Actor } from "../access/model.ts";
import { defineEvent, defineService } from "../plugin/keys.ts";
import type { Device, Member, MemberChange, NewMember, OpenInvitation } from "./model.ts";

/** What a device brings when it is paired. */
export interface NewDeviceKey {
  deviceName: string;
  /** Its public key as JSON; the private one never leaves it. */
  publicKey: string;
}

/** The answer to a pairing: the only time the token is known in clear. */
export interface Paired {
  token: string;
  member: Member;
  device: Device;
}

/** What lets somebody new in, once. */
export interface Invitation {
  id: string;
  /** Worth one pairing: a secret. */
  code: string;
  /** What is left of its time, ms. */
  remainingMs: number;
}

/** Who has access: people, monitors, services and their devices. Every resolved change is durable, logged and in force. */
export interface MemberService {
  list(): Promise<Member[]>;
  /** @throws {LatchkeyError} `member-unknown` (404) */
  get(id: string): Promise<Member>;
  /**
   * Invites someone new. The member is added when the invitation is taken up.
   * @throws {LatchkeyError} `member-invalid`, `unknown-access-point` (400), `members-full` (409)
   */
  invite(member: NewMember, actor: Actor): Promise<Invitation>;
  /** Invites another device of a member. @throws {LatchkeyError} `member-unknown` (404) */
  inviteDevice(memberId: string, actor: Actor): Promise<Invitation>;
  /** Those that were not taken up and are still good, oldest first; their codes are told only when they are made. */
  invitations(): Promise<OpenInvitation[]>;
  /** Ends an invitation that was not taken up. @throws {LatchkeyError} `invitation-unknown` (404) */
  withdraw(id: string): Promise<void>;
  /** Takes an invitation up. @throws {LatchkeyError} `invitation-unknown` (403), `members-full` (409) */
  join(code: string, device: NewDeviceKey): Promise<Paired>;
  /**
   * A service that shows a token and no proof.
   * @throws {LatchkeyError} `bearer-off` (409), `member-invalid` (400), `members-full` (409)
   */
  addBearer(member: NewMember, actor: Actor): Promise<Paired>;
  /** @throws {LatchkeyError} `member-unknown` (404), `member-invalid`, `unknown-access-point` (400) */
  change(id: string, change: MemberChange, actor: Actor): Promise<Member>;
  /** @throws {LatchkeyError} `member-unknown` (404), `last-owner` (409) */
  remove(id: string, actor: Actor): Promise<void>;
  /** @throws {LatchkeyError} `device-unknown` (404) */
  renameDevice(memberId: string, deviceId: string, name: string, actor: Actor): Promise<Device>;
  /** @throws {LatchkeyError} `device-unknown` (404), `last-owner` (409) */
  removeDevice(memberId: string, deviceId: string, actor: Actor): Promise<void>;
}

/** How somebody becomes the first owner. */
export interface ClaimService {
  /** Whether the panel has an owner. */
  claimed(): Promise<boolean>;
  /** Someone is at the unit: the inside button was pressed. For two minutes a claim goes through. */
  presence(source: string): Promise<void>;
  /**
   * Opens the panel to be claimed again: every member, device and code is gone, cards and log stay.
   * @param source where it was asked for, for the log
   */
  reopen(source: string): Promise<void>;
}

/** The people who have access, and their devices. Not from outside. */
export const memberService = defineService<MemberService>("members");
/** Who owns the panel, and how it gets its first owner. Not from outside. */
export const claimService = defineService<ClaimService>("claim");

/** Members or devices changed. `devices` have lost access, or have to show again that they have it. */
export const membersChanged = defineEvent(
  "members.changed",
  z.strictObject({
    id: z.string(),
    change: z.enum(["added", "changed", "removed"]),
    devices: z.array(z.string()),
  }),
  { coreOnly: true },
);

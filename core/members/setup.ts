import type { AccessParts } from "../access/setup.ts";
import type { Context } from "../plugin/plugin.ts";
import type { Random } from "../random.ts";
import { Claim } from "./claim.ts";
import { Admission, type AdmissionParts } from "./admission.ts";
import { Invitations } from "./invitations.ts";
import { keptCode } from "./kept_code.ts";
import { claimService, membersChanged, memberService } from "./keys.ts";
import { MemberDesk } from "./service.ts";

export interface MemberSetup {
  access: AccessParts;
  random: Random;
  /** Whether services may have a token without a key. */
  bearerAllowed: boolean;
  /** Whether the code alone shows that someone is at the unit. */
  presenceByCode: boolean;
  /** Told of each code to claim the panel with. */
  offerClaim(code: string): void;
  dataDir: string;
}

/** Provides the members and the claim; shows a code where the panel has no owner. */
export function setupMembers(core: Context, setup: MemberSetup): Claim {
  const { accessLog, cards, codes, members, assertKnown } = setup.access;
  const { clock } = core;
  const invitations = new Invitations(clock, setup.random);
  const parts: AdmissionParts = {
    members,
    log: accessLog,
    random: setup.random,
    now: () => clock.now(),
    changed: (id, change, devices) =>
      core.emit(membersChanged, { id, change, devices: devices.map((device) => device.id) }),
  };
  const admission = new Admission(parts);
  const desk = new MemberDesk({
    ...parts,
    admission,
    invitations,
    bearerAllowed: setup.bearerAllowed,
    assertAccessPoints: assertKnown,
  });
  const claim = new Claim({
    clock,
    random: setup.random,
    claimed: () => members.owners() > 0,
    presenceByCode: setup.presenceByCode,
    offer: setup.offerClaim,
    kept: keptCode(setup.dataDir, core.log),
    admit: (member, key, by, also) => admission.admit(member, key, by, also),
    removeCards(append) {
      const removed = cards.removeAll();
      append({
        kind: "card-removed",
        outcome: "removed",
        actor: { kind: "system", id: "claim", scopes: [] },
        via: "system",
        detail: { all: true, removed },
      });
    },
  });

  /** All at once, so that nobody is left half removed. */
  function reopen(source: string): void {
    const before = members.list();
    accessLog.write((append) => {
      members.removeAll();
      const codesRemoved = codes.removeAll();
      append({
        kind: "claim",
        outcome: "reopened",
        actor: { kind: "input", id: source, scopes: [] },
        via: "input",
        detail: {
          members: before.length,
          devices: before.flatMap(({ devices }) => devices).length,
          codes: codesRemoved,
        },
      });
    });
    invitations.closeWhere(() => true);
    for (const { id, devices } of before) {
      core.emit(membersChanged, { id, change: "removed", devices: devices.map((device) => device.id) });
    }
    claim.begin();
  }

  core.provide(memberService, desk);
  core.provide(claimService, {
    claimed: () => Promise.resolve(members.owners() > 0),
    presence: () => Promise.resolve(claim.present()),
    // deno-lint-ignore require-await -- asynchronous by contract: what is thrown becomes a rejection
    async reopen(source) {
      reopen(source);
    },
  });
  claim.begin();
  return claim;
}

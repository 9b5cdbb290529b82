import type { Role } from "../../../core/members/model.ts";

/** What a page offers to a role. The panel decides; this only keeps from offering what it would refuse. */
export interface Rights {
  /** Status, parts and calls of the house. */
  house: boolean;
  /** Opens from here. */
  releases: boolean;
  /** Access log, cards, codes. */
  resident: boolean;
  /** Changes cards, members, settings. */
  owner: boolean;
}

const NONE: Rights = { house: false, releases: false, resident: false, owner: false };

const RIGHTS: Record<Role, Rights> = {
  owner: { house: true, releases: true, resident: true, owner: true },
  family: { house: true, releases: true, resident: true, owner: false },
  /** It releases while it shows the visitor, which a page without a picture never does. */
  monitor: { ...NONE, house: true },
  guest: { ...NONE, releases: true },
  service: NONE,
};

export function rightsOf(role: Role): Rights {
  return RIGHTS[role];
}

import type { Role } from "../../../core/members/model.ts";

/** What a page offers to a role. The panel decides; this only keeps from offering what it would refuse. */
export interface Rights {
  /** Status, parts and calls of the house. */
  house: boolean;
  /** Opens from here. */
  releases: boolean;
  /** Only while the live picture is shown, which the page then proves. */
  releasesWatching: boolean;
  /** Speaks at the panel. */
  talks: boolean;
  /** Access log, cards, codes. */
  resident: boolean;
  /** Changes cards, members, settings. */
  owner: boolean;
}

const NONE: Rights = {
  house: false,
  releases: false,
  releasesWatching: false,
  talks: false,
  resident: false,
  owner: false,
};

const RIGHTS: Record<Role, Rights> = {
  owner: { ...NONE, house: true, releases: true, talks: true, resident: true, owner: true },
  family: { ...NONE, house: true, releases: true, talks: true, resident: true },
  monitor: { ...NONE, house: true, releases: true, releasesWatching: true, talks: true },
  guest: { ...NONE, releases: true },
  service: NONE,
};

export function rightsOf(role: Role): Rights {
  return RIGHTS[role];
}

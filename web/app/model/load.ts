import type { AccessPointState } from "../../../core/access/keys.ts";
import { askIdentity } from "../../lib/api/open.ts";
import { PAGE, type PanelApi, type PartView } from "./api.ts";
import type { HomeData } from "./home_data.ts";
import { rightsOf } from "./rights.ts";

/** All that this device may know of the panel, as it is now. */
export async function loadAll(api: PanelApi): Promise<Partial<HomeData>> {
  const me = await api.me();
  const may = rightsOf(me.member.role);
  const [identity, status, points, calls, log, cards, codes, parts, enrolment, members, invitations] =
    await Promise.all([
      askIdentity(),
      may.house ? api.status() : undefined,
      may.releases ? api.accessPoints() : [],
      may.house ? api.calls() : [],
      may.resident ? api.log() : [],
      may.resident ? api.cards() : [],
      may.resident ? api.codes() : [],
      may.house ? api.parts() : [],
      may.owner ? api.enrolment() : undefined,
      may.owner ? api.members() : [],
      may.owner ? timed(api) : [],
    ]);
  return {
    loaded: true,
    fault: undefined,
    ended: undefined,
    me,
    may,
    identity,
    status,
    accessPoints: doorsFirst(points, parts),
    call: calls.find(({ endedAt }) => endedAt === null),
    calls,
    moreCalls: calls.length === PAGE,
    log,
    moreLog: log.length === PAGE,
    cards,
    codes,
    parts,
    enrolment,
    members,
    invitations,
  };
}

/** Open invitations with the moment at which each is over, by this page's own clock. */
export async function timed(api: PanelApi): Promise<HomeData["invitations"]> {
  const open = await api.invitations();
  const now = performance.now();
  return open.map((invitation) => ({ ...invitation, due: now + invitation.remainingMs }));
}

/** Plugins start in any order; the door is what is used most. */
function doorsFirst(points: AccessPointState[], parts: PartView[]): AccessPointState[] {
  const isDoor = ({ id }: AccessPointState) =>
    id === "lock" || parts.some((part) => part.id === id && part.kind === "lock");
  return points.toSorted((a, b) => Number(isDoor(b)) - Number(isDoor(a)) || a.name.localeCompare(b.name));
}

import type { AccessPointState } from "../../../core/access/keys.ts";
import type { Code, Credential, LogRow } from "../../../core/access/model.ts";
import type { Call } from "../../../core/calls/keys.ts";
import type { OpenInvitation } from "../../../core/members/model.ts";
import type { Enrolment } from "../../../plugins/rfid/keys.ts";
import type { Identity } from "../../lib/api/open.ts";
import type { ApiError } from "../../lib/api/problem.ts";
import type { Me, PanelStatus, PartView, SeenMember } from "./api.ts";
import { type Rights, rightsOf } from "./rights.ts";

export interface HomeData {
  /** Nothing came yet, all is there, or why it is not. */
  loaded: boolean;
  fault: string | undefined;
  /** Why the panel, which knows this device, does not let it in now. */
  ended: ApiError | undefined;
  /** Whether events arrive. */
  live: boolean;
  me: Me | undefined;
  may: Rights;
  identity: Identity | undefined;
  status: PanelStatus | undefined;
  accessPoints: AccessPointState[];
  call: Call | undefined;
  calls: Call[];
  moreCalls: boolean;
  log: LogRow[];
  moreLog: boolean;
  cards: Credential[];
  codes: Code[];
  parts: PartView[];
  enrolment: Enrolment | undefined;
  members: SeenMember[];
  /** Counts what was told of recordings: their list is fetched again. */
  recordings: number;
  /** With the moment at which each is over, as `performance.now` counts. */
  invitations: (OpenInvitation & { due: number })[];
}

/** Before the first answer. */
export const NOTHING: HomeData = {
  loaded: false,
  fault: undefined,
  ended: undefined,
  live: false,
  me: undefined,
  may: rightsOf("service"),
  identity: undefined,
  status: undefined,
  accessPoints: [],
  call: undefined,
  calls: [],
  moreCalls: false,
  log: [],
  moreLog: false,
  cards: [],
  codes: [],
  parts: [],
  enrolment: undefined,
  members: [],
  recordings: 0,
  invitations: [],
};

import type { AccessPointState } from "../../../core/access/keys.ts";
import type { Code, Credential, LogRow, NewCode, ReleaseAnswer, Terms } from "../../../core/access/model.ts";
import type { Call } from "../../../core/calls/keys.ts";
import type { Json } from "../../../core/json.ts";
import type { Invitation } from "../../../core/members/keys.ts";
import type { Device, Member, MemberChange, NewMember, OpenInvitation } from "../../../core/members/model.ts";
import type { PartKind, PartValue } from "../../../core/parts.ts";
import type { PluginState } from "../../../core/plugin/host.ts";
import type { Area, Image, ImageChange, MotionSettings } from "../../../plugins/camera/keys.ts";
import type { Enrolment } from "../../../plugins/rfid/keys.ts";
import type { SiteView } from "../../../plugins/site-sync/keys.ts";
import type { Client } from "../../lib/api/client.ts";
import { ApiError } from "../../lib/api/problem.ts";

export interface PanelStatus {
  name: string;
  version: string;
  clock: { trusted: boolean };
  boardUp: boolean;
  plugins: { id: string; title: string; state: PluginState; reason: string }[];
  /** Beside this one. */
  pages: { path: string; title: string }[];
}

export interface PartView {
  id: string;
  kind: PartKind;
  name: string;
  state: { [key: string]: Json };
  values?: Record<string, PartValue>;
}

/** Who this device is here. */
export interface Me {
  member: Omit<Member, "devices">;
  deviceId: string;
  deviceName: string;
}

/** A member's device with when it was here last, wall time, ms; null: not since the panel's start. */
export type SeenDevice = Device & { lastSeenAt: number | null };
export type SeenMember = Omit<Member, "devices"> & { devices: SeenDevice[] };

/** How many rows of a log come at a time. */
export const PAGE = 25;

/** Where panels that share cards are asked about. */
const SITE = "/plugins/site-sync";

const CAMERA = "/plugins/camera";

/** The routes that the household's page uses, by what they are for. */
export class PanelApi {
  readonly client: Client;

  constructor(client: Client) {
    this.client = client;
  }

  status(): Promise<PanelStatus> {
    return this.client.get("/status");
  }

  accessPoints(): Promise<AccessPointState[]> {
    return this.client.get("/access-points");
  }

  /** @param requestId sent again after a lost answer it opens nothing twice */
  release(id: string, requestId: string): Promise<ReleaseAnswer> {
    return this.client.post(`/access-points/${id}/release`, { requestId });
  }

  log(before?: number): Promise<LogRow[]> {
    return this.client.get(`/access-log?limit=${PAGE}${before === undefined ? "" : `&before=${before}`}`);
  }

  calls(before?: string): Promise<Call[]> {
    return this.client.get(`/calls?limit=${PAGE}${before === undefined ? "" : `&before=${before}`}`);
  }

  callAction(id: string, action: "answer" | "reject" | "end"): Promise<Call> {
    return this.client.post(`/calls/${id}/${action}`);
  }

  cards(): Promise<Credential[]> {
    return this.client.get("/cards?limit=500");
  }

  changeCard(id: string, change: Partial<Terms> & { holderName?: string }): Promise<Credential> {
    return this.client.patch(`/cards/${id}`, change);
  }

  deleteCard(id: string): Promise<void> {
    return this.client.delete(`/cards/${id}`);
  }

  parts(): Promise<PartView[]> {
    return this.client.get("/parts");
  }

  command(part: string, command: string, args: unknown): Promise<void> {
    return this.client.post(`/parts/${part}/commands/${command}`, args);
  }

  /** Answered when it is in force for everyone, as are the next. */
  setImage(change: ImageChange): Promise<Image> {
    return this.client.patch(`${CAMERA}/image`, change);
  }

  privacyAreas(): Promise<Area[]> {
    return this.client.get(`${CAMERA}/privacy-areas`);
  }

  setPrivacyAreas(areas: Area[]): Promise<Area[]> {
    return this.client.put(`${CAMERA}/privacy-areas`, areas);
  }

  motion(): Promise<MotionSettings> {
    return this.client.get(`${CAMERA}/motion`);
  }

  setMotion(wish: MotionSettings): Promise<MotionSettings> {
    return this.client.put(`${CAMERA}/motion`, wish);
  }

  enrolment(): Promise<Enrolment | undefined> {
    return absent(this.client.get<Enrolment>("/plugins/rfid/enrolments/current"));
  }

  startEnrolment(holderName: string, terms: Terms): Promise<Enrolment> {
    return this.client.post("/plugins/rfid/enrolments", { holderName, terms });
  }

  cancelEnrolment(): Promise<Enrolment> {
    return this.client.delete("/plugins/rfid/enrolments/current");
  }

  confirmClock(): Promise<void> {
    return this.client.post("/clock/confirm");
  }

  me(): Promise<Me> {
    return this.client.get("/me");
  }

  /** Gives up this device's access. */
  leave(): Promise<void> {
    return this.client.delete("/me/device");
  }

  members(): Promise<SeenMember[]> {
    return this.client.get("/members");
  }

  invitations(): Promise<OpenInvitation[]> {
    return this.client.get("/invitations");
  }

  invite(member: NewMember): Promise<Invitation> {
    return this.client.post("/invitations", member);
  }

  inviteDevice(memberId: string): Promise<Invitation> {
    return this.client.post(`/members/${memberId}/invitations`);
  }

  withdraw(invitationId: string): Promise<void> {
    return this.client.delete(`/invitations/${invitationId}`);
  }

  changeMember(id: string, change: MemberChange): Promise<Member> {
    return this.client.patch(`/members/${id}`, change);
  }

  removeMember(id: string): Promise<void> {
    return this.client.delete(`/members/${id}`);
  }

  renameDevice({ id, memberId }: Pick<Device, "id" | "memberId">, name: string): Promise<Device> {
    return this.client.patch(`/members/${memberId}/devices/${id}`, { name });
  }

  removeDevice({ id, memberId }: Device): Promise<void> {
    return this.client.delete(`/members/${memberId}/devices/${id}`);
  }

  codes(): Promise<Code[]> {
    return this.client.get("/codes");
  }

  /** The code itself comes only now. */
  addCode(code: NewCode): Promise<{ code: Code; text: string }> {
    return this.client.post("/codes", code);
  }

  removeCode(id: string): Promise<void> {
    return this.client.delete(`/codes/${id}`);
  }

  site(): Promise<SiteView> {
    return this.client.get(`${SITE}/site`);
  }

  foundSite(): Promise<SiteView> {
    return this.client.post(`${SITE}/site`, {});
  }

  leaveSite(): Promise<void> {
    return this.client.delete(`${SITE}/site`);
  }

  inviteToSite(): Promise<{ code: string; remainingMs: number }> {
    return this.client.post(`${SITE}/invitations`, {});
  }

  joinSite(code: string, discardCards: boolean): Promise<SiteView> {
    return this.client.post(`${SITE}/join`, { code, discardCards });
  }

  removePanel(id: string, suspend: boolean): Promise<void> {
    return this.client.delete(`${SITE}/panels/${id}?suspend=${suspend}`);
  }

  backup(passphrase: string): Promise<{ name: string; content: Blob }> {
    return this.client.file("/backup", { passphrase });
  }
}

async function absent<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return undefined;
    throw error;
  }
}

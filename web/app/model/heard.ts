import type { LogRow } from "../../../core/access/model.ts";
import type { Call } from "../../../core/calls/keys.ts";
import type { Enrolment } from "../../../plugins/rfid/keys.ts";
import { messageOf } from "../../lib/api/problem.ts";
import type { State } from "../../lib/state.ts";
import type { PanelApi, PartView } from "./api.ts";
import type { HomeData } from "./home_data.ts";
import { timed } from "./load.ts";

/** Who hears events. */
export interface Hearing extends State<HomeData> {
  readonly api: PanelApi;
  load(): Promise<void>;
  loadMembers(): Promise<void>;
  failed(fault: string): void;
  heardCall(call: Call): void;
}

/** What each event of the panel changes. */
export const HEARD: Record<string, (home: Hearing, value: unknown) => void> = {
  "call.changed": (home, value) => home.heardCall(value as Call),
  "access.logged": (home, value) => {
    const row = value as LogRow;
    home.set(({ log }) => log.some(({ seq }) => seq === row.seq) ? {} : { log: [row, ...log] });
    if (row.kind === "clock" || row.kind === "settings") {
      void refresh(home, async () => ({ status: await home.api.status() }));
    }
    if (isAboutCodes(row)) void refresh(home, async () => ({ codes: await home.api.codes() }));
    if (row.kind === "release" && row.actor.kind === "person") void home.loadMembers();
  },
  "credentials.changed": (home) => void refresh(home, async () => ({ cards: await home.api.cards() })),
  "members.changed": (home, value) => {
    const { me, may } = home.value;
    const { id } = value as { id: string };
    void (id === me?.member.id && !may.owner ? home.load() : home.loadMembers());
  },
  "enrolment.changed": (home, value) => home.set({ enrolment: value as Enrolment }),
  "part.changed": (home, value) => {
    const { id, state } = value as Pick<PartView, "id" | "state">;
    // It has come since: what its values mean is in the list only.
    if (!home.value.parts.some((part) => part.id === id)) {
      return void refresh(home, async () => ({ parts: await home.api.parts() }));
    }
    home.set(({ parts, accessPoints }) => ({
      parts: parts.map((part) => part.id === id ? { ...part, state } : part),
      accessPoints: accessPoints.map((point) =>
        point.id === id && typeof state["released"] === "boolean"
          ? { ...point, released: state["released"] }
          : point
      ),
    }));
  },
  "recording.changed": (home) => home.set(({ recordings }) => ({ recordings: recordings + 1 })),
  "board.link-changed": (home, value) => {
    const { up } = value as { up: boolean };
    home.set(({ status }) => ({ status: status && { ...status, boardUp: up } }));
  },
};

/** Made, deleted, or used: what is left of it is another number. */
function isAboutCodes({ kind, actor }: LogRow): boolean {
  return kind === "code-added" || kind === "code-removed" || (kind === "release" && actor.kind === "code");
}

/** Who I am, who has access and who was invited, anew. */
export async function peopleNow({ api }: Hearing): Promise<Partial<HomeData>> {
  const [me, members, invitations] = await Promise.all([api.me(), api.members(), timed(api)]);
  return { me, members, invitations };
}

/** Fetches a part of it again; where that fails, all of it is fetched a little later. */
export async function refresh(home: Hearing, fetch: () => Promise<Partial<HomeData>>): Promise<void> {
  try {
    home.set(await fetch());
  } catch (error) {
    home.failed(messageOf(error));
  }
}

import type { AccessPointState } from "../../../core/access/keys.ts";
import type { Credential, LogRow } from "../../../core/access/model.ts";
import type { Call } from "../../../core/calls/keys.ts";
import type { Enrolment } from "../../../plugins/rfid/keys.ts";
import { followEvents } from "../../lib/api/events.ts";
import { messageOf } from "../../lib/api/problem.ts";
import { State } from "../../lib/state.ts";
import { PAGE, type PanelApi, type PanelStatus, type PartView } from "./api.ts";

export interface HomeData {
  /** Nothing came yet, all is there, or why it is not. */
  loaded: boolean;
  fault: string | undefined;
  /** Whether events arrive. */
  live: boolean;
  status: PanelStatus | undefined;
  accessPoints: AccessPointState[];
  call: Call | undefined;
  calls: Call[];
  moreCalls: boolean;
  log: LogRow[];
  moreLog: boolean;
  cards: Credential[];
  parts: PartView[];
  enrolment: Enrolment | undefined;
}

const NOTHING: HomeData = {
  loaded: false,
  fault: undefined,
  live: false,
  status: undefined,
  accessPoints: [],
  call: undefined,
  calls: [],
  moreCalls: false,
  log: [],
  moreLog: false,
  cards: [],
  parts: [],
  enrolment: undefined,
};

/** What the page knows of the panel: fetched once, kept right by events, fetched anew where some may have been missed. */
export class Home extends State<HomeData> {
  readonly api: PanelApi;
  /** Events that came while the state was being fetched: it may be older than they are. */
  #waiting: [name: string, value: unknown][] | undefined;

  constructor(api: PanelApi) {
    super(NOTHING);
    this.api = api;
  }

  /** @returns stops following */
  follow(): () => void {
    return followEvents({
      client: this.api.client,
      event: (name, value) => this.#heard(name, value),
      fresh: () => void this.load(),
      connected: (live) => {
        this.set({ live });
        if (live && this.value.fault !== undefined) void this.load();
      },
    });
  }

  async load(): Promise<void> {
    const { api } = this;
    const waiting = this.#waiting = this.#waiting ?? [];
    try {
      const [status, points, calls, log, cards, parts, enrolment] = await Promise.all([
        api.status(),
        api.accessPoints(),
        api.calls(),
        api.log(),
        api.cards(),
        api.parts(),
        api.enrolment(),
      ]);
      this.set({
        loaded: true,
        fault: undefined,
        status,
        accessPoints: doorsFirst(points, parts),
        call: calls.find(({ endedAt }) => endedAt === null),
        calls,
        log,
        cards,
        parts,
        enrolment,
      });
      this.set({ moreCalls: calls.length === PAGE, moreLog: log.length === PAGE });
    } catch (error) {
      this.set({ fault: messageOf(error) });
    } finally {
      this.#waiting = undefined;
      for (const [name, value] of waiting) this.#heard(name, value);
    }
  }

  async loadMoreLog(): Promise<void> {
    const older = await this.api.log(this.value.log.at(-1)?.seq);
    this.set(({ log }) => ({ log: [...log, ...older], moreLog: older.length === PAGE }));
  }

  async loadMoreCalls(): Promise<void> {
    const older = await this.api.calls(this.value.calls.at(-1)?.id);
    this.set(({ calls }) => ({ calls: [...calls, ...older], moreCalls: older.length === PAGE }));
  }

  /** A call as an answer or an event gave it. */
  heardCall(call: Call): void {
    const over = call.endedAt !== null;
    this.set(({ call: current, calls }) => ({
      call: over ? (current?.id === call.id ? undefined : current) : call,
      calls: calls.some(({ id }) => id === call.id)
        ? calls.map((known) => known.id === call.id ? call : known)
        : [call, ...calls],
    }));
  }

  #heard(name: string, value: unknown): void {
    if (this.#waiting) this.#waiting.push([name, value]);
    else HEARD[name]?.(this, value);
  }
}

/** Plugins start in any order; the door is what is used most. */
function doorsFirst(points: AccessPointState[], parts: PartView[]): AccessPointState[] {
  const isDoor = ({ id }: AccessPointState) => parts.some((part) => part.id === id && part.kind === "lock");
  return points.toSorted((a, b) => Number(isDoor(b)) - Number(isDoor(a)) || a.name.localeCompare(b.name));
}

const HEARD: Record<string, (home: Home, value: unknown) => void> = {
  "call.changed": (home, value) => home.heardCall(value as Call),
  "access.logged": (home, value) => {
    const row = value as LogRow;
    home.set(({ log }) => log.some(({ seq }) => seq === row.seq) ? {} : { log: [row, ...log] });
    if (row.kind === "clock") void refresh(home, async () => ({ status: await home.api.status() }));
  },
  "credentials.changed": (home) => void refresh(home, async () => ({ cards: await home.api.cards() })),
  "enrolment.changed": (home, value) => home.set({ enrolment: value as Enrolment }),
  "part.changed": (home, value) => {
    const { id, state } = value as Pick<PartView, "id" | "state">;
    home.set(({ parts, accessPoints }) => ({
      parts: parts.map((part) => part.id === id ? { ...part, state } : part),
      accessPoints: accessPoints.map((point) =>
        point.id === id && typeof state["released"] === "boolean"
          ? { ...point, released: state["released"] }
          : point
      ),
    }));
  },
  "board.link-changed": (home, value) => {
    const { up } = value as { up: boolean };
    home.set(({ status }) => ({ status: status && { ...status, boardUp: up } }));
  },
};

/** Fetches a part of it again; where that fails, the next fresh start of the stream brings it. */
async function refresh(home: Home, fetch: () => Promise<Partial<HomeData>>): Promise<void> {
  try {
    home.set(await fetch());
  } catch (error) {
    home.set({ fault: messageOf(error) });
  }
}

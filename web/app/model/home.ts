import type { Call } from "../../../core/calls/keys.ts";
import { followEvents } from "../../lib/api/events.ts";
import { asRefusal } from "../../lib/api/problem.ts";
import { State } from "../../lib/state.ts";
import { Talk } from "../talk/talk.ts";
import { PAGE, type PanelApi } from "./api.ts";
import { HEARD, type Hearing, peopleNow, refresh } from "./heard.ts";
import { type HomeData, NOTHING } from "./home_data.ts";
import { loadAll } from "./load.ts";

/** After an answer that did not come the whole is asked for again, each time after twice as long, ms. */
const AGAIN_MS = 5_000;
const LONGEST_AGAIN_MS = 60_000;

/** What the page knows of the panel: fetched once, kept right by events, fetched anew where some may have been missed. */
export class Home extends State<HomeData> implements Hearing {
  readonly api: PanelApi;
  /** What is said at the panel from this page. */
  readonly talk: Talk;
  /** Events that came while the state was being fetched: it may be older than they are. */
  #waiting: [name: string, value: unknown][] | undefined;
  #again: ReturnType<typeof setTimeout> | undefined;
  #againMs = AGAIN_MS;

  constructor(api: PanelApi) {
    super(NOTHING);
    this.api = api;
    this.talk = new Talk(api.client);
  }

  /** @returns stops following */
  follow(): () => void {
    const stop = followEvents({
      client: this.api.client,
      event: (name, value) => this.#heard(name, value),
      fresh: () => void this.load(),
      connected: (live) => {
        const { fault, ended, me, may } = this.value;
        this.set({ live });
        // To who hears no events a new connection says that something has changed.
        const deaf = me !== undefined && !may.house;
        if (live && (fault !== undefined || ended !== undefined || deaf)) void this.load();
      },
      denied: (ended) => this.set({ ended }),
    });
    return () => {
      stop();
      clearTimeout(this.#again);
      this.set({ live: false });
    };
  }

  async load(): Promise<void> {
    clearTimeout(this.#again);
    const waiting = this.#waiting = this.#waiting ?? [];
    try {
      this.set(await loadAll(this.api));
      this.#againMs = AGAIN_MS;
    } catch (error) {
      const refusal = asRefusal(error);
      if (refusal.status === 403) this.set({ ended: refusal });
      else this.failed(refusal.message);
    } finally {
      this.#waiting = undefined;
      for (const [name, value] of waiting) this.#heard(name, value);
    }
  }

  /** Something was not answered. A lost connection has all asked for again once it is back; here it may have lasted. */
  failed(fault: string): void {
    this.set({ fault });
    clearTimeout(this.#again);
    if (!this.value.live) return;
    this.#again = setTimeout(() => void this.load(), this.#againMs);
    this.#againMs = Math.min(this.#againMs * 2, LONGEST_AGAIN_MS);
  }

  /** Who has access, where this device may know. */
  async loadMembers(): Promise<void> {
    if (this.value.may.owner) await refresh(this, () => peopleNow(this));
  }

  /** Who this device is, anew: how often it may open yet. */
  async loadMe(): Promise<void> {
    await refresh(this, async () => ({ me: await this.api.me() }));
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
    const known = this.value.calls.find(({ id }) => id === call.id);
    // What was answered before it ended may come after.
    if (!over && known && known.endedAt !== null) return;
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

/// <reference lib="dom" />
import type { Clip, RecorderView } from "../../../plugins/recorder/keys.ts";
import type { Client } from "../../lib/api/client.ts";
import { ApiError, messageOf } from "../../lib/api/problem.ts";
import { State } from "../../lib/state.ts";

const BASE = "/plugins/recorder";
const PAGE = 24;
/** As many as the panel gives at once. */
const MOST = 500;
/** While a card is initialized, its progress is asked for this often, ms. */
const PROGRESS_MS = 500;

export interface ShelfData {
  /** Undefined until it is known; this panel may have no recorder. */
  view: RecorderView | undefined;
  clips: Clip[];
  more: boolean;
  fault: string | undefined;
}

/** Recordings, as they are on the card now. */
export class Shelf extends State<ShelfData> {
  readonly #client: Client;
  #loading: Promise<void> | undefined;
  #again = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(client: Client) {
    super({ view: undefined, clips: [], more: false, fault: undefined });
    this.#client = client;
  }

  /** One at a time; asked for meanwhile, it is done once more. */
  load(): Promise<void> {
    if (this.#loading) this.#again = true;
    return this.#loading ??= this.#load().finally(() => {
      this.#loading = undefined;
      if (!this.#again) return;
      this.#again = false;
      void this.load();
    });
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  async more(): Promise<void> {
    const older = await this.#page(this.value.clips.at(-1)?.startedAt);
    this.set(({ clips }) => ({ clips: [...clips, ...older], more: older.length === PAGE }));
  }

  /** What was recorded of a call first, on the card that is in: it may be in several parts. @throws {ApiError} where it can't be read */
  async ofCall(call: string): Promise<Clip | undefined> {
    const clips = await this.#client.get<Clip[]>(`${BASE}/clips?call=${call}`);
    return clips.at(-1);
  }

  async initialize(): Promise<void> {
    await this.#client.post(`${BASE}/card/initialize`, { confirm: "erase" });
    await this.load();
  }

  protect({ id }: Clip, isProtected: boolean): Promise<void> {
    return this.#client.patch(`${BASE}/clips/${id}`, { protected: isProtected });
  }

  delete({ id }: Clip): Promise<void> {
    return this.#client.delete(`${BASE}/clips/${id}`);
  }

  /** Address of something that the browser fetches by itself; good for a minute. */
  async link(path: string): Promise<string> {
    const { url } = await this.#client.post<{ url: string }>("/links", { path: `/api/v1${BASE}${path}` });
    return url;
  }

  async setPassword(password: string, current: string | null): Promise<void> {
    await this.#client.put(`${BASE}/password`, { password, current });
    await this.load();
  }

  /** With it and the password, age opens recordings without the panel. */
  key(): Promise<{ name: string; content: Blob }> {
    return this.#client.file(`${BASE}/password/key`);
  }

  async unlock(password: string): Promise<void> {
    await this.#client.post(`${BASE}/unlock`, { password });
    await this.load();
  }

  async lock(): Promise<void> {
    await this.#client.post(`${BASE}/lock`);
    await this.load();
  }

  async #load(): Promise<void> {
    clearTimeout(this.#timer);
    try {
      const view = await this.#client.get<RecorderView>(`${BASE}/state`);
      this.set({ view, fault: undefined });
      if (view.card.state === "initializing") this.#timer = setTimeout(() => void this.load(), PROGRESS_MS);
      const isReadable = ["normal", "full", "read-only"].includes(view.card.state);
      // As many as are shown already: one of the older ones may be open.
      const limit = Math.min(MOST, Math.max(PAGE, this.value.clips.length));
      const clips = isReadable ? await this.#page(undefined, limit) : [];
      this.set({ clips, more: clips.length === limit });
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return;
      this.set({ fault: messageOf(error) });
    }
  }

  #page(before?: number, limit = PAGE): Promise<Clip[]> {
    return this.#client.get(`${BASE}/clips?limit=${limit}${before === undefined ? "" : `&before=${before}`}`);
  }
}

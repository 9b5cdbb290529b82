/// <reference lib="dom" />
import type { Reply } from "../../../plugins/intercom/keys.ts";
import { ApiError, offline } from "../../lib/api/problem.ts";
import { refresh } from "../model/heard.ts";
import type { Home } from "../model/home.ts";

const BASE = "/plugins/intercom";

/** What the page does with quick replies. */
export class RepliesApi {
  readonly #home: Home;

  constructor(home: Home) {
    this.#home = home;
  }

  /** Plays one at the door. @returns the session; undefined where somebody else is heard, who may be taken over from */
  async play(id: string, take: boolean): Promise<string | undefined> {
    try {
      const path = `${BASE}/replies/${id}/play?take=${take}`;
      const { session } = await this.#client.post<{ session: string }>(path);
      return session;
    } catch (error) {
      if (error instanceof ApiError && error.code === "talk-busy") return undefined;
      throw error;
    }
  }

  /** Ends what this device has begun; nothing where it is over already. */
  async stop(session: string): Promise<void> {
    try {
      await this.#client.delete(`${BASE}/sessions/${session}`);
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 404)) throw error;
    }
  }

  async add(name: string, sound: Blob): Promise<void> {
    const path = `${BASE}/replies?name=${encodeURIComponent(name)}`;
    await this.#client.upload<Reply>(path, "application/octet-stream", sound);
    await this.#again();
  }

  async delete(id: string): Promise<void> {
    await this.#client.delete(`${BASE}/replies/${id}`);
    await this.#again();
  }

  /** The sound of one, to be heard here. */
  async sound(id: string): Promise<ArrayBuffer> {
    const path = `/api/v1${BASE}/replies/${id}/sound`;
    const { url } = await this.#client.post<{ url: string }>("/links", { path });
    const response = await fetch(url).catch(() => undefined);
    if (!response?.ok) throw offline();
    return await response.arrayBuffer();
  }

  get #client() {
    return this.#home.api.client;
  }

  /** The list right away: the event that tells of the change may still be on its way. */
  #again(): Promise<void> {
    const { api } = this.#home;
    return refresh(this.#home, async () => ({ parts: await api.parts() }));
  }
}

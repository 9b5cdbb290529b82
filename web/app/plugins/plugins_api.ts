import type { Phrase } from "../../../core/isolate/plain_words.ts";
import type { Proposal } from "../../../core/isolate/install/proposal.ts";
import type { TrustedKey } from "../../../core/isolate/install/trusted_keys.ts";
import type { ThirdPartyStatus } from "../../../core/isolate/third_party.ts";
import type { Client } from "../../lib/api/client.ts";

export type { Phrase, Proposal, TrustedKey };

/** A plugin that was let in, with what it may. */
export type SeenPlugin = ThirdPartyStatus & { may: Phrase[] };

/** One of which the panel can't read any more what it may: it does not run. */
export interface DamagedPlugin {
  id: string;
  /** Why, and what to do. */
  damaged: string;
}

/** The routes for plugins of others. */
export class PluginsApi {
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  plugins(): Promise<(SeenPlugin | DamagedPlugin)[]> {
    return this.#client.get("/third-party");
  }

  packages(): Promise<Proposal[]> {
    return this.#client.get("/plugin-packages");
  }

  keys(): Promise<TrustedKey[]> {
    return this.#client.get("/plugin-keys");
  }

  /** Nothing of it runs yet. */
  bring(file: Blob): Promise<Proposal> {
    return this.#client.upload("/plugin-packages", "application/gzip", file);
  }

  letIn(digest: string): Promise<Proposal> {
    return this.#client.post(`/plugin-packages/${digest}/grant`);
  }

  sendAway(digest: string): Promise<void> {
    return this.#client.delete(`/plugin-packages/${digest}`);
  }

  switch(id: string, enabled: boolean): Promise<void> {
    return this.#client.put(`/third-party/${id}/enabled`, { enabled });
  }

  remove(id: string): Promise<void> {
    return this.#client.delete(`/third-party/${id}`);
  }

  trust(name: string, key: string): Promise<TrustedKey> {
    return this.#client.post("/plugin-keys", { name, key });
  }

  distrust(keyId: string): Promise<void> {
    return this.#client.delete(`/plugin-keys/${keyId}`);
  }
}

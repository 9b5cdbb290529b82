import type { Clock } from "../../core/mod.ts";
import { KINDS, type SitePanel, topicsOf } from "./documents.ts";
import { type Invitation, macOf } from "./invitation.ts";
import type { Outbox } from "./outbox.ts";
import { type KeyPair, signed } from "./seals.ts";

export interface JoiningParts {
  outbox: Outbox;
  clock: Clock;
  invitation: Invitation;
  self: SitePanel;
  signer: KeyPair;
}

const VALID_MS = 10 * 60_000;

/** A panel that asks to be let in, until it is or the code's time is over. */
export class Joining {
  readonly invitation: Invitation;
  readonly #parts: JoiningParts;
  readonly #until: number;

  constructor(parts: JoiningParts) {
    this.#parts = parts;
    this.invitation = parts.invitation;
    this.#until = parts.clock.monotonic() + VALID_MS;
  }

  get isOver(): boolean {
    return this.#parts.clock.monotonic() >= this.#until;
  }

  async ask(): Promise<void> {
    const { invitation, outbox, self, signer } = this.#parts;
    const { site, secret } = invitation;
    const body = { site, panel: self, mac: macOf(secret, self) };
    outbox.put(topicsOf(site).join, await signed(signer, KINDS.join, body), { retain: false });
  }
}

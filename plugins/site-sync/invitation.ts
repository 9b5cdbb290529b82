import { Buffer } from "node:buffer";
import { createHmac, timingSafeEqual } from "node:crypto";
import { type Clock, LatchkeyError } from "../../core/mod.ts";
import type { SitePanel } from "./documents.ts";

const VALID_MS = 10 * 60_000;

/** What a panel needs to know to join: typed in by an owner. */
export interface Invitation {
  site: string;
  publicKey: string;
  /** Good for one panel: 32 hexadecimal digits. */
  secret: string;
}

/** Site, public key and secret as one word of 86 letters. */
export function codeOf({ site, publicKey, secret }: Invitation): string {
  return Buffer.concat([
    Buffer.from(site, "hex"),
    Buffer.from(publicKey, "base64url"),
    Buffer.from(secret, "hex"),
  ]).toString("base64url");
}

/** @throws {LatchkeyError} `code-invalid` (400) */
export function invitationOf(code: string): Invitation {
  const bytes = Buffer.from(code.trim(), "base64url");
  if (bytes.length !== 64 || bytes.toString("base64url") !== code.trim()) {
    throw new LatchkeyError("code-invalid", "This is no code of a site: it has 86 letters and digits", {
      faults: [{ field: "code", message: "the code as the other panel shows it" }],
    });
  }
  return {
    site: bytes.subarray(0, 16).toString("hex"),
    publicKey: bytes.subarray(16, 48).toString("base64url"),
    secret: bytes.subarray(48).toString("hex"),
  };
}

/** Shows that whoever sends this knows the secret. */
export function macOf(secret: string, { id, name, signer, box }: SitePanel): string {
  return createHmac("sha256", Buffer.from(secret, "hex")).update(JSON.stringify([id, name, signer, box]))
    .digest("hex");
}

/** The one invitation that is open: a new one ends it, so does a panel that took it up, and so do ten minutes. */
export class OpenInvitation {
  readonly #clock: Clock;
  #open: { secret: string; until: number } | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  begin(secret: string): { secret: string; remainingMs: number } {
    this.#open = { secret, until: this.#clock.monotonic() + VALID_MS };
    return { secret, remainingMs: VALID_MS };
  }

  /** Whether the panel was invited; only once. */
  takeUp(panel: SitePanel, mac: string): boolean {
    if (!this.#open || this.#clock.monotonic() >= this.#open.until) return false;
    const wanted = Buffer.from(macOf(this.#open.secret, panel), "hex");
    if (!timingSafeEqual(wanted, Buffer.from(mac, "hex"))) return false;
    this.#open = undefined;
    return true;
  }
}

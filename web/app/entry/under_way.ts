/// <reference lib="dom" />
import type { Names, PairingLink } from "../../lib/api/pairing.ts";

/** Whether an owner has come in just now by a link alone, and was asked for no names. */
export type Arrival = "unnamed" | undefined;

/** A pairing that this page has begun and that has not ended; without names it asks for them yet. */
export interface UnderWay {
  link: PairingLink;
  names?: Names;
  arrival?: Arrival;
}

const KEY = "latchkey-pairing";

/**
 * Keeps it for this tab. The link is out of the address by then, and the panel may have taken it already: a page that is
 * loaded again, as a phone does with one that was out of sight, asks for the answer with the same key.
 */
export function noteUnderWay(pairing: UnderWay): void {
  kept()?.setItem(KEY, JSON.stringify(pairing));
}

export function underWay(): UnderWay | undefined {
  const noted = kept()?.getItem(KEY);
  return noted ? JSON.parse(noted) as UnderWay : undefined;
}

export function forgetUnderWay(): void {
  kept()?.removeItem(KEY);
}

/** A browser that may keep nothing refuses to be asked; its pairing fails for that, and says so. */
function kept(): Storage | undefined {
  try {
    return globalThis.sessionStorage;
  } catch {
    return undefined;
  }
}

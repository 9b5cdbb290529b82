import { LatchkeyError } from "../../core/mod.ts";
import type { SimCard } from "../../drivers/sim/keys.ts";
import type { BoardView } from "./keys.ts";

export interface SimBadge extends SimCard {
  id: string;
  name: string;
}

/** What lies beside the simulated panel to be held to its reader. Unknown to the panel until enrolled. */
export const badges: readonly SimBadge[] = [
  { id: "red", name: "Red fob", uid: "04A1B2C3D4E5F6", cardKind: "iso14443a" },
  { id: "blue", name: "Blue fob", uid: "0499887766554433", cardKind: "iso14443a" },
  { id: "white", name: "White card", uid: "5E3F1A07", cardKind: "iso14443a" },
  { id: "black", name: "Black card", uid: "04112233445566", cardKind: "iso14443a" },
  { id: "old", name: "Old grey tag, 125 kHz", uid: "0F00C0FFEE", cardKind: "em4100" },
];

/** @throws {LatchkeyError} `badge-unknown` (404) */
export function cardOf(id: string): SimCard {
  const badge = badges.find((badge) => badge.id === id);
  if (badge) return { uid: badge.uid, cardKind: badge.cardKind };
  throw new LatchkeyError(
    "badge-unknown",
    `There is no badge "${id}"; there is ${badges.map((badge) => badge.id).join(", ")}`,
    { status: 404 },
  );
}

/** A card at a reader as a page may show it. */
export function shownCard(card: SimCard | null): BoardView["readers"][number]["card"] {
  if (!card) return null;
  const badge = badges.find(({ uid }) => uid === card.uid);
  return badge ? { id: badge.id, name: badge.name } : { id: null, name: `Card ·${card.uid.slice(-4)}` };
}

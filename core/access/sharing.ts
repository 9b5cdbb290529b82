import { Buffer } from "node:buffer";
import { isDeepStrictEqual } from "node:util";
import { LatchkeyError } from "../errors.ts";
import type { Json } from "../json.ts";
import type { AccessLog } from "./access_log.ts";
import type { Cards } from "./cards.ts";
import type { Actor, Credential, Terms } from "./model.ts";
import { type CardSharingService, type SharedCard, sharedCardSchema } from "./sharing_keys.ts";

export interface SharingParts {
  cards: Cards;
  log: AccessLog;
  key(): Uint8Array;
  /** Durable when it returns, and in force. */
  adopt(key: Uint8Array): void;
  onChange(id: string, change: "added" | "changed" | "removed"): void;
}

export function createSharing({ cards, log, key, adopt, onChange }: SharingParts): CardSharingService {
  function describe(id: string): SharedCard | undefined {
    const card = cards.get(id);
    const mark = cards.markOf(id);
    if (!card || mark === undefined || card.usesLeft !== null) return undefined;
    const { holderName, lastDigits, cardKind, validity, accessPoints, suspended, createdAt } = card;
    return { mark, holderName, lastDigits, cardKind, validity, accessPoints, suspended, createdAt };
  }

  function add(card: SharedCard, actor: Actor, why: string): void {
    const id = log.write((append) => {
      const id = cards.addMarked(cards.addHolder(card.holderName, card.createdAt), card, termsOf(card));
      append(row("card-added", cards.get(id)!, actor, { why, terms: plain(termsOf(card)) }));
      return id;
    });
    onChange(id, "added");
  }

  function change(before: Credential, card: SharedCard, actor: Actor, why: string): void {
    log.write((append) => {
      cards.setTerms(before.id, termsOf(card));
      if (before.holderName !== card.holderName) cards.renameHolder(before.holderId, card.holderName);
      append(row("card-changed", cards.get(before.id)!, actor, { why, terms: plain(termsOf(card)) }));
    });
    onChange(before.id, "changed");
  }

  return {
    key: () => later(() => Buffer.from(key()).toString("hex")),
    adoptKey: (given) =>
      later(() => {
        if (!/^[0-9a-f]{64}$/.test(given)) {
          throw new LatchkeyError("key-invalid", "A key has 64 hexadecimal digits");
        }
        const wanted = new Uint8Array(Buffer.from(given, "hex"));
        if (Buffer.from(key()).equals(wanted)) return;
        if (cards.list(undefined, 1).length > 0) {
          throw new LatchkeyError(
            "cards-not-empty",
            "There are cards, which would not be known under another key. Remove them first",
            { status: 409 },
          );
        }
        adopt(wanted);
      }),
    describe: (id) => later(() => describe(id)),
    find: (mark) => later(() => cards.byMark(mark)?.id),
    put: (given, over, actor, why) =>
      later(() => {
        const card = sharedCardSchema.parse(given);
        const before = cards.byMark(card.mark);
        const now = before && describe(before.id);
        if (!isDeepStrictEqual(now, over)) return false;
        if (!before) add(card, actor, why);
        else if (!isDeepStrictEqual(now, card)) change(before, card, actor, why);
        return true;
      }),
    remove: (mark, actor, why) =>
      later(() => {
        const card = cards.byMark(mark);
        if (!card) return;
        log.write((append) => {
          cards.remove(card);
          append(row("card-removed", card, actor, { why }));
        });
        onChange(card.id, "removed");
      }),
  };
}

/** Services are asynchronous by contract: what is thrown becomes a rejection. */
// deno-lint-ignore require-await -- see above
async function later<T>(work: () => T): Promise<T> {
  return work();
}

function termsOf({ validity, accessPoints, suspended }: SharedCard): Terms {
  return { validity, accessPoints, usesLeft: null, suspended };
}

function row(
  kind: "card-added" | "card-changed" | "card-removed",
  { id, holderId, holderName, lastDigits, cardKind }: Credential,
  actor: Actor,
  facts: Record<string, Json>,
) {
  return {
    kind,
    outcome: kind.slice("card-".length),
    actor,
    via: "plugin",
    credentialId: id,
    detail: { holderId, holderName, lastDigits, cardKind, ...facts },
  } as const;
}

/** As it would be after a trip through JSON. */
function plain(value: object): { [key: string]: Json } {
  return JSON.parse(JSON.stringify(value)) as { [key: string]: Json };
}

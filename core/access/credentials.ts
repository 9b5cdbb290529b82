import { z } from "zod";
import { uidSchema } from "../board/keys.ts";
import { LatchkeyError } from "../errors.ts";
import { parseOr } from "../faults.ts";
import type { Json } from "../json.ts";
import type { AccessLog } from "./access_log.ts";
import type { Cards } from "./cards.ts";
import type { CardReading, CredentialService } from "./keys.ts";
import {
  type Actor,
  type CardChange,
  cardChangeSchema,
  cardKindSchema,
  type Credential,
  holderNameSchema,
  idSchema,
  type Terms,
  termsSchema,
} from "./model.ts";

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 500;

/** A new card without its number, which must not come back in an error. */
const newCardSchema = z.strictObject({
  holderName: holderNameSchema,
  holderId: idSchema.optional(),
  cardKind: cardKindSchema,
  terms: termsSchema,
});

export interface CredentialParts {
  cards: Cards;
  log: AccessLog;
  /** Wall time, ms. */
  now: () => number;
  assertAccessPoints(ids: readonly string[], field: string): void;
  onChange(id: string, change: "added" | "changed" | "removed"): void;
}

export function createCredentials(parts: CredentialParts): CredentialService {
  const { cards, log, assertAccessPoints } = parts;

  function find(id: string): Credential {
    const card = cards.get(id);
    if (card) return card;
    throw new LatchkeyError("card-unknown", `There is no card "${id.slice(0, 64)}"`, { status: 404 });
  }

  function add(card: CardReading & { holderName: string; holderId?: string; terms: Terms }, actor: Actor) {
    const { uid, ...rest } = card;
    assertNumber(uid);
    const { holderName, holderId, cardKind, terms } = parseOr(newCardSchema, rest, "card-invalid");
    assertAccessPoints(terms.accessPoints, "terms.accessPoints");
    const known = cards.byUid(uid);
    if (known) throw cardKnown(known);
    if (holderId !== undefined && !cards.hasHolder(holderId)) {
      throw new LatchkeyError("holder-unknown", `There is no holder "${holderId}"`, { status: 404 });
    }
    const createdAt = Math.trunc(parts.now());
    const added = log.write((append) => {
      const holder = holderId ?? cards.addHolder(holderName, createdAt);
      const credential = find(cards.add(holder, { uid, cardKind }, terms, createdAt));
      append(cardRow("card-added", credential, actor, { terms: plain(terms) }));
      return credential;
    });
    parts.onChange(added.id, "added");
    return added;
  }

  function change(id: string, input: CardChange, actor: Actor): Credential {
    const before = find(id);
    const { holderName, ...given } = parseOr(cardChangeSchema, input, "card-invalid");
    if (given.accessPoints) assertAccessPoints(given.accessPoints, "accessPoints");
    const terms = parseOr(termsSchema, { ...termsOf(before), ...plain(given) }, "card-invalid");
    const after = log.write((append) => {
      cards.setTerms(id, terms);
      if (holderName !== undefined) cards.renameHolder(before.holderId, holderName);
      const credential = find(id);
      append(cardRow("card-changed", credential, actor, {
        ...(holderName === undefined ? {} : { formerName: before.holderName }),
        terms: plain(given),
      }));
      return credential;
    });
    parts.onChange(id, "changed");
    return after;
  }

  function remove(id: string, actor: Actor): void {
    const card = find(id);
    log.write((append) => {
      cards.remove(card);
      append(cardRow("card-removed", card, actor, {}));
    });
    parts.onChange(id, "removed");
  }

  return {
    identify: ({ uid }) => later(() => cards.byUid(uid)),
    list: ({ after, limit = DEFAULT_LIMIT } = {}) =>
      later(() => cards.list(after, Math.min(Math.max(1, limit), MAX_LIMIT))),
    get: (id) => later(() => find(id)),
    addCard: (card, actor) => later(() => add(card, actor)),
    change: (id, input, actor) => later(() => change(id, input, actor)),
    remove: (id, actor) => later(() => remove(id, actor)),
    holders: () => later(() => cards.holders()),
  };
}

/** Services are asynchronous by contract: what is thrown becomes a rejection. */
// deno-lint-ignore require-await -- see above
async function later<T>(work: () => T): Promise<T> {
  return work();
}

function assertNumber(uid: string): void {
  if (uidSchema.safeParse(uid).success) return;
  throw new LatchkeyError(
    "card-invalid",
    "The card's number must be 4 to 10 bytes in upper case hexadecimal",
    {
      faults: [{ field: "uid", message: "4 to 10 bytes in upper case hexadecimal" }],
    },
  );
}

function cardKnown(card: Credential): LatchkeyError {
  return new LatchkeyError("card-known", `This card is known already: it is ${card.holderName}'s`, {
    status: 409,
    details: { holderName: card.holderName, credentialId: card.id },
  });
}

function cardRow(
  kind: "card-added" | "card-changed" | "card-removed",
  card: Credential,
  actor: Actor,
  facts: Record<string, Json>,
) {
  const { id, holderId, holderName, lastDigits, cardKind } = card;
  return {
    kind,
    outcome: kind.slice("card-".length),
    actor,
    via: actor.kind === "plugin" ? "plugin" : "app",
    credentialId: id,
    detail: { holderId, holderName, lastDigits, cardKind, ...facts },
  };
}

function termsOf({ validity, accessPoints, usesLeft, suspended }: Credential): Terms {
  return { validity, accessPoints, usesLeft, suspended };
}

/** As it would be after a trip through JSON: without what is undefined. */
function plain(value: object): { [key: string]: Json } {
  return JSON.parse(JSON.stringify(value)) as { [key: string]: Json };
}

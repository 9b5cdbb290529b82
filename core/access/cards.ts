import { Buffer } from "node:buffer";
import { hmacSha256 } from "../hmac.ts";
import type { Store } from "../store/store.ts";
import type { CardReading } from "./keys.ts";
import type { Credential, Holder, Terms } from "./model.ts";
import type { SharedCard } from "./sharing_keys.ts";

const ASSURANCE = "number only: can be cloned";
const LAST_DIGITS = 4;
/** Of a keyed hash that no two cards of the world share by chance; half the digest keeps the index small. */
const HASH_BYTES = 16;

/** A row of `credentials` with its holder's name. */
interface CardRow {
  num: number;
  holder: number;
  name: string;
  last_digits: string;
  card_kind: Credential["cardKind"];
  validity: string;
  access_points: string;
  uses_left: number | null;
  suspended: number;
  created_at: number;
  last_used_at: number | null;
}

const SELECT =
  `SELECT c.num, c.holder, h.name, c.last_digits, c.card_kind, c.validity, c.access_points, c.uses_left,
  c.suspended, c.created_at, c.last_used_at FROM credentials c JOIN holders h ON h.num = c.holder`;

/**
 * Cards and holders on disk. Everything that writes runs within a transaction of the access log's.
 * Ids are numbers that never come twice, so that a look-up costs the same among a hundred cards and a million.
 */
export class Cards {
  readonly #store: Store;
  #key: Uint8Array;

  /** @param key hashes the cards' numbers, which are never stored */
  constructor(store: Store, key: Uint8Array) {
    this.#store = store;
    this.#key = key;
  }

  /** For a panel without cards: those that are there would not be found any more. */
  useKey(key: Uint8Array): void {
    this.#key = key;
  }

  get(id: string): Credential | undefined {
    const num = numOf("card", id);
    return num === undefined ? undefined : cardOf(this.#store.prepare(`${SELECT} WHERE c.num = ?`).get(num));
  }

  byUid(uid: string): Credential | undefined {
    return cardOf(this.#store.prepare(`${SELECT} WHERE c.uid_hash = ?`).get(this.#hash(uid)));
  }

  /** By the hash of its number, as `markOf` gives it. */
  byMark(mark: string): Credential | undefined {
    return cardOf(this.#store.prepare(`${SELECT} WHERE c.uid_hash = ?`).get(Buffer.from(mark, "hex")));
  }

  /** The hash of its number, in hexadecimal. */
  markOf(id: string): string | undefined {
    const num = numOf("card", id);
    if (num === undefined) return undefined;
    const row = this.#store.prepare("SELECT hex(uid_hash) AS mark FROM credentials WHERE num = ?").get(num);
    return row && String(row["mark"]).toLowerCase();
  }

  /** Those after the card `after`, in the order of adding. */
  list(after: string | undefined, limit: number): Credential[] {
    const from = after === undefined ? 0 : numOf("card", after) ?? Number.MAX_SAFE_INTEGER;
    const rows = this.#store.prepare(`${SELECT} WHERE c.num > ? ORDER BY c.num LIMIT ?`).all(from, limit);
    return rows.map((row) => cardOf(row)!);
  }

  holders(): Holder[] {
    const rows = this.#store.prepare("SELECT num, name, created_at FROM holders ORDER BY name, num").all();
    return rows.map((row) => ({
      id: `holder-${row["num"]}`,
      name: String(row["name"]),
      createdAt: Number(row["created_at"]),
    }));
  }

  hasHolder(id: string): boolean {
    const num = numOf("holder", id);
    return num !== undefined &&
      this.#store.prepare("SELECT 1 FROM holders WHERE num = ?").get(num) !== undefined;
  }

  /** @returns the new holder's id */
  addHolder(name: string, createdAt: number): string {
    const { lastInsertRowid } = this.#store.prepare("INSERT INTO holders (name, created_at) VALUES (?, ?)")
      .run(name, createdAt);
    return `holder-${lastInsertRowid}`;
  }

  renameHolder(id: string, name: string): void {
    this.#store.prepare("UPDATE holders SET name = ? WHERE num = ?").run(name, required("holder", id));
  }

  /** @returns the new card's id */
  add(holderId: string, { uid, cardKind }: CardReading, terms: Terms, createdAt: number): string {
    const mark = this.#hash(uid).toString("hex");
    return this.addMarked(
      holderId,
      { mark, lastDigits: uid.slice(-LAST_DIGITS), cardKind, createdAt },
      terms,
    );
  }

  /** A card whose number is known to another panel only. @returns the new card's id */
  addMarked(
    holderId: string,
    { mark, lastDigits, cardKind, createdAt }: Pick<
      SharedCard,
      "mark" | "lastDigits" | "cardKind" | "createdAt"
    >,
    terms: Terms,
  ): string {
    const { lastInsertRowid } = this.#store.prepare(
      `INSERT INTO credentials (holder, uid_hash, last_digits, card_kind, validity, access_points, uses_left,
         suspended, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ).run(
      required("holder", holderId),
      Buffer.from(mark, "hex"),
      lastDigits,
      cardKind,
      JSON.stringify(terms.validity),
      JSON.stringify(terms.accessPoints),
      terms.usesLeft,
      terms.suspended ? 1 : 0,
      createdAt,
    );
    return `card-${lastInsertRowid}`;
  }

  setTerms(id: string, terms: Terms): void {
    this.#store.prepare(
      `UPDATE credentials SET validity = ?, access_points = ?, uses_left = ?, suspended = ? WHERE num = ?`,
    ).run(
      JSON.stringify(terms.validity),
      JSON.stringify(terms.accessPoints),
      terms.usesLeft,
      terms.suspended ? 1 : 0,
      required("card", id),
    );
  }

  /** One use less, where uses are counted. */
  use(id: string, at: number): void {
    this.#store.prepare("UPDATE credentials SET uses_left = uses_left - 1, last_used_at = ? WHERE num = ?")
      .run(at, required("card", id));
  }

  /** The card, and its holder where that was the last card. Its number may be added again. */
  remove({ id, holderId }: Credential): void {
    this.#store.prepare("DELETE FROM credentials WHERE num = ?").run(required("card", id));
    this.#store.prepare(
      `DELETE FROM holders WHERE num = ? AND NOT EXISTS (SELECT 1 FROM credentials WHERE holder = holders.num)`,
    ).run(required("holder", holderId));
  }

  /** @returns how many there were */
  removeAll(): number {
    const { changes } = this.#store.prepare("DELETE FROM credentials").run();
    this.#store.prepare("DELETE FROM holders").run();
    return Number(changes);
  }

  #hash(uid: string): Buffer {
    return hmacSha256(this.#key, "uid", uid).subarray(0, HASH_BYTES);
  }
}

function numOf(kind: "card" | "holder", id: string): number | undefined {
  const digits = id.startsWith(`${kind}-`) ? id.slice(kind.length + 1) : "";
  return /^[1-9]\d{0,14}$/.test(digits) ? Number(digits) : undefined;
}

function required(kind: "card" | "holder", id: string): number {
  const num = numOf(kind, id);
  if (num === undefined) throw new TypeError(`Cannot read "${id}" as the id of a ${kind}`);
  return num;
}

function cardOf(row: unknown): Credential | undefined {
  if (row === undefined) return undefined;
  const card = row as CardRow;
  return {
    id: `card-${card.num}`,
    kind: "card",
    holderId: `holder-${card.holder}`,
    holderName: card.name,
    lastDigits: card.last_digits,
    cardKind: card.card_kind,
    assurance: ASSURANCE,
    validity: JSON.parse(card.validity) as Terms["validity"],
    accessPoints: JSON.parse(card.access_points) as string[],
    usesLeft: card.uses_left,
    suspended: card.suspended === 1,
    createdAt: card.created_at,
    lastUsedAt: card.last_used_at,
  };
}

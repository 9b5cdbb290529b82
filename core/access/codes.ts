import { hmacSha256 } from "../hmac.ts";
import type { Store } from "../store/store.ts";
import type { Code, NewCode, Terms } from "./model.ts";

interface CodeRow {
  num: number;
  name: string;
  form: Code["form"];
  terms: string;
  uses_left: number | null;
  created_at: number;
  last_used_at: number | null;
}

/** Codes on disk, by a keyed hash. Everything that writes runs within a transaction of the access log's. */
export class Codes {
  readonly #store: Store;
  readonly #key: Uint8Array;

  /** @param key hashes the codes, which are never stored */
  constructor(store: Store, key: Uint8Array) {
    this.#store = store;
    this.#key = key;
  }

  get(id: string): Code | undefined {
    const num = /^code-([1-9]\d{0,14})$/.exec(id)?.[1];
    return num === undefined
      ? undefined
      : codeOf(this.#store.prepare("SELECT * FROM codes WHERE num = ?").get(Number(num)));
  }

  byText(text: string): Code | undefined {
    return codeOf(this.#store.prepare("SELECT * FROM codes WHERE hash = ?").get(this.#hash(text)));
  }

  list(): Code[] {
    return this.#store.prepare("SELECT * FROM codes ORDER BY num DESC").all().map((row) => codeOf(row)!);
  }

  /** @returns the new code's id */
  add(text: string, { name, form, terms }: NewCode, createdAt: number): string {
    const { lastInsertRowid } = this.#store.prepare(
      "INSERT INTO codes (name, form, hash, terms, uses_left, created_at) VALUES (?, ?, ?, ?, ?, ?)",
    ).run(
      name,
      form,
      this.#hash(text),
      JSON.stringify({ ...terms, usesLeft: null }),
      terms.usesLeft,
      createdAt,
    );
    return `code-${lastInsertRowid}`;
  }

  /** One use less, where uses are counted. */
  use(id: string, at: number): void {
    this.#store.prepare("UPDATE codes SET uses_left = uses_left - 1, last_used_at = ? WHERE num = ?")
      .run(at, Number(id.slice("code-".length)));
  }

  remove(id: string): void {
    this.#store.prepare("DELETE FROM codes WHERE num = ?").run(Number(id.slice("code-".length)));
  }

  /** @returns how many there were */
  removeAll(): number {
    return Number(this.#store.prepare("DELETE FROM codes").run().changes);
  }

  #hash(text: string): Uint8Array {
    return hmacSha256(this.#key, "code", text);
  }
}

function codeOf(found: unknown): Code | undefined {
  if (found === undefined) return undefined;
  const row = found as CodeRow;
  return {
    id: `code-${row.num}`,
    name: row.name,
    form: row.form,
    terms: { ...JSON.parse(row.terms) as Terms, usesLeft: row.uses_left },
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
  };
}

import { createHash } from "node:crypto";
import type { Terms } from "../access/model.ts";
import type { Store } from "../store/store.ts";
import type { Device, Member, NewMember } from "./model.ts";

/** Who presented a token, and the key that must sign for it. */
export interface KnownDevice {
  device: Device;
  member: Omit<Member, "devices">;
  /** Its public key as a JSON Web Key, in JSON; null for a bearer token. */
  publicKey: string | null;
}

export interface NewDevice {
  name: string;
  /** The token in clear; only its hash is kept. */
  token: string;
  publicKey: string | null;
}

interface MemberRow {
  num: number;
  name: string;
  role: Member["role"];
  until: string | null;
  terms: string | null;
  uses_left: number | null;
  scopes: string;
  created_at: number;
}

interface DeviceRow {
  num: number;
  member: number;
  name: string;
  public_key: string | null;
  created_at: number;
}

/**
 * Members and their devices on disk. Everything that writes runs within a transaction of the access log's.
 * Ids are numbers that never come twice.
 */
export class Members {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  get(id: string): Member | undefined {
    const row = this.#row(id);
    return row && { ...memberOf(row), devices: this.#devicesOf(row.num) };
  }

  /** Without its devices. */
  find(id: string): Omit<Member, "devices"> | undefined {
    const row = this.#row(id);
    return row && memberOf(row);
  }

  list(): Member[] {
    const rows = this.#store.prepare("SELECT * FROM members ORDER BY num").all() as unknown as MemberRow[];
    return rows.map((row) => ({ ...memberOf(row), devices: this.#devicesOf(row.num) }));
  }

  /** How many owners there are; none: the panel waits to be claimed. */
  owners(): number {
    return Number(this.#store.prepare("SELECT count(*) AS n FROM members WHERE role = 'owner'").get()?.["n"]);
  }

  /** Whether somebody else is an owner and has a device to be one with. */
  hasOwnerBeside(id: string): boolean {
    return this.#store.prepare(
      "SELECT 1 FROM devices d JOIN members m ON m.num = d.member WHERE m.role = 'owner' AND m.num <> ? LIMIT 1",
    ).get(required("member", id)) !== undefined;
  }

  /** Whose token it is, as things are now. */
  byToken(token: string): KnownDevice | undefined {
    return this.#known(this.#store.prepare("SELECT * FROM devices WHERE token_hash = ?").get(hashOf(token)));
  }

  byDevice(id: string): KnownDevice | undefined {
    const num = numOf("device", id);
    return num === undefined
      ? undefined
      : this.#known(this.#store.prepare("SELECT * FROM devices WHERE num = ?").get(num));
  }

  /** @returns the new member's id */
  add({ name, role, until, terms, scopes }: NewMember, createdAt: number): string {
    const { lastInsertRowid } = this.#store.prepare(
      "INSERT INTO members (name, role, until, terms, uses_left, scopes, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
    ).run(name, role, until, termsText(terms), terms?.usesLeft ?? null, JSON.stringify(scopes), createdAt);
    return `member-${lastInsertRowid}`;
  }

  change(id: string, { name, until, terms, scopes }: NewMember): void {
    this.#store.prepare(
      "UPDATE members SET name = ?, until = ?, terms = ?, uses_left = ?, scopes = ? WHERE num = ?",
    )
      .run(
        name,
        until,
        termsText(terms),
        terms?.usesLeft ?? null,
        JSON.stringify(scopes),
        required("member", id),
      );
  }

  /** One use less, where uses are counted. */
  use(id: string): void {
    this.#store.prepare("UPDATE members SET uses_left = uses_left - 1 WHERE num = ?").run(
      required("member", id),
    );
  }

  /** The member and all its devices. */
  remove(id: string): void {
    this.#store.prepare("DELETE FROM members WHERE num = ?").run(required("member", id));
  }

  removeAll(): void {
    this.#store.prepare("DELETE FROM members").run();
  }

  /** @returns the new device's id */
  addDevice(memberId: string, { name, token, publicKey }: NewDevice, createdAt: number): string {
    const { lastInsertRowid } = this.#store.prepare(
      "INSERT INTO devices (member, name, token_hash, public_key, created_at) VALUES (?, ?, ?, ?, ?)",
    ).run(required("member", memberId), name, hashOf(token), publicKey, createdAt);
    return `device-${lastInsertRowid}`;
  }

  renameDevice(id: string, name: string): void {
    this.#store.prepare("UPDATE devices SET name = ? WHERE num = ?").run(name, required("device", id));
  }

  removeDevice(id: string): void {
    this.#store.prepare("DELETE FROM devices WHERE num = ?").run(required("device", id));
  }

  #known(found: unknown): KnownDevice | undefined {
    if (found === undefined) return undefined;
    const device = found as DeviceRow;
    const member = this.#row(`member-${device.member}`);
    return member && { device: deviceOf(device), member: memberOf(member), publicKey: device.public_key };
  }

  #row(id: string): MemberRow | undefined {
    const num = numOf("member", id);
    return num === undefined
      ? undefined
      : this.#store.prepare("SELECT * FROM members WHERE num = ?").get(num) as MemberRow | undefined;
  }

  #devicesOf(member: number): Device[] {
    const rows = this.#store.prepare("SELECT * FROM devices WHERE member = ? ORDER BY num").all(member);
    return (rows as unknown as DeviceRow[]).map(deviceOf);
  }
}

function memberOf(row: MemberRow): Omit<Member, "devices"> {
  const terms = row.terms === null ? null : JSON.parse(row.terms) as Terms;
  return {
    id: `member-${row.num}`,
    name: row.name,
    role: row.role,
    until: row.until,
    terms: terms && { ...terms, usesLeft: row.uses_left },
    scopes: JSON.parse(row.scopes) as string[],
    createdAt: row.created_at,
  };
}

function deviceOf(row: DeviceRow): Device {
  return {
    id: `device-${row.num}`,
    memberId: `member-${row.member}`,
    name: row.name,
    proof: row.public_key === null ? "bearer" : "dpop",
    createdAt: row.created_at,
  };
}

/** The use count has a column of its own, so that a use is counted by the database. */
function termsText(terms: Terms | null): string | null {
  return terms && JSON.stringify({ ...terms, usesLeft: null });
}

/** Tokens are long random numbers: nothing is gained by slow hashing. */
function hashOf(token: string): Uint8Array {
  return createHash("sha256").update(token).digest();
}

function numOf(kind: "member" | "device", id: string): number | undefined {
  const digits = id.startsWith(`${kind}-`) ? id.slice(kind.length + 1) : "";
  return /^[1-9]\d{0,14}$/.test(digits) ? Number(digits) : undefined;
}

function required(kind: "member" | "device", id: string): number {
  const num = numOf(kind, id);
  if (num === undefined) throw new TypeError(`Cannot read "${id}" as the id of a ${kind}`);
  return num;
}

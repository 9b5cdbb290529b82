import { Buffer } from "node:buffer";
import { createHash, timingSafeEqual } from "node:crypto";
import type { Actor } from "../access/model.ts";
import { LatchkeyError } from "../errors.ts";
import { type Random, randomId } from "../random.ts";
import type { Store } from "../store/store.ts";
import type { TokenCheck } from "./deps.ts";
import type { AccessLevel } from "./route.ts";

/** Nobody in particular: may call what is public. */
const ANYONE: Actor = { kind: "service", id: "anonymous", scopes: [] };

export function hasOwnerToken(store: Store): boolean {
  return store.prepare("SELECT id FROM tokens WHERE role = 'owner'").all().length > 0;
}

/**
 * Makes the owner's token and keeps its hash. Shown once: nobody can read it back.
 * @throws {LatchkeyError} `owner-known` where there is one already
 */
export function createOwnerToken(store: Store, random: Random, now: number): string {
  return store.transaction(() => {
    if (hasOwnerToken(store)) {
      throw new LatchkeyError("owner-known", "The owner has a token already; replace it to make a new one");
    }
    return insertToken(store, random, now);
  });
}

/** Makes a new owner's token; the old one is worth nothing from now on. */
export function replaceOwnerToken(store: Store, random: Random, now: number): string {
  return store.transaction(() => {
    store.prepare("DELETE FROM tokens WHERE role = 'owner'").run();
    return insertToken(store, random, now);
  });
}

function insertToken(store: Store, random: Random, now: number): string {
  const token = Buffer.from(random(32)).toString("base64url");
  store.prepare("INSERT INTO tokens (id, role, hash, created_at) VALUES (?, 'owner', ?, ?)")
    .run(`owner-${randomId(random).slice(0, 8)}`, hashOf(token), now);
  return token;
}

/** Checks tokens against their hashes, each in the same time whatever is presented. */
export function createTokenCheck(store: Store): TokenCheck {
  return {
    actorOf(token) {
      const presented = hashOf(token);
      let found: Actor | undefined;
      const rows = store.prepare("SELECT id, role, hash FROM tokens").all() as unknown as TokenRow[];
      for (const { id, hash } of rows) {
        const known = Buffer.from(hash);
        if (known.length === presented.length && timingSafeEqual(known, presented)) {
          found = { kind: "person", id, name: "Owner", scopes: [] };
        }
      }
      return found;
    },
  };
}

interface TokenRow {
  id: string;
  hash: Uint8Array;
}

/**
 * Who sends this request, as far as the route's level asks.
 * @throws {LatchkeyError} `token-missing`, `token-wrong` (401)
 */
export function authenticate(level: AccessLevel, request: Request, tokens: TokenCheck): Actor {
  if (level === "public") return ANYONE;
  const token = /^Bearer ([\w.~+/-]{1,200}=*)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
  if (token === undefined) {
    throw new LatchkeyError(
      "token-missing",
      "This needs the owner's token in the header Authorization: Bearer …",
      { status: 401 },
    );
  }
  const actor = tokens.actorOf(token);
  if (actor) return actor;
  throw new LatchkeyError("token-wrong", "This token is not, or no longer, good here", { status: 401 });
}

function hashOf(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}

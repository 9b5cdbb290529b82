import { Buffer } from "node:buffer";
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { LatchkeyError } from "../errors.ts";
import { hmacSha256 } from "../hmac.ts";
import type { Random } from "../random.ts";
import { syncPath, writeDurably } from "./durable_file.ts";
import { dataUnwritable } from "./errors.ts";
import { databasePath, keysDir } from "./paths.ts";
import type { Store } from "./store.ts";

const KEY_BYTES = 32;

/** Secrets of one panel. Whoever loses them keeps a database that can't be checked or searched for a card. */
export interface Keys {
  /** Seals the rows of the access log. */
  logKey: Uint8Array;
  /** Hashes card numbers. */
  cardKey: Uint8Array;
}

/**
 * The keys in the data directory, made at the first start. Called before the database is opened.
 * @throws {LatchkeyError} `keys-missing` where there is a database but no key for it; `keys-damaged`; `data-read-only`
 */
export function loadKeys(dataDir: string, random: Random): Keys {
  try {
    return load(dataDir, random);
  } catch (error) {
    if (error instanceof LatchkeyError) throw error;
    throw dataUnwritable(dataDir, error);
  }
}

function load(dataDir: string, random: Random): Keys {
  const database = databasePath(dataDir);
  const fresh = !existsSync(database) || statSync(database).size === 0;
  mkdirSync(keysDir(dataDir), { recursive: true, mode: 0o700 });
  const key = (name: string) => {
    const path = join(keysDir(dataDir), name);
    if (!existsSync(path)) {
      if (!fresh) throw missing(path, database);
      writeDurably(path, `${Buffer.from(random(KEY_BYTES)).toString("hex")}\n`, 0o600);
      syncPath(dataDir);
    }
    chmodSync(path, 0o600);
    return readKey(path);
  };
  return { logKey: key("log.key"), cardKey: key("card.key") };
}

/** @throws {LatchkeyError} `keys-missing`, `keys-damaged` */
export function loadLogKey(dataDir: string): Uint8Array {
  return knownKey(dataDir, "log.key");
}

/** The keys of a panel that has some; makes none. @throws {LatchkeyError} `keys-missing`, `keys-damaged` */
export function readKeys(dataDir: string): Keys {
  return { logKey: knownKey(dataDir, "log.key"), cardKey: knownKey(dataDir, "card.key") };
}

const SHARED_KEY = "cards-shared.key";

/** The key that hashes card numbers: the panel's own, or that of the panels it belongs to. @throws {LatchkeyError} `keys-damaged` */
export function cardKeyOf(dataDir: string, { cardKey }: Keys): Uint8Array {
  const path = join(keysDir(dataDir), SHARED_KEY);
  return existsSync(path) ? readKey(path) : cardKey;
}

/** Durable when it returns. */
export function saveSharedKey(dataDir: string, key: Uint8Array): void {
  writeDurably(join(keysDir(dataDir), SHARED_KEY), `${Buffer.from(key).toString("hex")}\n`, 0o600);
}

function knownKey(dataDir: string, name: string): Uint8Array {
  const path = join(keysDir(dataDir), name);
  if (!existsSync(path)) throw missing(path, databasePath(dataDir));
  return readKey(path);
}

/**
 * Ties a database to its keys at the first start.
 * @throws {LatchkeyError} `keys-wrong` where they are another database's
 */
export function assertKeysOf(store: Store, keys: Keys): void {
  const mark = markOf(keys);
  const known = store.prepare(KEYS_MARK).get()?.["value"];
  if (known === mark) return;
  if (known === undefined) {
    store.transaction(() =>
      store.prepare("INSERT INTO meta (key, value) VALUES ('keys.check', ?)").run(mark)
    );
    return;
  }
  throw new LatchkeyError(
    "keys-wrong",
    `The keys beside database "${store.path}" are not those that it was made with. Restore its own from a backup`,
    { status: 500 },
  );
}

/** What a database knows its keys by; nothing where it has never seen any. */
export const KEYS_MARK = "SELECT value FROM meta WHERE key = 'keys.check'";

export function markOf({ logKey, cardKey }: Keys): string {
  return [logKey, cardKey].map((key) => hmacSha256(key, "check").toString("hex").slice(0, 16)).join(" ");
}

function readKey(path: string): Uint8Array {
  const text = readFileSync(path, "utf8").trim();
  if (/^[0-9a-f]{64}$/.test(text)) return new Uint8Array(Buffer.from(text, "hex"));
  throw new LatchkeyError(
    "keys-damaged",
    `Key file "${path}" is damaged: it holds ${2 * KEY_BYTES} hexadecimal digits. Restore it from a backup`,
    { status: 500 },
  );
}

function missing(path: string, database: string): LatchkeyError {
  return new LatchkeyError(
    "keys-missing",
    `Key file "${path}" is missing, but database "${database}" needs it: without it no card is known and the ` +
      `access log can't be checked. Restore the file from a backup`,
    { status: 500 },
  );
}

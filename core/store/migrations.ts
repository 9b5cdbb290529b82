import { LatchkeyError } from "../errors.ts";
import type { Store } from "./store.ts";

/** One step from a schema version to the next. Never changed once released: a later need is a later step. */
export type Migration = string;

/** All of access.db. A migration's position, counted from 1, is the `user_version` that it leads to. */
export const migrations: readonly Migration[] = [
  `
  CREATE TABLE meta (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE holders (
    num INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    created_at INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE credentials (
    num INTEGER PRIMARY KEY AUTOINCREMENT,
    holder INTEGER NOT NULL REFERENCES holders (num),
    uid_hash BLOB NOT NULL UNIQUE,
    last_digits TEXT NOT NULL,
    card_kind TEXT NOT NULL,
    validity TEXT NOT NULL,
    access_points TEXT NOT NULL,
    uses_left INTEGER CHECK (uses_left >= 0),
    suspended INTEGER NOT NULL CHECK (suspended IN (0, 1)),
    created_at INTEGER NOT NULL,
    last_used_at INTEGER
  ) STRICT;
  CREATE INDEX credentials_holder ON credentials (holder);

  CREATE TABLE calls (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    source TEXT NOT NULL,
    state TEXT NOT NULL,
    outcome TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    answered_at INTEGER,
    ended_at INTEGER,
    answered_by TEXT,
    released TEXT NOT NULL DEFAULT '[]'
  ) STRICT;
  CREATE INDEX calls_started ON calls (started_at);

  CREATE TABLE access_log (
    seq INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    clock_trusted INTEGER NOT NULL,
    kind TEXT NOT NULL,
    access_point TEXT,
    outcome TEXT NOT NULL,
    reason TEXT,
    actor TEXT NOT NULL,
    via TEXT NOT NULL,
    credential_id TEXT,
    request_id TEXT,
    detail TEXT NOT NULL,
    mac BLOB NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX access_log_request ON access_log (request_id, kind)
    WHERE request_id IS NOT NULL AND kind IN ('release', 'release-failed');

  CREATE TABLE plugin_state (
    plugin TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (plugin, key)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE tokens (
    id TEXT PRIMARY KEY,
    role TEXT NOT NULL,
    hash BLOB NOT NULL UNIQUE,
    created_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  // People, monitors and services in place of one owner's token: the panel is claimed anew.
  `
  DROP TABLE tokens;

  CREATE TABLE members (
    num INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    until TEXT,
    terms TEXT,
    uses_left INTEGER CHECK (uses_left >= 0),
    scopes TEXT NOT NULL,
    created_at INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE devices (
    num INTEGER PRIMARY KEY AUTOINCREMENT,
    member INTEGER NOT NULL REFERENCES members (num) ON DELETE CASCADE,
    name TEXT NOT NULL,
    token_hash BLOB NOT NULL UNIQUE,
    public_key TEXT,
    created_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX devices_member ON devices (member);

  CREATE TABLE codes (
    num INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    form TEXT NOT NULL,
    hash BLOB NOT NULL UNIQUE,
    terms TEXT NOT NULL,
    uses_left INTEGER CHECK (uses_left >= 0),
    created_at INTEGER NOT NULL,
    last_used_at INTEGER
  ) STRICT;

  CREATE TABLE code_failures (
    source TEXT PRIMARY KEY,
    failures INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
];

/** @throws {LatchkeyError} `database-newer` */
export function migrationsApply(store: Store, steps: readonly Migration[]): void {
  const version = Number(store.prepare("PRAGMA user_version").get()?.["user_version"]);
  if (version > steps.length) {
    throw new LatchkeyError(
      "database-newer",
      `Database "${store.path}" has schema version ${version} and was written by a newer Latchkey; this one ` +
        `knows versions up to ${steps.length}. Install the newer Latchkey again, or restore a backup made before it`,
      { status: 500 },
    );
  }
  for (let next = version; next < steps.length; next++) {
    store.transaction(() => {
      store.exec(steps[next]!);
      store.exec(`PRAGMA user_version = ${next + 1}`);
    });
  }
}

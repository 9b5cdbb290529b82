import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { join, relative } from "node:path";
import { backup, DatabaseSync } from "node:sqlite";
import { formatHead, sameSeal } from "../access/chain.ts";
import { type HeadReport, readHeadFile } from "../access/head_file.ts";
import { type Verdict, verifyLog, verifyLogInSlices } from "../access/verify.ts";
import { LatchkeyError } from "../errors.ts";
import { type Keys, KEYS_MARK, markOf, readKeys } from "../store/keys_file.ts";
import { databasePath, headPath, keysDir, pluginsDir } from "../store/paths.ts";
import { digestOf } from "./files.ts";
import { type BackupFile, FORMAT, type Manifest } from "./manifest.ts";
import { packPlugins } from "./plugins.ts";

const BUSY_MS = 5_000;
const CONFIG = "panel.yaml";
const MOST_FINDINGS = 100;
const LONGEST_FINDING = 500;

export interface SnapshotParts {
  dataDir: string;
  /** The configuration's text; undefined where there is no file. */
  config: string | undefined;
  /** An empty directory. */
  into: string;
  name: string;
  version: string;
  /** Wall time, ms. */
  now: number;
  /** Whether the rest of the process has to go on meanwhile. */
  gently: boolean;
}

/**
 * Copies a panel, running or not, at one moment into `into`, and checks the copy. It only reads in the data directory.
 * A log that is not whole is copied as it is, and the manifest says so.
 * @throws {LatchkeyError} `database-damaged`, `keys-missing`, `keys-damaged`, `keys-wrong`
 */
export async function takeSnapshot(parts: SnapshotParts): Promise<Manifest> {
  const { dataDir, into } = parts;
  const source = databasePath(dataDir);
  const keys = readKeys(dataDir);
  // Before the database, else rows that come in between look like a cut.
  const head = readHeadFile(headPath(source), keys.logKey);
  const copy = databasePath(into);
  await copyDatabase(source, copy);
  const facts = factsOf(copy, keys, head);
  const check = parts.gently ? verifyLogInSlices : verifyLog;
  const verdict = await check(copy, keys.logKey, head);
  const damage = verdict.findings.find((finding) => finding.damage);
  if (damage) throw databaseDamaged(damage.message);
  copyHead(dataDir, into, facts.newest === undefined ? undefined : formatHead(keys.logKey, facts.newest));
  copyKeys(dataDir, into);
  await packPlugins(copy, pluginsDir(dataDir), pluginsDir(into));
  if (parts.config !== undefined) writeFileSync(join(into, CONFIG), parts.config, { mode: 0o600 });
  return {
    format: FORMAT,
    latchkey: parts.version,
    panel: { id: facts.id, name: parts.name },
    madeAt: new Date(parts.now).toISOString(),
    schema: facts.schema,
    log: { rows: verdict.rows, findings: findingsOf(verdict) },
    files: await listed(into),
  };
}

/** What a manifest keeps of a check. */
export function findingsOf({ findings }: Verdict): string[] {
  return findings.slice(0, MOST_FINDINGS).map(({ message }) => message.slice(0, LONGEST_FINDING));
}

/** In one step: another connection that writes meanwhile neither waits nor makes it begin anew. */
async function copyDatabase(from: string, to: string): Promise<void> {
  const db = new DatabaseSync(from, { readOnly: true, timeout: BUSY_MS });
  try {
    await backup(db, to, { rate: -1 });
  } finally {
    db.close();
  }
  chmodSync(to, 0o600);
}

interface Facts {
  id: string;
  schema: number;
  /** The newest row, where the log goes on from what the head file knows; undefined: a head of it would hide what is missing. */
  newest: { seq: number; mac: Uint8Array } | undefined;
}

/** Makes the copy one file, without a write-ahead log of its own. @throws {LatchkeyError} `keys-wrong` */
function factsOf(path: string, keys: Keys, head: HeadReport): Facts {
  const db = new DatabaseSync(path);
  try {
    // Nothing is lost with this copy: no fsync that others would wait for.
    db.prepare("PRAGMA synchronous = OFF").get();
    db.prepare("PRAGMA journal_mode = DELETE").get();
    const mark = db.prepare(KEYS_MARK).get()?.["value"];
    if (mark !== undefined && mark !== markOf(keys)) throw keysWrong();
    const macOf = db.prepare("SELECT seq, mac FROM access_log WHERE seq = ?");
    const last = db.prepare("SELECT seq, mac FROM access_log ORDER BY seq DESC LIMIT 1").get();
    const known = head.state === "read" && head.head.seq > 0 ? macOf.get(head.head.seq)?.["mac"] : undefined;
    const goesOn = head.state === "read" &&
      (head.head.seq === 0 || known instanceof Uint8Array && sameSeal(known, head.head.mac));
    const id = db.prepare("SELECT value FROM meta WHERE key = 'device.id'").get()?.["value"];
    return {
      id: typeof id === "string" ? id : "",
      schema: Number(db.prepare("PRAGMA user_version").get()?.["user_version"]),
      newest: goesOn && last?.["mac"] instanceof Uint8Array
        ? { seq: Number(last["seq"]), mac: last["mac"] }
        : undefined,
    };
  } finally {
    db.close();
  }
}

function copyHead(dataDir: string, into: string, fresh: string | undefined): void {
  const from = headPath(databasePath(dataDir));
  if (fresh === undefined && !existsSync(from)) return;
  writeFileSync(headPath(databasePath(into)), fresh ?? readFileSync(from), { mode: 0o600 });
}

function copyKeys(dataDir: string, into: string): void {
  mkdirSync(keysDir(into), { mode: 0o700 });
  for (const entry of readdirSync(keysDir(dataDir), { withFileTypes: true })) {
    const isKey = entry.isFile() && /^[a-z0-9][a-z0-9.-]{0,63}$/.test(entry.name) &&
      !entry.name.endsWith(".part");
    if (!isKey) continue;
    const to = join(keysDir(into), entry.name);
    copyFileSync(join(keysDir(dataDir), entry.name), to);
    chmodSync(to, 0o600);
  }
}

async function listed(dir: string): Promise<BackupFile[]> {
  const paths = [databasePath(dir), headPath(databasePath(dir)), join(dir, CONFIG)].filter(existsSync);
  const more = [keysDir(dir), pluginsDir(dir)].filter(existsSync)
    .flatMap((folder) => readdirSync(folder).sort().map((name) => join(folder, name)));
  const files: BackupFile[] = [];
  for (const path of [...paths, ...more]) {
    files.push({ name: relative(dir, path), ...await digestOf(path) });
  }
  return files;
}

function databaseDamaged(why: string): LatchkeyError {
  return new LatchkeyError(
    "database-damaged",
    `${why}. A backup of it could not be restored; restore an earlier one, or copy the directory by hand to save ` +
      "what is left",
    { status: 500 },
  );
}

function keysWrong(): LatchkeyError {
  return new LatchkeyError(
    "keys-wrong",
    "The keys are not those that the database was made with: a backup of both would be of no use",
    { status: 500 },
  );
}

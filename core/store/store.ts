import type { DatabaseSync, StatementSync } from "node:sqlite";
import { backUp } from "./backup.ts";
import { storeError } from "./errors.ts";

/** A database that nothing refers to can be collected while its statements are in use: deno#31732. */
const held = new Set<DatabaseSync>();

export interface BackupOptions {
  /** Whether the copy is read through before it takes its name; true unless told. */
  verify?: boolean;
}

/** The one writer of a database: durable once a call returns. */
export class Store {
  readonly path: string;
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  #busy = false;
  #open = true;
  #waiting = 0;
  /** Told of each commit, once it is on disk. */
  onCommit: (() => void) | undefined;

  constructor(path: string, db: DatabaseSync) {
    this.path = path;
    this.#db = db;
    held.add(db);
  }

  /** The statement for `sql`, compiled once. */
  prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = this.#db.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  /** Runs statements that have no result. */
  exec(sql: string): void {
    this.#db.exec(sql);
  }

  /**
   * All of `work` or nothing of it; on disk when this returns.
   * @throws {LatchkeyError} `database-…` where the file or the disk is at fault; whatever `work` throws
   */
  transaction<T>(work: () => T): T {
    const result = this.#committed(work);
    this.#counted();
    return result;
  }

  /** Commits that are in the write-ahead log and not yet, as far as is known, in the database file. */
  get waiting(): number {
    return this.#waiting;
  }

  /**
   * Moves what waits in the write-ahead log into the database file, and begins the log anew. SQLite's own checkpoints are
   * off: they put up to three fsyncs instead of one into whichever commit comes, and that may be a release.
   */
  checkpoint(): void {
    this.prepare("PRAGMA wal_checkpoint(PASSIVE)").get();
    const version = this.prepare("PRAGMA user_version").get()?.["user_version"];
    // Changes nothing, but is written: the first commit after a checkpoint writes and syncs the log's header too.
    this.transaction(() => this.prepare(`PRAGMA user_version = ${version}`).run());
    this.#waiting = 0;
  }

  /**
   * Copies the database while it is in use. The copy gets its name only when it is whole and on disk.
   * @throws {LatchkeyError} `backup-failed`
   */
  backup(path: string, { verify = true }: BackupOptions = {}): Promise<void> {
    return backUp(this.#db, path, verify);
  }

  /** Idempotent. */
  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#statements.clear();
    held.delete(this.#db);
    this.#db.close();
  }

  /**
   * One statement, which is a transaction by itself; on disk when this returns. Spares the two statements around it.
   * @throws {LatchkeyError} as `transaction` does
   */
  single<T>(statement: () => T): T {
    if (this.#busy) throw new Error("Cannot run a statement by itself: a transaction is open");
    let result: T;
    try {
      result = statement();
    } catch (error) {
      throw storeError(error, this.path) ?? error;
    }
    this.#counted();
    return result;
  }

  #counted(): void {
    this.#waiting++;
    this.onCommit?.();
  }

  #committed<T>(work: () => T): T {
    if (this.#busy) throw new Error("Cannot begin a transaction: another one is open");
    this.#busy = true;
    try {
      this.prepare("BEGIN IMMEDIATE").run();
      const result = work();
      if (isThenable(result)) {
        throw new TypeError(
          "Cannot commit a transaction whose work is a promise: it would end before the work",
        );
      }
      this.prepare("COMMIT").run();
      return result;
    } catch (error) {
      this.#rollBack();
      throw storeError(error, this.path) ?? error;
    } finally {
      this.#busy = false;
    }
  }

  #rollBack(): void {
    try {
      this.prepare("ROLLBACK").run();
    } catch {
      // SQLite has rolled back by itself, as it does when the disk is full.
    }
  }
}

function isThenable(value: unknown): boolean {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}

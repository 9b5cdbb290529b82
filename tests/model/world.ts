import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { fromStored } from "../../core/access/log_row.ts";
import type { ChainedRow } from "../../core/access/chain.ts";
import type { LogRow } from "../../core/access/model.ts";
import { databasePath } from "../../core/store/paths.ts";
import { chainFindings } from "../harness/chain.ts";
import { Panel, type Reply } from "../harness/panel.ts";
import { BoardWatch } from "./board_watch.ts";
import { CallWatch } from "./call_watch.ts";
import { LogJudge } from "./log_judge.ts";
import { TrustOracle } from "./trust.ts";

/** Memory where there is such a directory: what survives here is decided by SQLite, not by a disk. */
const PARENT = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();
const READER_FAULTS = ["reader-stuck", "reader-silent"];

interface SealedRow extends ChainedRow {
  mac: Uint8Array;
}

/** A panel, what was done to it, and what must be true of it. */
export class World implements AsyncDisposable {
  readonly panel: Panel;
  readonly judge: LogJudge;
  readonly trust: TrustOracle;
  readonly watch: BoardWatch;
  readonly calls: CallWatch;
  steps = 0;
  /** How far the wall clock was moved since the start or since it was confirmed, ms. */
  jumped = 0;
  wired = true;
  /** Whether the reader may believe something else than what lies on it. */
  readerIsOff = false;
  /** When each badge left, in this life of the panel: monotonic ms. */
  readonly left = new Map<string, number>();
  readonly #db: DatabaseSync;
  readonly #since: StatementSync;
  readonly #allSeals: StatementSync;
  /** The seal of every row that was ever seen. */
  readonly #seals: string[] = [];
  #from: { now: number; monotonic: number };

  private constructor(panel: Panel) {
    this.panel = panel;
    this.#from = this.#time();
    this.#db = new DatabaseSync(databasePath(panel.data), { readOnly: true, timeout: 5_000 });
    this.#allSeals = this.#db.prepare("SELECT mac FROM access_log ORDER BY seq");
    this.#since = this.#db.prepare("SELECT * FROM access_log WHERE seq > ? ORDER BY seq");
    this.trust = new TrustOracle(this.#from.now, this.offset);
    this.judge = new LogJudge(this.trust);
    this.watch = new BoardWatch(panel.board, this.#db);
    this.calls = new CallWatch(panel, this.#db);
  }

  static async start(seed: number, start: number): Promise<World> {
    return new World(await Panel.start({ seed, start, parent: PARENT }));
  }

  get monotonic(): number {
    return this.panel.clock.monotonic();
  }

  /** Wall time less monotonic time. */
  get offset(): number {
    return this.panel.clock.now() - this.monotonic;
  }

  hasFault(kind: string, line?: string): boolean {
    return this.panel.board.state().faults.some((fault) =>
      fault.kind === kind && (line === undefined || Object.values(fault).includes(line))
    );
  }

  get readerIsFaulty(): boolean {
    return READER_FAULTS.some((kind) => this.hasFault(kind));
  }

  /** Moves the wall clock; whatever came before is read by the time before. */
  jump(ms: number): void {
    this.readLog();
    this.panel.clock.jump(ms);
    this.jumped += ms;
    this.#from = this.#time();
  }

  /** New rows, judged. */
  readLog(): LogRow[] {
    assert.deepEqual(this.watch.wrong, []);
    const { now, monotonic } = this.#from;
    const rows: LogRow[] = [];
    for (const stored of this.#since.all(this.#seals.length) as unknown as SealedRow[]) {
      const row: LogRow = fromStored(stored);
      this.#seals.push(sealText(stored.mac));
      assert.equal(row.seq, this.#seals.length, "rows are numbered without a gap");
      assert.ok(row.at >= now && row.at <= this.panel.clock.now(), `row ${row.seq} is of another time`);
      this.judge.judge(row, monotonic, this.offset);
      rows.push(row);
    }
    this.#from = this.#time();
    return rows;
  }

  /** After each step: all that has come of it was right. */
  async look(): Promise<void> {
    this.watch.look();
    this.readLog();
    this.#settleDue();
    assert.deepEqual(this.judge.nameless, { person: 0, input: 0 }, "what was asked for has no row");
    assert.equal(this.judge.cardWishes.size, 0, "a change of a card was neither made nor refused");
    await this.#checkStatus();
    await this.calls.look();
    const { enrolling } = this.judge;
    assert.ok(!enrolling || this.monotonic - enrolling.since < 60_000, "an enrolment ends after 60 s");
  }

  /** The panel was started again, wherever it was cut off: what it had acknowledged is there. */
  async lookAgain(): Promise<void> {
    this.judge.enrolling = undefined;
    this.left.clear();
    this.jumped = 0;
    this.wired = true;
    this.readerIsOff = this.readerIsFaulty;
    this.trust.booted();
    this.readLog();
    this.watch.pulseMs["lock"] = (this.panel.saved.get("lock") as { pulseMs: number } | undefined)?.pulseMs ??
      700;
    this.judge.due.clear();
    this.judge.cardWishes.clear();
    this.judge.nameless["person"] = this.judge.nameless["input"] = 0;
    this.#verifyLog();
    await this.compareCards();
    await this.calls.lookAgain();
  }

  async compareCards(): Promise<void> {
    const { body } = await this.panel.get("/cards?limit=500");
    const listed = body.map((card: Record<string, unknown>) => {
      const { id, holderName, validity, accessPoints, usesLeft, suspended } = card;
      return { id, holderName, terms: { validity, accessPoints, usesLeft, suspended } };
    });
    const known = [...this.judge.cards.values()].map(({ id, holderName, terms }) => ({
      id,
      holderName,
      terms,
    }));
    assert.deepEqual(listed, known, "the cards are as they were acknowledged");
  }

  /** What the panel answered to a release is what the log says. */
  checkAnswer({ status, body }: Reply, requestId?: string): void {
    if (body.code === "request-id-used") return assert.equal(status, 409);
    const row = this.judge.decided.get(body.requestId);
    assert.ok(row, `the answer to "${body.requestId}" has no row`);
    if (requestId !== undefined) assert.equal(body.requestId, requestId);
    const outcome = this.judge.failed.has(body.requestId) ? "failed" : row.outcome;
    assert.deepEqual([body.seq, body.outcome], [row.seq, outcome]);
  }

  /** Stops the panel, and looks at what it leaves behind. */
  async end(): Promise<void> {
    await this.panel.stop();
    this.readLog();
    this.#verifyLog();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#db.close();
    await this.panel[Symbol.asyncDispose]();
  }

  /** The seals cover all of each row: where they verify and are the same, no row is lost or another. */
  #verifyLog(): void {
    assert.deepEqual(chainFindings(this.panel.data), []);
    assert.deepEqual(this.#allSeals.all().map(({ mac }) => sealText(mac)), this.#seals, "no row is another");
  }

  #settleDue(): void {
    for (const id of this.judge.due) {
      assert.ok(this.watch.moved.has(id), `"${id}" was granted, and the output neither moved nor failed`);
    }
    this.judge.due.clear();
  }

  async #checkStatus(): Promise<void> {
    const { body } = await this.panel.get("/status");
    const { now } = this.#time();
    const verdict = this.trust.verdict(now, this.offset);
    if (verdict !== "either") assert.equal(body.clock.trusted, verdict === "yes", "the clock's trust");
    this.trust.heard(body.clock.trusted, now, this.offset);
    const trouble = body.plugins.filter((plugin: { state: string; errors: number }) =>
      plugin.state !== "running" || plugin.errors > 0
    );
    assert.deepEqual(trouble, []);
  }

  #time(): { now: number; monotonic: number } {
    return { now: this.panel.clock.now(), monotonic: this.monotonic };
  }
}

function sealText(mac: unknown): string {
  return Buffer.from(mac as Uint8Array).toString("base64");
}

import assert from "node:assert/strict";
import { readHeadFile } from "../../core/access/head_file.ts";
import { verifyLog } from "../../core/access/verify.ts";
import { loadLogKey } from "../../core/store/keys_file.ts";
import { databasePath, headPath } from "../../core/store/paths.ts";
import { Panel } from "../harness/panel.ts";
import { mayOpen, type OracleCard } from "./oracle.ts";

export const PULSE_MS: Record<string, number> = { lock: 700, gate: 500 };
const MARGIN_MS = 100;

/** A panel and what must be true of it. */
export class World {
  readonly panel: Panel;
  /** By the card's number. */
  readonly cards = new Map<string, OracleCard>();
  readonly faults = new Set<string>();
  readonly used: { id: string; accessPoint: string }[] = [];
  wired = true;
  /** How far the wall clock is from where it began. */
  offset = 0;
  /** How far off the household believes it to be right. */
  believed = 0;
  steps = 0;
  readonly #start: number;
  #seq = 0;
  #edges = 0;
  readonly #granted = new Set<string>();
  readonly #on = new Map<string, number>();
  #requests = 0;

  private constructor(panel: Panel) {
    this.panel = panel;
    this.#start = panel.clock.now();
  }

  static async begin(seed: number): Promise<World> {
    return new World(await Panel.start({ seed }));
  }

  freshRequest(): string {
    return `wish-${++this.#requests}`;
  }

  /** What a right clock shows. */
  get rightTime(): number {
    return this.#start + this.panel.clock.monotonic() + this.believed;
  }

  jump(ms: number): void {
    this.offset += ms;
    this.panel.clock.jump(ms);
  }

  cardAt(index: number): OracleCard | undefined {
    return [...this.cards.values()][index % Math.max(1, this.cards.size)];
  }

  /** After each step: everything that has happened since the last look was right. */
  async look(): Promise<void> {
    this.steps++;
    for (const row of await this.#newRows()) this.#checkRow(row);
    this.#checkEdges();
    const { body: calls } = await this.panel.get("/calls?limit=3");
    const open = calls.filter((call: { outcome: string }) => call.outcome === "open");
    assert.ok(open.length <= 1, "one call at a time");
    assert.ok(open.length === 0 || calls[0].outcome === "open", "an older call is open");
  }

  /** What was acknowledged is there after a restart or a crash. */
  async compare(): Promise<void> {
    const { body } = await this.panel.get("/cards?limit=500");
    const known = (card: Pick<OracleCard, "id" | "suspended" | "usesLeft" | "accessPoints">) =>
      [card.id, card.suspended, card.usesLeft, card.accessPoints.join()].join(" ");
    assert.deepEqual(body.map(known).toSorted(), [...this.cards.values()].map(known).toSorted());
    const [newest] = (await this.panel.get("/access-log?limit=1")).body;
    assert.ok((newest?.seq ?? 0) >= this.#seq, "rows are missing at the end");
  }

  verifyChain(): void {
    const { data } = this.panel;
    const path = databasePath(data);
    const key = loadLogKey(data);
    assert.deepEqual(verifyLog(path, key, readHeadFile(headPath(path), key)).findings, []);
  }

  // deno-lint-ignore no-explicit-any -- rows are read member by member
  async #newRows(): Promise<any[]> {
    const { body } = await this.panel.get("/access-log?limit=100");
    const rows = body.filter((row: { seq: number }) => row.seq > this.#seq).reverse();
    for (const row of rows) assert.equal(row.seq, ++this.#seq, "the sequence has no gap");
    return rows;
  }

  // deno-lint-ignore no-explicit-any -- as above
  #checkRow(row: any): void {
    if (row.kind !== "release" || row.outcome !== "released") return;
    assert.ok(!this.#granted.has(row.requestId), `request ${row.requestId} was granted twice`);
    this.#granted.add(row.requestId);
    if (row.actor.kind !== "card") return;
    const card = [...this.cards.values()].find(({ id }) => id === row.actor.id);
    assert.ok(
      mayOpen(card, row.accessPoint, this.rightTime),
      `row ${row.seq} grants ${row.accessPoint} to ${JSON.stringify(card)}`,
    );
    if (card && card.usesLeft !== null) card.usesLeft--;
  }

  #checkEdges(): void {
    const { edges, total } = this.panel.board.edges(this.#edges, 10_000);
    this.#edges = total;
    for (const { line, level, at, cause } of edges) {
      if (line !== "lock" && line !== "gate") continue;
      if (level > 0) {
        assert.ok(this.#granted.has(cause), `${line} moved for "${cause}", which was not granted`);
        assert.ok(!this.#on.has(line));
        this.#on.set(line, at);
      } else {
        const on = at - this.#on.get(line)!;
        this.#on.delete(line);
        assert.ok(on <= PULSE_MS[line]! + MARGIN_MS, `${line} was on for ${on} ms`);
      }
    }
  }
}

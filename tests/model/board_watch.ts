import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { BoardModel } from "../../drivers/sim/model.ts";

interface On {
  at: number;
  limit: number;
}

/**
 * Stands at the board: at the very moment an output that opens something comes on, its row must be committed already,
 * as another connection sees it.
 */
export class BoardWatch {
  /** What is wrong; thrown into the product's own calls it would be lost. */
  readonly wrong: string[] = [];
  /** The request ids that have moved an output. */
  readonly moved = new Set<string>();
  /** Length of a pulse by output, as configured, ms. */
  readonly pulseMs: Record<string, number> = { lock: 700, gate: 500 };
  readonly #board: BoardModel;
  readonly #on = new Map<string, On>();
  readonly #row: StatementSync;

  constructor(board: BoardModel, db: DatabaseSync) {
    this.#board = board;
    this.#row = db.prepare(
      "SELECT access_point, outcome FROM access_log WHERE request_id = ? AND kind = 'release'",
    );
    board.listen((event) => {
      if (event.event === "output" && event.output in this.pulseMs) this.#changed(event.output, event.level);
    });
  }

  isOn(output: string): boolean {
    return this.#on.has(output);
  }

  /** An output that is still on after its time is wrong too. */
  look(): void {
    const { now } = this.#board.state();
    for (const [output, on] of this.#on) this.#checkLength(output, on, now);
  }

  #changed(output: string, level: number): void {
    const edge = this.#board.edges(undefined, 1).edges[0]!;
    const on = this.#on.get(output);
    if (level === 0) {
      this.#on.delete(output);
      if (on) this.#checkLength(output, on, edge.at);
      return;
    }
    this.#on.set(output, { at: edge.at, limit: this.pulseMs[output]! });
    const row = this.#row.get(edge.cause);
    if (row?.["outcome"] !== "released" || row["access_point"] !== output) {
      this.wrong.push(`${output} came on for "${edge.cause}", of which the log says ${JSON.stringify(row)}`);
    }
    if (this.moved.has(edge.cause)) this.wrong.push(`"${edge.cause}" moved an output twice`);
    this.moved.add(edge.cause);
  }

  #checkLength(output: string, { at, limit }: On, now: number): void {
    if (now - at > limit) this.wrong.push(`${output} was on for ${now - at} ms; ${limit} ms is configured`);
  }
}

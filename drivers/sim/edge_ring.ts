import type { Edge, EdgePage } from "./keys.ts";

/** The last edges, numbered from 1, in bounded memory. */
export class EdgeRing {
  readonly #kept: number;
  readonly #edges: Edge[] = [];
  #total = 0;

  constructor(kept: number) {
    this.#kept = kept;
  }

  get total(): number {
    return this.#total;
  }

  add(edge: Omit<Edge, "n">): void {
    this.#edges[this.#total % this.#kept] = { n: ++this.#total, ...edge };
  }

  /** Edges after number `since`, or the last ones where it is undefined; oldest first, at most `limit`. */
  page(since: number | undefined, limit: number): Omit<EdgePage, "now"> {
    const oldest = Math.max(0, this.#total - this.#kept);
    const from = Math.max(oldest, since ?? this.#total - limit);
    const to = Math.min(this.#total, from + limit);
    const edges: Edge[] = [];
    for (let i = from; i < to; i++) {
      const edge = this.#edges[i % this.#kept];
      if (edge) edges.push(edge);
    }
    return { edges, total: this.#total };
  }
}

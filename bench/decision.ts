import { createHash } from "node:crypto";
import { decide } from "../core/access/decision.ts";
import type { Actor } from "../core/access/model.ts";
import { Cards } from "../core/access/cards.ts";
import { openStore } from "../core/store/database.ts";
import type { Store } from "../core/store/store.ts";
import { temporaryDir } from "./panel.ts";
import { ratio, type Row, type Table } from "./table.ts";

const SIZES = [100, 10_000, 1_000_000];
const DECISIONS = 20_000;
const KEY = new Uint8Array(32).fill(7);

interface Deck {
  size: number;
  cards: Cards;
  close(): void;
}

/** What becomes of a card's number: find the card by it, decide. Among a hundred cards and among a million. */
export function decision(repeats: number): Table[] {
  using dir = temporaryDir();
  const decks = SIZES.map((size) => deck(`${dir.path}/${size}.db`, size));
  const rows: Row[] = decks.map(({ size }) => ({ name: `${size.toLocaleString("en")} cards`, figures: [] }));
  for (const each of decks) time(each, 1);
  for (let repeat = 0; repeat < repeats; repeat++) {
    decks.forEach((each, index) => rows[index]!.figures.push(time(each, repeat + 2)));
  }
  for (const { close } of decks) close();
  const [least, ...more] = rows as [Row, ...Row[]];
  return [{
    title: "Decision on a card's number",
    unit: "µs a decision",
    rows,
    checks: more.map((row) => ratio(`${row.name} against ${least.name}`, row, least, 1.5)),
  }];
}

function time({ cards, size }: Deck, seed: number): number {
  const start = performance.now();
  for (let count = 0; count < DECISIONS; count++) {
    // Spread over all cards: no page of the index stays warm by being asked for again and again.
    const card = cards.byUid(uidOf((count * 7_919 * seed) % size));
    const actor: Actor = { kind: "card", id: card?.id ?? "", scopes: [] };
    const reason = decide({
      actor,
      accessPoint: "lock",
      released: false,
      terms: card,
      objection: undefined,
      at: start,
      clockTrusted: true,
    });
    if (reason !== "granted") throw new Error(`Decision ${count} was ${reason}`);
  }
  return ((performance.now() - start) / DECISIONS) * 1_000;
}

/** A database with that many cards, written by the product's own statements in one transaction. */
function deck(path: string, size: number): Deck {
  const store: Store = openStore(path);
  const cards = new Cards(store, KEY);
  const terms = {
    validity: { kind: "always" as const },
    accessPoints: ["lock"],
    usesLeft: null,
    suspended: false,
  };
  store.transaction(() => {
    const holder = cards.addHolder("Anna", 0);
    for (let n = 0; n < size; n++) cards.add(holder, { uid: uidOf(n), cardKind: "iso14443a" }, terms, 0);
  });
  return { size, cards, close: () => store.close() };
}

/** The number of the n-th card: as scattered as real ones are. */
function uidOf(n: number): string {
  return createHash("md5").update(String(n)).digest("hex").slice(0, 14).toUpperCase();
}

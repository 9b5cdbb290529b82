import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { Cards } from "../core/access/cards.ts";
import { decide } from "../core/access/decision.ts";
import type { Actor, Terms } from "../core/mod.ts";
import { openStore, type Store } from "../core/store/database.ts";
import { temporaryDir } from "./panel.ts";
import { percentile, ratio, type Row, type Table } from "./table.ts";

const SIZES = [100, 10_000, 1_000_000];
/** At most so many different cards are presented, spread evenly over all: more than fit SQLite's cache. */
const PRESENTED = 10_000;
const DECISIONS = 3_000;
const TERMS: Terms = {
  validity: { kind: "period", from: "2020-01-01T00:00:00Z", until: "2100-01-01T00:00:00Z" },
  accessPoints: ["lock", "gate"],
  usesLeft: null,
  suspended: false,
};

interface Crowd {
  store: Store;
  cards: Cards;
  /** The numbers of those that are presented. */
  uids: string[];
}

/** From a card's number to whether it opens, with ever more cards on disk. What is written afterwards is the release's. */
export function decision(repeats: number): Table[] {
  using dir = temporaryDir();
  const crowds = SIZES.map((size) => crowd(`${dir.path}/${size}`, size));
  const rows: Row[] = SIZES.map((size) => ({ name: `${size.toLocaleString("en")} cards`, figures: [] }));
  for (let run = 0; run <= repeats; run++) {
    const taken: number[][] = crowds.map(() => []);
    for (let time = 0; time < DECISIONS; time++) {
      crowds.forEach((one, index) => taken[index]!.push(decideOnce(one, time)));
    }
    if (run === 0) continue;
    taken.forEach((times, index) => rows[index]!.figures.push(percentile(times, 50) * 1_000));
  }
  for (const { store } of crowds) store.close();
  const [few, ...more] = rows as [Row, ...Row[]];
  return [{
    title: "Decision, p50",
    unit: "µs from the card's number",
    rows,
    checks: more.map((row) => ratio(`${row.name}, growth`, row, few, 1.5)),
  }];
}

function decideOnce({ cards, uids }: Crowd, time: number): number {
  const uid = uids[(time * 7_919) % uids.length]!;
  const start = performance.now();
  const known = cards.byUid(uid);
  const card = known && cards.get(known.id);
  const actor: Actor = { kind: "card", id: card?.id ?? "unknown", scopes: [] };
  const reason = decide({
    actor,
    accessPoint: "lock",
    released: false,
    terms: card,
    member: undefined,
    objection: undefined,
    at: Date.now(),
    watching: false,
    clockTrusted: true,
  });
  const taken = performance.now() - start;
  if (reason !== "granted") throw new Error(`A decision was ${reason}`);
  return taken;
}

/** In one transaction: those that are presented by the panel's own code, the others with a random hash as theirs would be. */
function crowd(dir: string, size: number): Crowd {
  mkdirSync(dir);
  const path = `${dir}/access.db`;
  const filling = openStore(path);
  const key = randomBytes(32);
  const uids = Array.from(
    { length: Math.min(size, PRESENTED) },
    () => randomBytes(7).toString("hex").toUpperCase(),
  );
  filling.prepare("PRAGMA cache_size = -500000").get();
  filling.transaction(() => {
    const cards = new Cards(filling, key);
    const others = size / uids.length - 1;
    for (const uid of uids) {
      addOthers(filling, others);
      cards.add(cards.addHolder("Anna", 0), { uid, cardKind: "iso14443a" }, TERMS, 0);
    }
  });
  filling.close();
  const store = openStore(path);
  return { store, cards: new Cards(store, key), uids };
}

/** Each with a holder of its own. */
function addOthers(store: Store, count: number): void {
  const numbers = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT ?)";
  if (count === 0) return;
  const first = Number(store.prepare("SELECT coalesce(max(num), 0) AS last FROM holders").get()?.["last"]) +
    1;
  store.prepare(
    `INSERT INTO holders (num, name, created_at) ${numbers} SELECT ? + i - 1, 'Holder ' || i, 0 FROM n`,
  ).run(count, first);
  store.prepare(
    `INSERT INTO credentials (holder, uid_hash, last_digits, card_kind, validity, access_points, suspended, created_at)
     ${numbers} SELECT ? + i - 1, randomblob(16), 'B2C3', 'iso14443a', ?, ?, 0, 0 FROM n`,
  ).run(count, first, JSON.stringify(TERMS.validity), JSON.stringify(TERMS.accessPoints));
}

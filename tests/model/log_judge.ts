import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import type { Actor, LogRow, Terms } from "../../core/access/model.ts";
import { mayOpen } from "./oracle.ts";
import type { TrustOracle } from "./trust.ts";

export interface ModelCard {
  id: string;
  uid: string;
  holderName: string;
  terms: Terms;
}

/** A card change that was asked for and that the log does not hold yet. */
export type CardWish =
  | { kind: "card-changed"; id: string; change: Partial<Terms> & { holderName?: string } }
  | { kind: "card-removed"; id: string };

const CARD_REASONS = [
  "unknown-credential",
  "no-right",
  "suspended",
  "not-yet-valid",
  "expired",
  "outside-schedule",
  "used-up",
  "clock-untrusted",
];

/** Longest from a badge's coming, and from its going, to what it does, ms. */
const AFTER_COMING = 3_500;
const AFTER_GOING = 500;

/**
 * Reads each new row of the access log against what was asked for. The cards change here as the rows come, in the
 * order of the log, but by what the test asked for and not by what the row says.
 */
export class LogJudge {
  /** By id. */
  readonly cards = new Map<string, ModelCard>();
  readonly cardWishes = new Set<CardWish>();
  /** The wizard's wish while it waits. */
  enrolling: { holderName: string; terms: Terms; since: number } | undefined;
  /** When each badge came to the reader last, and when it went: monotonic ms. */
  readonly presented = new Map<string, { from: number; to: number }>();
  /** The badge that came last. */
  lastUid = "";
  /** Request ids that were sent, with the access points asked for. */
  readonly asked = new Map<string, Set<string>>();
  /** How often the exit button was pressed, or a release asked for without an id, and not yet answered by a row. */
  readonly nameless: Record<string, number> = { person: 0, input: 0 };
  /** The row of each request. */
  readonly decided = new Map<string, LogRow>();
  /** Granted and neither moved nor failed so far. */
  readonly due = new Set<string>();
  readonly failed = new Set<string>();
  /** What badges were answered. */
  readonly reasons = new Set<string>();
  readonly #trust: TrustOracle;

  constructor(trust: TrustOracle) {
    this.#trust = trust;
  }

  byUid(uid: string): ModelCard | undefined {
    return [...this.cards.values()].find((card) => card.uid === uid);
  }

  /** @param monotonic when the row cannot be older */
  judge(row: LogRow, monotonic: number, offset: number): void {
    this.#trust.logged(row);
    const verdict = this.#trust.verdict(row.at, offset);
    if (verdict !== "either") {
      assert.equal(row.clockTrusted, verdict === "yes", `clock trust in row ${row.seq}`);
    }
    this.#trust.heard(row.clockTrusted, row.at, offset);
    if (row.kind === "release") this.#release(row, monotonic);
    if (row.kind === "release-failed") this.#failedRelease(row);
    if (row.kind.startsWith("card-")) this.#cardRow(row);
    if (row.kind === "enrolment") this.#enrolmentEnded(row);
    assert.ok(!/^log-/.test(row.outcome), `row ${row.seq} misses rows`);
  }

  #release(row: LogRow, monotonic: number): void {
    const card = row.credentialId === null ? undefined : this.cards.get(row.credentialId);
    if (row.actor.kind === "card") this.#byCard(row, card, monotonic);
    else this.#byWish(row, row.actor.kind);
    if (row.requestId === null) return assert.equal(row.outcome, "denied");
    assert.ok(!this.decided.has(row.requestId), `row ${row.seq} decides "${row.requestId}" again`);
    this.decided.set(row.requestId, row);
    if (row.outcome !== "released") return;
    this.due.add(row.requestId);
    if (card && card.terms.usesLeft !== null) {
      card.terms = { ...card.terms, usesLeft: card.terms.usesLeft - 1 };
    }
  }

  #byCard(row: LogRow, card: ModelCard | undefined, monotonic: number): void {
    const may = card !== undefined && mayOpen(card.terms, row.accessPoint ?? "", row.at, row.clockTrusted);
    this.reasons.add(row.reason ?? "");
    const facts = () => JSON.stringify({ row, card });
    if (row.outcome === "denied") {
      assert.ok(!may || !CARD_REASONS.includes(row.reason ?? ""), `a valid card is denied: ${facts()}`);
      return;
    }
    assert.ok(may, `a card opens what it may not: ${facts()}`);
    assert.equal(this.enrolling, undefined, `a card opens while one is added: ${facts()}`);
    const at = this.presented.get(card.uid);
    assert.ok(at, `a card opens that was not at the reader: ${facts()}`);
    assert.ok(
      monotonic <= Math.max(at.from + AFTER_COMING, at.to + AFTER_GOING),
      `a card opens late: ${facts()}`,
    );
  }

  #byWish(row: LogRow, kind: Actor["kind"]): void {
    const points = this.asked.get(row.requestId ?? "");
    if (points) {
      return assert.ok(points.has(row.accessPoint ?? ""), `row ${row.seq} is for another access point`);
    }
    assert.ok((this.nameless[kind] ?? 0) > 0, `nobody asked for row ${row.seq}: ${JSON.stringify(row)}`);
    this.nameless[kind]!--;
  }

  /** It was refused. Of equal ones sent at once either may have been the one that has its row. */
  withdraw(wish: CardWish): void {
    const [equal] = [...this.cardWishes].filter((other) => isDeepStrictEqual(other, wish));
    this.cardWishes.delete(this.cardWishes.has(wish) ? wish : equal ?? wish);
  }

  #failedRelease(row: LogRow): void {
    const id = row.requestId ?? "";
    assert.ok(this.due.delete(id), `row ${row.seq} says that "${id}" failed, which was not granted`);
    this.failed.add(id);
  }

  #cardRow(row: LogRow): void {
    const id = row.credentialId ?? "";
    if (row.kind === "card-added") return this.#added(row, id);
    const wish = [...this.cardWishes].find((wish) =>
      wish.kind === row.kind && wish.id === id && isOf(row, wish)
    );
    const card = this.cards.get(id);
    assert.ok(wish && card, `nobody asked for row ${row.seq}: ${JSON.stringify(row)}`);
    this.cardWishes.delete(wish);
    if (wish.kind === "card-removed") return void this.cards.delete(id);
    const { holderName = card.holderName, ...terms } = wish.change;
    this.cards.set(id, { ...card, holderName, terms: { ...card.terms, ...terms } });
  }

  #added(row: LogRow, id: string): void {
    const uid = this.lastUid;
    assert.ok(this.enrolling, `nobody adds a card, but row ${row.seq} does`);
    assert.equal(this.byUid(uid), undefined, `row ${row.seq} adds a known card again`);
    assert.equal(row.detail["lastDigits"], uid.slice(-4));
    assert.ok(!this.cards.has(id), `row ${row.seq} uses an id again`);
    const { holderName, terms } = this.enrolling;
    this.cards.set(id, { id, uid, holderName, terms });
    this.enrolling = undefined;
  }

  #enrolmentEnded(row: LogRow): void {
    assert.ok(this.enrolling, `no enrolment is under way, but row ${row.seq} ends one`);
    if (row.outcome === "duplicate") assert.ok(this.byUid(this.lastUid), "an unknown card is called known");
    this.enrolling = undefined;
  }
}

/** Whether the row tells of this change and no other. */
function isOf(row: LogRow, wish: CardWish): boolean {
  if (wish.kind === "card-removed") return true;
  const { holderName, ...terms } = wish.change;
  const given = row.detail["formerName"] === undefined ? undefined : row.detail["holderName"];
  return given === holderName && JSON.stringify(row.detail["terms"]) === JSON.stringify(terms);
}

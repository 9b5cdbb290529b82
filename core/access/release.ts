import type { Clock } from "../clock.ts";
import { LatchkeyError } from "../errors.ts";
import { errorText, type Log } from "../log.ts";
import { within } from "../plugin/effects.ts";
import type { Members } from "../members/members.ts";
import type { MemberRights } from "../members/rights.ts";
import { type AccessLog, AlreadyLogged, type Append } from "./access_log.ts";
import type { Cards } from "./cards.ts";
import type { ClockTrust } from "./clock_trust.ts";
import type { Codes } from "./codes.ts";
import { decide, sentence } from "./decision.ts";
import type { AccessPoint, Denial, Integration, LogEntry, Sight } from "./keys.ts";
import type { Actor, LogRow, Reason, ReleaseAnswer, ReleaseRequest, Terms } from "./model.ts";
import { type Objection, objectionTo } from "./objections.ts";
import { shownUntil } from "./sight.ts";

/** Time that an output has to begin its pulse, ms; longer than the link to the hardware waits for an answer. */
const OPEN_MS = 5_000;
const REQUEST_ID = /^[\w.:-]{1,80}$/;

export interface ReleaseParts {
  clock: Clock;
  log: Log;
  accessLog: AccessLog;
  cards: Cards;
  codes: Pick<Codes, "get" | "use">;
  members: Pick<Members, "find" | "use">;
  trust: ClockTrust;
  accessPoints: ReadonlyMap<string, AccessPoint>;
  denials: ReadonlySet<Denial>;
  sights: ReadonlySet<Sight>;
  integrations: ReadonlyMap<string, Integration>;
}

interface Running {
  request: ReleaseRequest;
  answer: Promise<ReleaseAnswer>;
}

/** The one way to an output that opens something: decide, log durably, then move. Each request id moves it once at most. */
export class Releases {
  readonly #parts: ReleaseParts;
  readonly #running = new Map<string, Running>();
  /** Access points whose `open` has been called and has not answered. */
  readonly #opening = new Set<string>();

  constructor(parts: ReleaseParts) {
    this.#parts = parts;
  }

  /** @throws {LatchkeyError} `request-invalid`; `request-id-used` (409) where the id belongs to another request */
  async release(request: ReleaseRequest): Promise<ReleaseAnswer> {
    const { requestId } = request;
    if (!REQUEST_ID.test(requestId)) {
      const message = "1 to 80 letters, digits and . _ : -";
      throw new LatchkeyError("request-invalid", `A release request's id must be ${message}`, {
        faults: [{ field: "requestId", value: String(requestId).slice(0, 80), message }],
      });
    }
    const running = this.#running.get(requestId);
    if (running) {
      assertSame(running.request, request);
      return { ...await running.answer, repeated: true };
    }
    const answer = this.#settle(request);
    this.#running.set(requestId, { request, answer });
    try {
      return await answer;
    } finally {
      this.#running.delete(requestId);
    }
  }

  async #settle(request: ReleaseRequest): Promise<ReleaseAnswer> {
    const { denials, sights, clock, log, accessPoints } = this.#parts;
    const looking = request.actor.kind === "monitor"
      ? shownUntil(request.deviceId, sights, clock, log)
      : undefined;
    const objection = denials.size > 0 ? await objectionTo(request, denials, clock, log) : undefined;
    const until = looking && await looking;
    const point = accessPoints.get(request.accessPoint);
    let answer: ReleaseAnswer;
    try {
      answer = this.#log(request, point, { objection, until });
    } catch (error) {
      if (error instanceof LatchkeyError && error.code === "request-id-used") throw error;
      log.error("A release could not be logged, so nothing moved", { error: errorText(error) });
      return answerTo(request, "log-unavailable", 0, point);
    }
    if (answer.outcome !== "released" || answer.repeated || !point) return answer;
    return await this.#open(request, point, answer);
  }

  /** The decision and its row, in one transaction and one turn with the look at who asks; or the answer that there is. */
  #log(request: ReleaseRequest, point: AccessPoint | undefined, asked: Asked): ReleaseAnswer {
    const { accessLog } = this.#parts;
    const asker = this.#asker(request.actor);
    const decided = (append: Append) => this.#decide(request, point, asker, asked, append);
    try {
      // A use is counted together with its row, or not at all.
      return asker.use ? accessLog.write(decided) : decided((entry) => accessLog.append(entry));
    } catch (error) {
      // Asking first would cost each release what only a repeated one needs.
      const earlier = error instanceof AlreadyLogged ? accessLog.find(request.requestId) : undefined;
      if (!earlier) throw error;
      assertSame(requestOf(earlier.row), request);
      const reason = earlier.failed ? "output-failed" : earlier.row.reason as Reason;
      const answer = answerTo(request, reason, earlier.row.seq, point);
      return { ...worded(answer, earlier.row.detail["objection"]), repeated: true };
    }
  }

  #decide(
    request: ReleaseRequest,
    point: AccessPoint | undefined,
    asker: Asker,
    { objection, until }: Asked,
    append: Append,
  ): ReleaseAnswer {
    const { clock, trust } = this.#parts;
    const { actor, accessPoint } = request;
    const at = Math.trunc(clock.now());
    const reason = decide({
      actor,
      accessPoint,
      released: point && (this.#opening.has(accessPoint) || point.released()),
      terms: asker.terms,
      member: asker.member,
      watching: until !== undefined && clock.monotonic() <= until,
      objection: objection?.reason,
      at,
      clockTrusted: trust.trusted(),
    });
    const said = reason === objection?.reason ? objection : undefined;
    if (reason === "granted") asker.use?.(at);
    const { seq } = append(entryOf(request, reason, asker, said));
    return worded(answerTo(request, reason, seq, point), said?.sentence);
  }

  /** What is known of who asks, as of now. */
  #asker({ kind, id }: Actor): Asker {
    const { cards, codes, members, integrations } = this.#parts;
    if (kind === "card") {
      const card = cards.get(id);
      if (!card) return NOBODY;
      const { holderName, lastDigits } = card;
      return {
        terms: card,
        name: holderName,
        credentialId: id,
        facts: { holderName, lastDigits },
        use: (at) => cards.use(id, at),
      };
    }
    if (kind === "code") {
      const code = codes.get(id);
      if (!code) return NOBODY;
      return {
        terms: code.terms,
        name: code.name,
        credentialId: id,
        facts: {},
        use: (at) => codes.use(id, at),
      };
    }
    const member = kind === "person" || kind === "monitor" || kind === "service"
      ? members.find(id)
      : undefined;
    if (member) {
      const known = { member, name: member.name, facts: { role: member.role } };
      return member.terms ? { ...known, use: () => members.use(id) } : known;
    }
    const integration = kind === "service" ? integrations.get(id) : undefined;
    if (!integration) return NOBODY;
    return {
      member: { role: "service", until: null, terms: null, scopes: [...integration.scopes] },
      name: integration.name,
      facts: { role: "service" },
    };
  }

  async #open(request: ReleaseRequest, point: AccessPoint, answer: ReleaseAnswer): Promise<ReleaseAnswer> {
    const { accessPoint, requestId } = request;
    this.#opening.add(accessPoint);
    try {
      await within(this.#parts.clock, OPEN_MS, point.open(requestId));
      return answer;
    } catch (error) {
      this.#logFailure(request, error);
      return answerTo(request, "output-failed", answer.seq, point);
    } finally {
      this.#opening.delete(accessPoint);
    }
  }

  #logFailure(request: ReleaseRequest, cause: unknown): void {
    const { accessLog, log } = this.#parts;
    log.error("An output failed", { accessPoint: request.accessPoint, error: errorText(cause) });
    try {
      accessLog.append({
        ...entryOf(request, "output-failed", NOBODY, undefined),
        kind: "release-failed",
        detail: { error: errorText(cause).slice(0, 200) },
      });
    } catch (error) {
      log.error("The failure of an output could not be logged", { error: errorText(error) });
    }
  }
}

/** What plugins say of a request. */
interface Asked {
  objection: Objection | undefined;
  /** Until when what the asking monitor shows counts, monotonic ms. */
  until: number | undefined;
}

/** Card, code or member behind a request. */
interface Asker {
  terms?: Terms;
  member?: MemberRights;
  name?: string;
  credentialId?: string;
  facts: LogRow["detail"];
  /** Within the transaction: counts a use. Absent where nothing is kept of uses. */
  use?(at: number): void;
}

const NOBODY: Asker = { facts: {} };

function entryOf(
  { requestId, accessPoint, actor, via }: ReleaseRequest,
  reason: Reason,
  { name, credentialId, facts }: Asker,
  said: Objection | undefined,
): LogEntry {
  return {
    kind: "release",
    outcome: outcomeOf(reason),
    reason,
    accessPoint,
    requestId,
    via,
    actor: name === undefined ? actor : { ...actor, name },
    ...(credentialId === undefined ? {} : { credentialId }),
    detail: {
      ...facts,
      ...(said ? { denial: said.denial, objection: said.sentence } : {}),
    },
  };
}

function answerTo(
  { requestId, accessPoint, actor }: ReleaseRequest,
  reason: Reason,
  seq: number,
  point: AccessPoint | undefined,
): ReleaseAnswer {
  const message = sentence(reason, point?.name ?? accessPoint, actor.kind);
  return { requestId, accessPoint, outcome: outcomeOf(reason), reason, message, seq, repeated: false };
}

/** An objection's own sentence says more than the reason's. */
function worded(answer: ReleaseAnswer, objection: unknown): ReleaseAnswer {
  return typeof objection === "string" && objection !== "" ? { ...answer, message: objection } : answer;
}

function outcomeOf(reason: Reason): ReleaseAnswer["outcome"] {
  if (reason === "granted") return "released";
  if (reason === "already-released") return "already-released";
  return reason === "output-failed" ? "failed" : "denied";
}

function requestOf(row: LogRow): Pick<ReleaseRequest, "requestId" | "accessPoint" | "actor"> {
  return { requestId: row.requestId ?? "", accessPoint: row.accessPoint ?? "", actor: row.actor };
}

/** @throws {LatchkeyError} `request-id-used` */
function assertSame(
  earlier: Pick<ReleaseRequest, "accessPoint" | "actor">,
  { requestId, accessPoint, actor }: ReleaseRequest,
): void {
  const same = earlier.accessPoint === accessPoint && earlier.actor.kind === actor.kind &&
    earlier.actor.id === actor.id;
  if (same) return;
  throw new LatchkeyError(
    "request-id-used",
    `Request id "${requestId}" was used for another release; take a new one for each`,
    { status: 409 },
  );
}

import type { Actor, LogRow } from "../access/model.ts";
import type { Cancel, Clock } from "../clock.ts";
import { LatchkeyError } from "../errors.ts";
import type { Json } from "../json.ts";
import { type Random, randomId } from "../random.ts";
import { type CallLog, unknownCall } from "./call_log.ts";
import type { Call, CallService } from "./keys.ts";

export interface CallsOptions {
  log: CallLog;
  clock: Clock;
  random: Random;
  /** Without an answer a call is missed after this, ms. */
  ringMs: number;
  /** An answered call that nobody ends is over after this, ms: a forgotten page must not keep the bell busy. */
  maxMs: number;
  /** Told of each step once it is on disk. */
  changed(call: Call): void;
  /** Told where the end of a call could not be written. */
  report(error: unknown): void;
}

/** How a call of this run can end. */
type Outcome = "answered" | "missed" | "rejected";

/** One call at a time: `ringing` → `answered` | `missed` | `rejected` → `ended`. */
export class Calls implements CallService {
  readonly #options: CallsOptions;
  #current: Call | undefined;
  #cancelTimer: Cancel = () => {};
  /** Releases during the call: request id → access point. */
  #releases = new Map<string, string>();

  constructor(options: CallsOptions) {
    this.#options = options;
    for (const call of options.log.open()) this.#closeAbandoned(call);
  }

  ring(source: string): Promise<{ call: Call; opened: boolean }> {
    return promised(() => this.#ring(source));
  }

  current(): Promise<Call | undefined> {
    return Promise.resolve(this.#current && copy(this.#current));
  }

  answer(id: string, actor: Actor): Promise<Call> {
    return promised(() => this.#answer(id, actor));
  }

  reject(id: string, _actor: Actor): Promise<Call> {
    return promised(() => this.#finish(this.#ringing(id), "rejected"));
  }

  end(id: string, _actor: Actor): Promise<Call> {
    return promised(() => this.#finish(this.#answered(id), "answered"));
  }

  list(
    { before, limit = 100 }: { before?: string | undefined; limit?: number | undefined } = {},
  ): Promise<Call[]> {
    return promised(() => this.#options.log.list(before, limit));
  }

  #ring(source: string): { call: Call; opened: boolean } {
    if (this.#current) return { call: copy(this.#current), opened: false };
    const { log, clock, random, ringMs } = this.#options;
    const call: Call = {
      id: `call-${randomId(random)}`,
      source,
      state: "ringing",
      outcome: "open",
      startedAt: clock.now(),
      answeredAt: null,
      endedAt: null,
      answeredBy: null,
      released: [],
    };
    log.add(call);
    this.#current = call;
    this.#releases.clear();
    this.#timer(ringMs, "missed");
    this.#tell(call);
    return { call: copy(call), opened: true };
  }

  #answer(id: string, actor: Actor): Call {
    const call = this.#ringing(id);
    const answered: Call = {
      ...call,
      state: "answered",
      outcome: "answered",
      answeredAt: this.#since(call.startedAt),
      answeredBy: actor,
    };
    this.#save(answered);
    this.#timer(this.#options.maxMs, "answered");
    this.#tell(answered);
    return copy(answered);
  }

  /** Notes what an access-log row says was released, or was not after all, during the call. */
  noteRelease(row: LogRow): void {
    const call = this.#current;
    if (!call || row.accessPoint === null) return;
    const key = row.requestId ?? `row ${row.seq}`;
    if (row.kind === "release" && row.outcome === "released") this.#releases.set(key, row.accessPoint);
    else if (row.kind === "release-failed") this.#releases.delete(key);
    const released = [...new Set(this.#releases.values())];
    if (released.join() === call.released.join()) return;
    this.#save({ ...call, released });
    this.#tell(this.#current!);
  }

  /** Forgets timers; the call stays open on disk and the next run closes it. */
  stop(): void {
    this.#cancelTimer();
  }

  /** On disk the call is over at once; those who listen hear first how, then that it ended. */
  #finish(call: Call, outcome: Outcome): Call {
    const ended: Call = { ...call, state: "ended", outcome, endedAt: this.#since(call.startedAt) };
    this.#save(ended);
    this.#cancelTimer();
    this.#current = undefined;
    if (outcome !== "answered") this.#tell({ ...ended, state: outcome });
    this.#tell(ended);
    return copy(ended);
  }

  /** It can't have lasted longer than it may, whenever this run began. */
  #closeAbandoned(call: Call): void {
    const { log, clock, ringMs, maxMs } = this.#options;
    const began = call.answeredAt ?? call.startedAt;
    const latest = began + (call.answeredAt === null ? ringMs : maxMs);
    log.update({
      ...call,
      state: "ended",
      outcome: call.state === "ringing" ? "missed" : "interrupted",
      endedAt: Math.max(began, Math.min(clock.now(), latest)),
    });
  }

  #open(id: string): Call {
    const call = this.#current;
    if (call?.id === id) return call;
    if (!this.#options.log.get(id)) throw unknownCall(id);
    throw new LatchkeyError("call-over", `Call "${id}" is over`, { status: 409 });
  }

  #ringing(id: string): Call {
    const call = this.#open(id);
    if (call.state === "ringing") return call;
    const by = call.answeredBy?.name ?? call.answeredBy?.id ?? "someone";
    throw new LatchkeyError("call-taken", `${by} has answered already`, {
      status: 409,
      details: { answeredBy: JSON.parse(JSON.stringify(call.answeredBy)) as Json },
    });
  }

  #answered(id: string): Call {
    const call = this.#open(id);
    if (call.state === "answered") return call;
    throw new LatchkeyError("call-ringing", `Call "${id}" still rings: answer it or reject it`, {
      status: 409,
    });
  }

  #save(call: Call): void {
    this.#options.log.update(call);
    this.#current = call;
  }

  #timer(ms: number, outcome: Outcome): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#options.clock.after(ms, () => this.#expire(outcome));
  }

  /** A disk that refuses must not leave the bell busy for ever: the next run mends the row. */
  #expire(outcome: Outcome): void {
    const call = this.#current;
    if (!call) return;
    try {
      this.#finish(call, outcome);
    } catch (error) {
      this.#options.report(error);
      this.#current = undefined;
      this.#tell({ ...call, state: "ended", outcome, endedAt: this.#since(call.startedAt) });
    }
  }

  #tell(call: Call): void {
    this.#options.changed(copy(call));
  }

  /** Now, but not before `at`: the wall clock may have gone back. */
  #since(at: number): number {
    return Math.max(at, this.#options.clock.now());
  }
}

/** What `work` returns or throws, as a promise. */
function promised<T>(work: () => T): Promise<T> {
  return new Promise((resolve) => resolve(work()));
}

function copy(call: Call): Call {
  return structuredClone(call);
}

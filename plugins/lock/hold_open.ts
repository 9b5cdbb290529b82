import {
  type AccessService,
  type Actor,
  type Context,
  errorText,
  inWeek,
  type Releasable,
  type TimeService,
  type WeekSchedule,
} from "../../core/mod.ts";

/** For how long the output stays on without being renewed, ms: what is left of a hold when this program dies. */
const LEASE_MS = 10_000;
/** Two renewals in a row may get lost. */
const RENEW_MS = 3_000;
/** After the output or the log refused, it is left alone for this long, ms; after each failure in a row twice as long. */
const PAUSE_MS = 60_000;
const LONGEST_PAUSE_MS = 60 * 60_000;
const MINUTE_MS = 60_000;

/** Why a hold ended: its time was over, the clock can't be believed, the output refused, the panel stopped or died. */
export type HoldEnd = "schedule" | "clock-untrusted" | "output-failed" | "stopped" | "interrupted";

export interface HoldOpenParts {
  ctx: Pick<Context, "after" | "clock" | "id" | "log" | "signal">;
  access: Pick<AccessService, "record">;
  time: Pick<TimeService, "trusted">;
  releasable: Releasable;
  accessPoint: string;
  schedule: WeekSchedule;
}

/**
 * Keeps an access point open at the times of a schedule ("office mode"). The row is durable before the output moves;
 * the output is only lent for seconds, never past the end of the schedule.
 */
export class HoldOpen {
  readonly #parts: HoldOpenParts;
  /** Whether the log's newest word is that a hold began. */
  #began = false;
  /** Monotonic time until which the output may be on by a hold. */
  #until = -Infinity;
  #pausedUntil = -Infinity;
  #failures = 0;
  #turn: Promise<void> = Promise.resolve();
  #cancelTimer = () => {};

  constructor(parts: HoldOpenParts) {
    this.#parts = parts;
  }

  /** Looks at the clock now and does what it says; resolved when done. Looks again by itself. */
  look(): Promise<void> {
    this.#turn = this.#turn.then(() => this.#look());
    return this.#turn;
  }

  /** Forgets that the output or the log refused, and looks. */
  retry(): Promise<void> {
    this.#pausedUntil = -Infinity;
    this.#failures = 0;
    return this.look();
  }

  /** Once the plugin's signal is aborted: nothing is renewed any more. */
  async stop(): Promise<void> {
    this.#cancelTimer();
    await this.#turn;
    await this.#end("stopped").catch((error: unknown) => this.#report(error));
  }

  async #look(): Promise<void> {
    const { ctx } = this.#parts;
    if (ctx.signal.aborted) return;
    this.#cancelTimer();
    try {
      const end = await this.#reasonToEnd();
      if (end) await this.#end(end);
      else if (ctx.clock.monotonic() >= this.#pausedUntil) await this.#hold();
    } catch (error) {
      this.#report(error);
      this.#pause();
    }
    if (!ctx.signal.aborted) this.#cancelTimer = ctx.after(this.#nextLook(), () => this.look());
  }

  async #reasonToEnd(): Promise<HoldEnd | undefined> {
    if (!this.#isDue(this.#now)) return "schedule";
    return await this.#parts.time.trusted() ? undefined : "clock-untrusted";
  }

  async #hold(): Promise<void> {
    const { ctx, releasable, accessPoint } = this.#parts;
    if (!this.#began) {
      await this.#record("began", {});
      this.#began = true;
      // The log may have taken its time.
      if (ctx.signal.aborted || !this.#isDue(this.#now)) return;
    }
    const leaseMs = this.#isDue(this.#nextMinute)
      ? LEASE_MS
      : Math.min(LEASE_MS, this.#nextMinute - this.#now);
    const from = ctx.clock.monotonic();
    try {
      await releasable.hold(leaseMs, "hold-open");
      this.#until = from + leaseMs;
      this.#failures = 0;
    } catch (error) {
      ctx.log.warn("The output could not be held open", { accessPoint, error: errorText(error) });
      if (ctx.clock.monotonic() < this.#until) return;
      await this.#end("output-failed");
      this.#pause();
    }
  }

  async #end(why: HoldEnd): Promise<void> {
    const { ctx, releasable, accessPoint } = this.#parts;
    if (ctx.clock.monotonic() < this.#until) {
      this.#until = -Infinity;
      await releasable.drop("hold-open ended").catch((error: unknown) =>
        ctx.log.warn("The output could not be told to close; it closes by itself", {
          accessPoint,
          error: errorText(error),
        })
      );
    }
    if (!this.#began) return;
    await this.#record("ended", { why });
    this.#began = false;
  }

  #record(outcome: "began" | "ended", detail: { why?: HoldEnd }): Promise<unknown> {
    const { access, accessPoint, ctx } = this.#parts;
    return access.record({
      kind: "hold-open",
      outcome,
      accessPoint,
      actor: scheduleOf(ctx.id),
      via: "schedule",
      detail,
    });
  }

  #pause(): void {
    const ms = Math.min(PAUSE_MS * 2 ** this.#failures++, LONGEST_PAUSE_MS);
    this.#pausedUntil = this.#parts.ctx.clock.monotonic() + ms;
  }

  #report(error: unknown): void {
    this.#parts.ctx.log.error("Hold-open could not be logged", { error: errorText(error) });
  }

  get #now(): number {
    return this.#parts.ctx.clock.now();
  }

  /** Schedules begin and end at full minutes. */
  get #nextMinute(): number {
    return (Math.floor(this.#now / MINUTE_MS) + 1) * MINUTE_MS;
  }

  #isDue(at: number): boolean {
    return inWeek(this.#parts.schedule, at);
  }

  #nextLook(): number {
    const boundary = this.#nextMinute - this.#now;
    const renews = this.#began && this.#parts.ctx.clock.monotonic() >= this.#pausedUntil;
    return renews ? Math.min(RENEW_MS, boundary) : boundary;
  }
}

/** Writes the end of a hold that a killed program left open in the log. */
export async function closeInterrupted(
  access: Pick<AccessService, "log" | "record">,
  accessPoint: string,
  plugin: string,
): Promise<void> {
  const holds = await access.log({ kind: "hold-open", limit: 500 });
  if (holds.find((row) => row.accessPoint === accessPoint)?.outcome !== "began") return;
  await access.record({
    kind: "hold-open",
    outcome: "ended",
    accessPoint,
    actor: scheduleOf(plugin),
    via: "schedule",
    detail: { why: "interrupted" } satisfies { why: HoldEnd },
  });
}

function scheduleOf(plugin: string): Actor {
  return { kind: "schedule", id: plugin, scopes: [] };
}

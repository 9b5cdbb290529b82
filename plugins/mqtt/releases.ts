import { z } from "zod";
import type { AccessService, Actor, Clock, Json, LogEntry, Reason, TimeService } from "../../core/mod.ts";
import { Refusal } from "./refusal.ts";

/** What a release may say; Home Assistant's own words of a lock and a button are among it. */
const orderSchema = z.strictObject({
  /** When it was sent: Unix time, s. */
  at: z.number(),
  /** Names this one wish: sent again it opens nothing more. */
  id: z.string().regex(/^[\w.:-]{1,40}$/).optional(),
  command: z.enum(["UNLOCK", "OPEN", "PRESS", "LOCK"]).optional(),
});

export interface ReleaseDeskParts {
  access: Pick<AccessService, "release">;
  time: Pick<TimeService, "trusted">;
  clock: Clock;
  actor: Actor;
  maxAgeMs: number;
  /** Adds a denial to the access log, where it does not fill it. */
  record(entry: LogEntry): Promise<void>;
}

/**
 * Passes on releases that were meant for now. Whether they may be is decided where everyone's are. A broker, or whoever
 * sent it, may have kept a message for hours, so that one that does not say when it was sent is not believed.
 */
export class ReleaseDesk {
  readonly #parts: ReleaseDeskParts;

  constructor(parts: ReleaseDeskParts) {
    this.#parts = parts;
  }

  /** @throws {Refusal} */
  async release(accessPoint: string, body: Json, retained: boolean): Promise<{ [key: string]: Json }> {
    const order = await this.#order(accessPoint, body, retained);
    const { access, actor } = this.#parts;
    const requestId = `${actor.id}:${accessPoint.slice(0, 20)}:${order.id ?? order.at}`;
    const { outcome, reason, message, repeated } = await access.release({
      requestId,
      accessPoint,
      actor,
      via: "integration",
    });
    return {
      ok: outcome === "released" || outcome === "already-released",
      outcome,
      reason,
      message,
      repeated,
    };
  }

  async #order(accessPoint: string, body: Json, retained: boolean): Promise<z.output<typeof orderSchema>> {
    if (retained) {
      throw await this.#refusal(accessPoint, "retained", "Nothing is opened by a retained message");
    }
    const { data } = orderSchema.safeParse(body);
    if (!data) {
      const message = "A release says when it was sent, in seconds since 1970, as does " +
        '{"at": 1767225600}; it may have an id of 1 to 40 letters, digits and . _ : -';
      throw await this.#refusal(accessPoint, "unclear", message);
    }
    if (data.command === "LOCK") throw new Refusal("not-possible", "It locks by itself");
    if (!await this.#parts.time.trusted()) {
      const message = "How old the command is can't be told: the panel's clock can't be trusted";
      throw await this.#refusal(accessPoint, "clock-untrusted", message, "clock-untrusted");
    }
    const { clock, maxAgeMs } = this.#parts;
    const ageMs = clock.now() - data.at * 1_000;
    if (Math.abs(ageMs) <= maxAgeMs) return data;
    const seconds = Math.round(Math.abs(ageMs) / 1_000);
    const message =
      `The command is from ${seconds} s ${ageMs > 0 ? "ago" : "ahead"} by the panel's clock; at most ` +
      `${maxAgeMs / 1_000} s are allowed. Either it was kept on the way, or one of the clocks is wrong`;
    throw await this.#refusal(accessPoint, "stale", message);
  }

  async #refusal(accessPoint: string, code: string, message: string, reason: Reason = "not-allowed") {
    const { actor, record } = this.#parts;
    await record({
      kind: "release",
      outcome: "denied",
      reason,
      accessPoint: accessPoint.slice(0, 64),
      actor,
      via: "integration",
      detail: { refused: code },
    });
    return new Refusal(code, message);
  }
}

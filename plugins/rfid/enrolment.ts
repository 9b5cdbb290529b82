import {
  type AccessService,
  type Actor,
  type CardReading,
  type Context,
  type CredentialService,
  errorText,
  LatchkeyError,
  type NewCard,
} from "../../core/mod.ts";
import { type Enrolment, enrolmentChanged } from "./keys.ts";
import type { Signals } from "./signals.ts";

/** What the wizard has asked for, all but the badge. */
export type Wish = Omit<NewCard, keyof CardReading>;

export interface EnrolmentParts {
  ctx: Pick<Context, "after" | "clock" | "emit" | "freshId" | "log" | "signal">;
  access: Pick<AccessService, "record" | "accessPoints">;
  credentials: Pick<CredentialService, "identify" | "addCard">;
  signals: Signals;
  timeoutMs: number;
  /** Told in the same breath in which badges stop opening. */
  begun(): void;
}

interface Running {
  wish: Wish;
  actor: Actor;
  due: number;
  cancelTimer: () => void;
  view: Omit<Enrolment, "remainingMs">;
}

/** The adding of badges, one at a time. It lives in memory: a restart ends it and leaves nothing behind. */
export class Enrolments {
  readonly #parts: EnrolmentParts;
  #current: Running | undefined;

  constructor(parts: EnrolmentParts) {
    this.#parts = parts;
  }

  /** Whether one is under way: no badge opens anything then. */
  get open(): boolean {
    return this.waiting || this.#current?.view.state === "saving";
  }

  get waiting(): boolean {
    return this.#current?.view.state === "waiting";
  }

  /** The one under way, or the last one. */
  get current(): Enrolment | undefined {
    return this.#current && this.#view(this.#current);
  }

  /** @throws {LatchkeyError} `enrolment-running` (409), `unknown-access-point` (400) */
  async start(wish: Wish, actor: Actor): Promise<Enrolment> {
    const { ctx, timeoutMs } = this.#parts;
    this.#refuseSecond();
    await this.#checkAccessPoints(wish);
    this.#refuseSecond();
    const startedAt = ctx.clock.now();
    const running: Running = {
      wish,
      actor,
      due: ctx.clock.monotonic() + timeoutMs,
      cancelTimer: ctx.after(timeoutMs, () => this.#timeOut(running)),
      view: {
        id: ctx.freshId(),
        state: "waiting",
        holderName: wish.holderName,
        terms: wish.terms,
        startedAt,
        expiresAt: startedAt + timeoutMs,
        credentialId: null,
        knownAs: null,
        message: "Put the badge on the reader",
      },
    };
    this.#current = running;
    this.#parts.begun();
    return this.#change(running, {});
  }

  /** @throws {LatchkeyError} `enrolment-none` (404), `enrolment-over` (409) */
  async cancel(actor: Actor): Promise<Enrolment> {
    const running = this.#current;
    if (!running) {
      throw new LatchkeyError("enrolment-none", "No badge has been enrolled since the start", {
        status: 404,
      });
    }
    if (!this.waiting) {
      throw new LatchkeyError("enrolment-over", `Too late to cancel: ${running.view.message}`, {
        status: 409,
      });
    }
    running.cancelTimer();
    const view = this.#change(running, { state: "cancelled", message: "The enrolment was cancelled" });
    await this.#record(running, actor);
    return view;
  }

  /** Where a member loses access, or one of the devices: it may have been that one on which it was begun. */
  async revoked(memberId: string): Promise<void> {
    if (this.waiting && this.#current?.actor.id === memberId) {
      await this.cancel({ kind: "system", id: "revocation", scopes: [] });
    }
  }

  /** Takes a badge that was put to the reader while waiting. */
  async offer(reading: CardReading): Promise<void> {
    const running = this.#current;
    if (!running || !this.waiting) return;
    running.cancelTimer();
    this.#change(running, { state: "saving", message: "The badge is being saved" });
    const end = await this.#save(running, reading);
    if (this.#parts.ctx.signal.aborted) return;
    this.#change(running, end);
    if (end.state === "done") {
      this.#parts.signals.confirm();
      this.#parts.signals.flash();
      return;
    }
    this.#parts.signals.fail();
    await this.#record(running, running.actor);
  }

  async #save(running: Running, reading: CardReading): Promise<Partial<Enrolment>> {
    const { credentials, ctx } = this.#parts;
    try {
      const known = await credentials.identify(reading);
      if (known) return duplicate(known.holderName, known.id);
      const { uid, cardKind } = reading;
      const { id } = await credentials.addCard({ ...running.wish, uid, cardKind }, running.actor);
      return { state: "done", credentialId: id, message: "The badge is enrolled" };
    } catch (error) {
      ctx.log.warn("A badge was not enrolled", { error: errorText(error) });
      return { state: "failed", message: errorText(error) };
    }
  }

  #timeOut(running: Running): Promise<void> {
    const seconds = Math.round(this.#parts.timeoutMs / 1000);
    this.#change(running, { state: "timed-out", message: `No badge came within ${seconds} s` });
    this.#parts.signals.fail();
    return this.#record(running, running.actor);
  }

  #change(running: Running, change: Partial<Enrolment>): Enrolment {
    Object.assign(running.view, change);
    const view = this.#view(running);
    this.#parts.ctx.emit(enrolmentChanged, view);
    return view;
  }

  #view({ view, due }: Running): Enrolment {
    const remainingMs = view.state === "waiting" ? Math.max(0, due - this.#parts.ctx.clock.monotonic()) : 0;
    return { ...view, remainingMs };
  }

  async #record({ view }: Running, actor: Actor): Promise<void> {
    const { access, ctx } = this.#parts;
    try {
      await access.record({
        kind: "enrolment",
        outcome: view.state,
        actor,
        via: "app",
        ...(view.knownAs ? { credentialId: view.knownAs.credentialId } : {}),
        detail: { holderName: view.holderName },
      });
    } catch (error) {
      ctx.log.error("An enrolment's end is not in the access log", { error: errorText(error) });
    }
  }

  #refuseSecond(): void {
    if (!this.open) return;
    throw new LatchkeyError(
      "enrolment-running",
      `A badge is being enrolled for ${this.#current?.view.holderName} already; one at a time`,
      { status: 409 },
    );
  }

  async #checkAccessPoints({ terms }: Wish): Promise<void> {
    const known = (await this.#parts.access.accessPoints()).map((point) => point.id);
    const index = terms.accessPoints.findIndex((id) => !known.includes(id));
    const id = terms.accessPoints[index];
    if (id === undefined) return;
    throw new LatchkeyError(
      "unknown-access-point",
      `There is no access point "${id}"; there is ${known.join(", ")}`,
      {
        faults: [{
          field: `terms.accessPoints.${index}`,
          value: id,
          message: `One of ${known.join(", ")}`,
        }],
      },
    );
  }
}

function duplicate(holderName: string, credentialId: string): Partial<Enrolment> {
  return {
    state: "duplicate",
    knownAs: { credentialId, holderName },
    message: `This badge is known already: it belongs to ${holderName}`,
  };
}

import {
  type AccessService,
  type Context,
  type Credential,
  type CredentialService,
  errorText,
  type LogEntry,
} from "../../core/mod.ts";
import type { Gesture, Presentation } from "./presentation.ts";
import type { Signals } from "./signals.ts";

export interface JudgeParts {
  ctx: Pick<Context, "freshId" | "log" | "signal">;
  access: Pick<AccessService, "release" | "accessPoints">;
  credentials: Pick<CredentialService, "identify">;
  signals: Signals;
  /** Notes a refusal that no decision was asked for. */
  note(entry: LogEntry): Promise<void>;
  /** What each gesture asks for. */
  asks: Record<Gesture, string>;
}

/** What becomes of one presentation: which badge it is, what it asks for, the answer as beeps. */
export function createJudge(parts: JudgeParts): (presentation: Presentation) => Promise<void> {
  const { ctx, access, credentials, signals } = parts;

  /** The one access point that the badge may open, or undefined where the gesture has to say which. */
  async function only(credential: Credential): Promise<string | undefined> {
    const present = await access.accessPoints();
    const open = credential.accessPoints.filter((id) => present.some((point) => point.id === id));
    return open.length > 1 ? undefined : open[0] ?? credential.accessPoints[0];
  }

  async function refuse(
    presentation: Presentation,
    reason: "unknown-credential" | "enrolling",
    who?: Credential,
  ) {
    signals.fail();
    const row: LogEntry = {
      kind: "release",
      outcome: "denied",
      reason,
      actor: { kind: "card", id: who?.id ?? "unknown", ...(who ? { name: who.holderName } : {}), scopes: [] },
      via: "reader",
      ...(who ? { credentialId: who.id } : {}),
      detail: { reader: presentation.card.reader },
    };
    await parts.note(row).catch((error: unknown) =>
      ctx.log.error("A refused badge is not in the access log", { reason, error: errorText(error) })
    );
  }

  async function serve(presentation: Presentation): Promise<void> {
    const { uid, cardKind } = presentation.card;
    const credential = await credentials.identify({ uid, cardKind });
    const accessPoint = credential && (await only(credential) ?? parts.asks[await presentation.gesture]);
    if (ctx.signal.aborted) return;
    // Only an enrolment takes a presentation's effect away.
    if (!presentation.claim()) return await refuse(presentation, "enrolling", credential);
    if (!credential || !accessPoint) return await refuse(presentation, "unknown-credential");
    const { outcome } = await access.release({
      requestId: ctx.freshId(),
      accessPoint,
      actor: { kind: "card", id: credential.id, name: credential.holderName, scopes: [] },
      via: "reader",
    });
    if (outcome === "released" || outcome === "already-released") signals.confirm();
    else signals.fail();
  }

  return async (presentation) => {
    try {
      await serve(presentation);
    } catch (error) {
      ctx.log.error("A badge could not be served", { error: errorText(error) });
      signals.fail();
    }
  };
}

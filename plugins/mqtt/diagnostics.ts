import { accessLogged, type Context, type TimeService } from "../../core/mod.ts";
import type { Journal } from "./journal.ts";
import type { Retained } from "./retained.ts";
import type { Topics } from "./topics.ts";

export interface DiagnosticParts {
  ctx: Pick<Context, "clock" | "every" | "on">;
  time: Pick<TimeService, "trusted">;
  journal: Journal;
  retained: Retained;
  topics: Topics;
  version: string;
}

const MINUTE_MS = 60_000;

/** Tells how the panel is: where nothing has changed since, nothing is told. */
export async function tellDiagnostics(
  { ctx, time, journal, retained, topics, version }: DiagnosticParts,
): Promise<void> {
  const startedAt = Math.round(ctx.clock.now());
  const tell = async () => {
    const clockTrusted = await time.trusted();
    const facts = { version, startedAt, clockTrusted, eventsLost: journal.lost };
    retained.set(topics.panel("diagnostics"), JSON.stringify(facts));
  };
  ctx.on(accessLogged, ({ kind }) => kind === "clock" ? tell() : undefined);
  ctx.every(MINUTE_MS, tell);
  await tell();
}

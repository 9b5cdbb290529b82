import { boardLink, type BoardService, outputChanged, RELEASE_CAP_MS } from "../board/keys.ts";
import { errorText } from "../log.ts";
import { partChanged, partsPoint } from "../parts.ts";
import type { Context } from "../plugin/plugin.ts";
import { accessPointsPoint } from "./keys.ts";

export interface ReleasableOptions {
  ctx: Pick<Context, "clock" | "contribute" | "emit" | "on" | "log" | "signal">;
  board: BoardService;
  /** Access point, part and output have this one name. */
  id: string;
  kind: "lock" | "gate";
  name: string;
  pulseMs: number;
}

/** What only the plugin that contributed the access point may do beside its pulse: keep it open for a while. */
export interface Releasable {
  /** On for at most `leaseMs` unless held again before. @throws {LatchkeyError} `output-failed` */
  hold(leaseMs: number, cause: string): Promise<void>;
  /** Ends a hold. */
  drop(cause: string): Promise<void>;
}

/** Contributes an output of the board as an access point that a timed pulse opens, and as a part. */
export async function contributeReleasable(
  { ctx, board, id, kind, name, pulseMs }: ReleasableOptions,
): Promise<Releasable> {
  const { clock } = ctx;
  let opening = 0;
  let onUntil = 0;
  let on = false;

  const released = () => opening > 0 || clock.monotonic() < onUntil;
  const state = () => ({ released: released(), pulseMs });

  /** The hardware's word counts; the time limit is for the case that its "off" gets lost with the link. */
  function heard(level: number): void {
    const changed = on !== level > 0;
    on = level > 0;
    onUntil = on ? Math.max(onUntil, clock.monotonic() + RELEASE_CAP_MS) : 0;
    if (changed && !ctx.signal.aborted) ctx.emit(partChanged, { id, state: state() });
  }

  async function ask(): Promise<void> {
    try {
      const { outputs } = await board.describe();
      heard(outputs.find((output) => output.name === id)?.level ?? 0);
    } catch (error) {
      ctx.log.warn("Cannot ask whether the output is on", { output: id, error: errorText(error) });
    }
  }

  /** From the call on, not from its answer, the access point counts as released. */
  async function during(move: () => Promise<unknown>, ms: number): Promise<void> {
    opening++;
    try {
      await move();
      onUntil = Math.max(onUntil, clock.monotonic() + ms);
    } finally {
      opening--;
    }
  }

  ctx.on(outputChanged, ({ output, level }) => {
    if (output === id) heard(level);
  });
  ctx.on(boardLink, ({ up }) => up ? ask() : undefined);
  await ask();
  ctx.contribute(accessPointsPoint, {
    id,
    name,
    pulseMs: () => pulseMs,
    released,
    open: (cause) => during(() => board.pulse(id, pulseMs, cause), pulseMs),
  });
  ctx.contribute(partsPoint, { id, kind, name, state: () => Promise.resolve(state()) });

  return {
    hold: (leaseMs, cause) => during(() => board.set(id, 1, { leaseMs, cause }), leaseMs),
    async drop(cause) {
      await board.set(id, 0, { cause });
      onUntil = 0;
    },
  };
}

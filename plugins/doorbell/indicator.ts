import { type BoardService, type Context, errorText } from "../../core/mod.ts";

const OUTPUT = "indicator";
const HALF_BLINK_MS = 500;
const LEASE_MS = 10_000;

/** What the visitor is told: it rings, somebody listens, it did not work, nothing. */
export type Look = "ringing" | "answered" | "failed" | "dark";

const BLINKING = Array<number>(LEASE_MS / HALF_BLINK_MS).fill(HALF_BLINK_MS);
const FAILED = Array<number>(9).fill(100);

export interface Indicator {
  readonly look: Look;
  show(look: Look): void;
}

/**
 * The LED beside the bell button. What it shows is lent to it and renewed, so that it goes dark by itself when this
 * program dies: a lamp that says "it rings" for ever would lie.
 */
export function createIndicator(
  ctx: Pick<Context, "after" | "log">,
  board: Pick<BoardService, "pattern" | "set">,
): Indicator {
  let look: Look = "dark";
  let cancelRenewal = () => {};

  function play(): Promise<void> {
    if (look === "ringing") return board.pattern(OUTPUT, BLINKING);
    if (look === "failed") return board.pattern(OUTPUT, FAILED);
    if (look === "answered") return board.set(OUTPUT, 1, { leaseMs: LEASE_MS, cause: "call answered" });
    return board.set(OUTPUT, 0, { cause: "call over" });
  }

  function apply(): void {
    cancelRenewal();
    play().catch((error: unknown) => {
      ctx.log.warn("The bell's indicator does not follow", { look, error: errorText(error) });
    });
    if (look === "ringing") cancelRenewal = ctx.after(LEASE_MS, apply);
    if (look === "answered") cancelRenewal = ctx.after(LEASE_MS / 2, apply);
  }

  return {
    get look() {
      return look;
    },
    show(next) {
      look = next;
      apply();
    },
  };
}

import { type BoardService, errorText, type Log } from "../../core/mod.ts";

const WARNING_MS = 80;
const CONFIRMATION_MS = 1_500;
const FAILURE = [120, 120, 120, 120, 120];

/** What a person who holds the button hears and sees. A board that refuses it keeps nothing else from happening. */
export interface Signals {
  /** One short beep and flash: let go, or go on. */
  warn(): void;
  /** One long: done. */
  confirm(): void;
  /** Three short: it did not work. */
  fail(): void;
}

export function createSignals(board: Pick<BoardService, "pattern">, log: Log): Signals {
  function play(onOffMs: number[]): void {
    for (const output of ["beeper", "indicator"]) {
      board.pattern(output, onOffMs).catch((error: unknown) =>
        log.warn("A signal was not given", { output, error: errorText(error) })
      );
    }
  }
  return {
    warn: () => play([WARNING_MS]),
    confirm: () => play([CONFIRMATION_MS]),
    fail: () => play(FAILURE),
  };
}

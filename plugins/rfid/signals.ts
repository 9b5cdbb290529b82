import { type BoardService, errorText, type Log } from "../../core/mod.ts";

const BEEP = 120;
const FLASH = 200;

/** What the panel tells the person at the reader. A board that refuses it keeps nothing else from happening. */
export interface Signals {
  /** One short beep. */
  confirm(): void;
  /** Three short beeps. */
  fail(): void;
  /** Three flashes of the bell indicator. */
  flash(): void;
}

export function createSignals(board: Pick<BoardService, "pattern">, log: Log): Signals {
  function play(output: string, onOffMs: number[]): void {
    board.pattern(output, onOffMs).catch((error: unknown) =>
      log.warn("A signal was not given", { output, error: errorText(error) })
    );
  }
  return {
    confirm: () => play("beeper", [BEEP]),
    fail: () => play("beeper", [BEEP, BEEP, BEEP, BEEP, BEEP]),
    flash: () => play("indicator", [FLASH, FLASH, FLASH, FLASH, FLASH]),
  };
}

/// <reference lib="dom" />
import { useEffect, useState } from "preact/hooks";
import type { Board } from "../model/board.ts";
import { Beep } from "./beep.ts";

const KEY = "latchkey-simulator-muted";

export interface BeepSwitch {
  muted: boolean;
  setMuted(muted: boolean): void;
}

/** Lets the board's beeper be heard. */
export function useBeep(board: Board): BeepSwitch {
  const [beep] = useState(() => new Beep());
  const [muted, setMuted] = useState(() => localStorage.getItem(KEY) === "yes");
  beep.muted = muted;

  useEffect(() => {
    const unlock = () => beep.unlock();
    const heard = (output: string, level: number) => {
      if (output === "beeper") beep.sound(level > 0);
    };
    board.outputs.add(heard);
    addEventListener("pointerdown", unlock);
    addEventListener("keydown", unlock);
    return () => {
      board.outputs.delete(heard);
      removeEventListener("pointerdown", unlock);
      removeEventListener("keydown", unlock);
      beep.close();
    };
  }, [board, beep]);

  return {
    muted,
    setMuted(next) {
      localStorage.setItem(KEY, next ? "yes" : "no");
      if (next) beep.sound(false);
      setMuted(next);
    },
  };
}

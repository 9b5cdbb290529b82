/// <reference lib="dom" />
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useValue } from "../../lib/state.ts";
import { Icon } from "../../lib/ui/icons.tsx";
import type { Board } from "../model/board.ts";
import { Signals } from "../model/signals.ts";

/** What the panel just did, in words. */
export function Told({ board }: { board: Board }): JSX.Element {
  const { fault, live, view } = useValue(board);
  const [text, setText] = useState("Press the bell, or hold a badge to the reader.");
  useEffect(() => {
    const signals = new Signals({
      say: setText,
      after(ms, work) {
        const timer = setTimeout(work, ms);
        return () => clearTimeout(timer);
      },
    });
    const heard = (output: string, level: number) => signals.heard(output, level);
    board.outputs.add(heard);
    return () => {
      board.outputs.delete(heard);
      signals.stop();
    };
  }, [board]);
  const wrong = fault ?? (view && !live ? "The panel can’t be reached. This page keeps trying." : undefined);
  return (
    <p class={`told ${wrong === undefined ? "" : "is-wrong"}`} role="status">
      {wrong !== undefined && <Icon name="warning" size={20} />}
      <span key={wrong ?? text}>{wrong ?? text}</span>
    </p>
  );
}

/// <reference lib="dom" />
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import type { CardState } from "../../../plugins/recorder/keys.ts";
import { freshId } from "../../lib/fresh_id.ts";
import { useValue } from "../../lib/state.ts";
import { Icon } from "../../lib/ui/icons.tsx";
import type { Board } from "../model/board.ts";
import { Trouble, troublesOf } from "./trouble.tsx";

type Tone = "good" | "waiting" | "bad";

/** What the panel makes of what is in the slot. */
const SEEN: Record<CardState, [tone: Tone, word: string, text: string]> = {
  "absent": ["waiting", "Empty", "Nothing is recorded until a card is in."],
  "uninitialized": ["waiting", "New", "It can be initialized at home, under Recordings."],
  "initializing": ["waiting", "In preparation", "The panel is erasing it and trying it out."],
  "normal": ["good", "In use", "The panel records on it."],
  "full": ["bad", "Full", "The panel has found no room on it."],
  "read-only": ["bad", "Read-only", "The panel can’t write to it."],
  "error": ["bad", "Failing", "The panel gets no answer from it."],
};

/** The slot for the memory card: what is in it, what is wrong with it, and what the panel says to that. */
export function MemoryCard({ board }: { board: Board }): JSX.Element {
  const { view, card: seen } = useValue(board);
  const [tone, word, text] = seen === undefined
    ? ["", "Unused", "The panel has no recorder running."]
    : SEEN[seen];
  const inserted = view?.slot.card ?? null;
  const last = useRef<string | undefined>(undefined);
  if (inserted !== null) last.current = inserted;
  const count = view ? troublesOf(view.slot).length : 0;
  return (
    <section class="card memory-card" aria-labelledby="memory-card">
      <div class="card-head">
        <h2 id="memory-card">Memory card</h2>
        {view && <span class={`pill pill-${tone}`}>{word}</span>}
        <p class="hint" role="status">{view ? text : ""}</p>
      </div>
      <fieldset class="segments">
        <legend class="quiet">Which card is in the slot?</legend>
        {view?.cards.map((card) => (
          <label class="segment" key={card}>
            <input
              type="radio"
              name="memory-card"
              checked={card === inserted}
              onChange={() => board.setSlot({ card })}
            />
            {cardName(card)}
          </label>
        ))}
      </fieldset>
      <div class="memory-acts">
        <button
          type="button"
          class="button"
          disabled={!view}
          onClick={() => board.setSlot({ card: inserted === null ? last.current ?? "card-1" : null })}
        >
          {inserted === null ? "Put it back" : "Take it out"}
        </button>
        <button
          type="button"
          class="button"
          onClick={() => board.setSlot({ card: `card-${freshId().slice(0, 4)}` })}
        >
          <Icon name="plus" size={20} /> New card
        </button>
      </div>
      {view && (
        <details class="drawer">
          <summary>
            Condition
            {count > 0 && <span class="pill pill-bad">{count} wrong</span>}
          </summary>
          <Trouble board={board} slot={view.slot} />
        </details>
      )}
    </section>
  );
}

/** `card-2` is called `Card 2`. */
function cardName(card: string): string {
  return card.replace(/^card-/, "Card ");
}

/// <reference lib="dom" />
import type { JSX } from "preact";
import { useEffect, useId, useState } from "preact/hooks";
import type { BoardState } from "../../../drivers/sim/keys.ts";
import { Field, Switch } from "../../lib/ui/fields.tsx";
import { bytesText } from "../../lib/words/recordings.ts";
import type { Board } from "../model/board.ts";

type Slot = BoardState["slot"];

const TROUBLES = [
  ["writeProtected", "Write-protected"],
  ["wornOut", "Worn out: it fails each time"],
  ["slow", "Slow: two seconds to write"],
] as const;
/** What cards hold that can be bought, bytes. The last one is more than is advised. */
const SIZES = [8e9, 32e9, 128e9, 512e9, 1_024e9];

/** What is wrong with a card; one that is filled up with other files is. */
export function troublesOf(slot: Slot): string[] {
  if (slot.card === null) return [];
  const wrong: string[] = TROUBLES.filter(([what]) => slot[what]).map(([what]) => what);
  return slot.taken >= slot.bytes ? [...wrong, "taken"] : wrong;
}

/** How a card is, to be made better or worse. */
export function Trouble({ board, slot }: { board: Board; slot: Slot }): JSX.Element {
  const id = useId();
  const [drawn, setDrawn] = useState<number>();
  const isAbsent = slot.card === null;
  const share = Math.min(1, slot.taken / slot.bytes);
  const told = Math.round(share * 100);
  // What was drawn holds until the board has taken it: keys that follow each other go on from there.
  useEffect(() => setDrawn((drawn) => drawn === told ? undefined : drawn), [told]);
  const percent = drawn ?? told;
  const sizes = SIZES.includes(slot.bytes) ? SIZES : [...SIZES, slot.bytes];
  return (
    <div class="trouble">
      {isAbsent && <p class="hint">There is no card in the slot.</p>}
      {TROUBLES.map(([what, label]) => (
        <Switch
          key={what}
          label={label}
          on={!isAbsent && slot[what]}
          disabled={isAbsent}
          onChange={(on) => board.setSlot({ [what]: on })}
        />
      ))}
      <div class="taken">
        <label for={id}>Filled with other files</label>
        <output for={id}>{percent} %</output>
        <input
          id={id}
          class="slider"
          type="range"
          min="0"
          max="100"
          step="5"
          disabled={isAbsent}
          value={percent}
          aria-valuetext={`${percent} percent of ${bytesText(slot.bytes)}`}
          onInput={(event) => setDrawn(event.currentTarget.valueAsNumber)}
          onChange={(event) =>
            board.setSlot({ taken: Math.round(slot.bytes * event.currentTarget.valueAsNumber / 100) })}
        />
      </div>
      <Field label="It holds">
        {(control) => (
          <select
            {...control}
            class="input"
            disabled={isAbsent}
            value={slot.bytes}
            onChange={(event) => {
              const bytes = Number(event.currentTarget.value);
              board.setSlot({ bytes, taken: Math.round(share * bytes) });
            }}
          >
            {sizes.map((bytes) => <option key={bytes} value={bytes}>{bytesText(bytes)}</option>)}
          </select>
        )}
      </Field>
    </div>
  );
}

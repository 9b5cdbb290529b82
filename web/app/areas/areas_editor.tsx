/// <reference lib="dom" />
import type { ComponentChildren, JSX } from "preact";
import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Area } from "../../../plugins/camera/keys.ts";
import { Fault } from "../../lib/ui/fields.tsx";
import { Icon } from "../../lib/ui/icons.tsx";
import { Board } from "./board.tsx";
import { fresh, MOST_AREAS, percent, placeText } from "./geometry.ts";
import { AREA_WORDS, type AreasKind } from "./words.ts";

export interface AreasEditorProps {
  kind: AreasKind;
  /** As they are seen. */
  areas: Area[];
  ratio: number;
  onAreas(areas: Area[]): void;
  /** The picture. */
  children: ComponentChildren;
  /** Why there is no picture. */
  fault: string | undefined;
  /** What else is to be known of it. */
  hint: string;
  /** Further buttons below it. */
  acts: ComponentChildren;
}

/** Areas over a picture, each of them also in a list. */
export function AreasEditor(props: AreasEditorProps): JSX.Element {
  const { kind, areas, ratio, onAreas, children, fault, hint, acts } = props;
  const { title, name, noun, one: aNoun } = AREA_WORDS[kind];
  const id = useId();
  const editor = useRef<HTMLDivElement>(null);
  /** What gets the focus once it is drawn: an area, or what adds one. */
  const next = useRef<number | "add" | undefined>(undefined);
  const [chosen, setChosen] = useState<number>();
  const [said, setSaid] = useState("");
  const more = areas.length < MOST_AREAS;

  useLayoutEffect(() => {
    const wanted = next.current;
    if (wanted === undefined) return;
    next.current = undefined;
    const place = wanted === "add" ? ".areas-add" : `[data-area="${wanted}"]`;
    editor.current?.querySelector<HTMLElement>(place)?.focus();
  });

  function add(area: Area): void {
    next.current = areas.length;
    setSaid(`${name} ${areas.length + 1} was added`);
    onAreas([...areas, area]);
  }

  function change(index: number, area: Area): void {
    setSaid(placeText(area));
    onAreas(areas.map((one, i) => i === index ? area : one));
  }

  function remove(index: number): void {
    const left = areas.filter((_, i) => i !== index);
    next.current = left.length > 0 ? Math.min(index, left.length - 1) : "add";
    setSaid(`${name} ${index + 1} was removed`);
    setChosen(undefined);
    onAreas(left);
  }

  return (
    <div ref={editor} class={`areas is-${kind}`}>
      <Board
        name={name}
        areas={areas}
        chosen={chosen}
        more={more}
        ratio={ratio}
        describedBy={id}
        onChoose={setChosen}
        onChange={change}
        onAdd={add}
        onRemove={remove}
      >
        {children}
      </Board>
      <p class="quiet" role="status">{said}</p>
      {fault !== undefined && <Fault text={fault} />}
      <div class="areas-acts">
        <button
          type="button"
          class="button areas-add"
          disabled={!more}
          onClick={() => add(fresh(areas.length))}
        >
          <Icon name="plus" size={20} /> Add {aNoun}
        </button>
        {acts}
      </div>
      <p id={id} class="hint">
        Drag over the picture to draw {aNoun}; drag {aNoun} to move it, and its edges to resize it.{" "}
        <span class="areas-keys">
          By keys: the arrows move it, Shift and the arrows resize it, Delete removes it.
        </span>{" "}
        {hint}
      </p>
      {!more && <p class="hint">There are {MOST_AREAS} {noun}s, which is the most.</p>}
      {areas.length > 0 && (
        <ol class="areas-list" aria-label={title}>
          {areas.map((area, index) => (
            <li key={index} class={index === chosen ? "areas-row is-chosen" : "areas-row"}>
              <span class="area-number" aria-hidden="true">{index + 1}</span>
              <span class="areas-place">
                {percent(area.width)} × {percent(area.height)}
                <span class="hint">Left {percent(area.x)}, top {percent(area.y)}</span>
              </span>
              <button
                type="button"
                class="button icon-only plain"
                aria-label={`Remove ${noun} ${index + 1}`}
                onClick={() =>
                  remove(index)}
              >
                <Icon name="trash" size={20} />
              </button>
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}

/// <reference lib="dom" />
import type { ComponentChildren, JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import type { Area } from "../../../plugins/camera/keys.ts";
import { AreaBox, placeOf } from "./area_box.tsx";
import { between, type Edge, moved, type Point, resized } from "./geometry.ts";

/** Who presses and hardly moves has not drawn anything, px. */
const STILL_PX = 5;

export interface BoardProps {
  /** What an area is called. */
  name: string;
  /** As they are seen. */
  areas: Area[];
  chosen: number | undefined;
  /** Whether there may be another one. */
  more: boolean;
  /** Width by height. */
  ratio: number;
  /** The id of what says how it is used. */
  describedBy: string;
  onChoose(index: number | undefined): void;
  onChange(index: number, area: Area): void;
  onAdd(area: Area): void;
  onRemove(index: number): void;
  /** The picture. */
  children: ComponentChildren;
}

/** What a pointer that is down has hold of. */
interface Hold {
  from: Point;
  /** Undefined where it draws. */
  taken: { index: number; area: Area; edges: Edge[] } | undefined;
  begun: boolean;
}

/** The picture with areas over it, to draw, move and resize with mouse, finger and pen. */
export function Board(props: BoardProps): JSX.Element {
  const { name, areas, chosen, more, ratio, describedBy, onChoose, onChange, onAdd, onRemove, children } =
    props;
  const board = useRef<HTMLDivElement>(null);
  const hold = useRef<Hold | undefined>(undefined);
  const [draft, setDraft] = useState<Area>();

  function pointOf({ clientX, clientY }: PointerEvent): Point {
    const { left, top, width, height } = board.current!.getBoundingClientRect();
    return { x: 1_000 * (clientX - left) / width, y: 1_000 * (clientY - top) / height };
  }

  function down(event: PointerEvent): void {
    if (event.button !== 0 || !event.isPrimary || !(event.target instanceof Element)) return;
    const box = event.target.closest<HTMLElement>("[data-area]");
    const index = Number(box?.dataset["area"]);
    const area = box ? areas[index] : undefined;
    const edges = (event.target.closest<HTMLElement>("[data-edges]")?.dataset["edges"] ?? "").split(" ");
    hold.current = {
      from: pointOf(event),
      taken: area && { index, area, edges: edges.filter((edge) => edge !== "") as Edge[] },
      begun: false,
    };
    board.current!.setPointerCapture(event.pointerId);
    box?.focus({ preventScroll: true });
    onChoose(area && index);
  }

  function move(event: PointerEvent): void {
    const held = hold.current;
    if (!held || !event.isPrimary) return;
    const to = pointOf(event);
    const by = { x: to.x - held.from.x, y: to.y - held.from.y };
    const { width, height } = board.current!.getBoundingClientRect();
    held.begun ||= Math.hypot(by.x * width, by.y * height) / 1_000 >= STILL_PX;
    if (!held.begun) return;
    if (!held.taken) return void (more && setDraft(between(held.from, to)));
    const { index, area, edges } = held.taken;
    onChange(index, edges.length > 0 ? resized(area, edges, by) : moved(area, by));
  }

  function up(event: PointerEvent): void {
    const held = hold.current;
    hold.current = undefined;
    setDraft(undefined);
    if (held?.begun && !held.taken && more) onAdd(between(held.from, pointOf(event)));
  }

  function cancel(): void {
    const taken = hold.current?.taken;
    hold.current = undefined;
    setDraft(undefined);
    if (taken) onChange(taken.index, taken.area);
  }

  return (
    <div
      ref={board}
      class="areas-board"
      // Arrow keys are for the areas, also where a screen reader is on.
      role="application"
      aria-label="Picture of the camera"
      aria-describedby={describedBy}
      style={{ "--ratio": String(ratio) }}
      onPointerDown={down}
      onPointerMove={move}
      onPointerUp={up}
      onPointerCancel={cancel}
    >
      {children}
      {areas.map((area, index) => (
        <AreaBox
          key={index}
          name={name}
          area={area}
          number={index + 1}
          chosen={index === chosen}
          onChoose={() => onChoose(index)}
          onChange={(area) => onChange(index, area)}
          onRemove={() => onRemove(index)}
        />
      ))}
      {draft && <span class="area is-chosen" style={placeOf(draft)} />}
    </div>
  );
}

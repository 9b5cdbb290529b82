import type { Area, Image } from "../../../plugins/camera/keys.ts";

/** As many as the panel takes. */
export const MOST_AREAS = 16;
/** One step of a key, thousandths. */
export const STEP = 10;

/** All of a picture's width or height, as areas are counted. */
const WHOLE = 1_000;
/** A smaller one can't be taken hold of. */
const LEAST = 20;
/** What ends nearer to the edge of the picture ends at it: no strip stays open by mistake. */
const SNAP = 10;
const FRESH = 300;

/** In thousandths of the picture; may be between them, or outside of it. */
export interface Point {
  x: number;
  y: number;
}

export type Edge = "left" | "right" | "top" | "bottom";

/** An area of the picture as it is seen, by what the camera delivers; and back: to flip twice changes nothing. */
export function flipped({ x, y, width, height }: Area, flip: Image["flip"]): Area {
  const sideways = flip === "horizontal" || flip === "both";
  const upsideDown = flip === "vertical" || flip === "both";
  return {
    x: sideways ? WHOLE - x - width : x,
    y: upsideDown ? WHOLE - y - height : y,
    width,
    height,
  };
}

/** From corner to corner: nothing between them stays open. */
export function between(one: Point, other: Point): Area {
  const [x, right] = span(one.x, other.x);
  const [y, bottom] = span(one.y, other.y);
  return { x, y, width: right - x, height: bottom - y };
}

export function moved(area: Area, { x, y }: Point): Area {
  return {
    ...area,
    x: within(Math.round(area.x + x), 0, WHOLE - area.width),
    y: within(Math.round(area.y + y), 0, WHOLE - area.height),
  };
}

/** With these edges moved by so much, outwards to whole thousandths. */
export function resized(area: Area, edges: readonly Edge[], by: Point): Area {
  let [left, right] = [area.x, area.x + area.width];
  let [top, bottom] = [area.y, area.y + area.height];
  if (edges.includes("left")) left = near(left + by.x, right);
  if (edges.includes("right")) right = far(right + by.x, left);
  if (edges.includes("top")) top = near(top + by.y, bottom);
  if (edges.includes("bottom")) bottom = far(bottom + by.y, top);
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** One that is added without being drawn, beside those that were added so before. */
export function fresh(count: number): Area {
  const at = 200 + 40 * (count % 8);
  return { x: at, y: at, width: FRESH, height: FRESH };
}

/** Where it is, in words. */
export function placeText({ x, y, width, height }: Area): string {
  return `left ${percent(x)}, top ${percent(y)}, ${percent(width)} wide, ${percent(height)} high`;
}

export function percent(thousandths: number): string {
  return `${thousandths / 10} %`;
}

function span(one: number, other: number): [number, number] {
  const begin = snapped(Math.floor(Math.min(one, other)));
  const end = snapped(Math.ceil(Math.max(one, other)));
  if (end - begin >= LEAST) return [begin, end];
  const from = within(begin, 0, WHOLE - LEAST);
  return [from, from + LEAST];
}

function near(at: number, end: number): number {
  return within(snapped(Math.floor(at)), 0, Math.max(0, end - LEAST));
}

function far(at: number, begin: number): number {
  return within(snapped(Math.ceil(at)), Math.min(WHOLE, begin + LEAST), WHOLE);
}

function snapped(at: number): number {
  if (at < SNAP) return 0;
  return at > WHOLE - SNAP ? WHOLE : at;
}

function within(at: number, least: number, most: number): number {
  return Math.min(Math.max(at, least), most);
}

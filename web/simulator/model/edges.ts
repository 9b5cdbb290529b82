import type { Edge } from "../../../drivers/sim/keys.ts";

/** A time during which a line was not at rest. */
export interface Span {
  from: number;
  /** Undefined where it still lasts. */
  to: number | undefined;
  level: number;
}

/**
 * When a line was on, oldest first, from its edges, oldest first.
 * @param level what it is now: a line may have come on before the oldest edge
 */
export function spansOf(edges: readonly Edge[], line: string, level: number): Span[] {
  const spans: Span[] = [];
  let known = false;
  for (const edge of edges) {
    if (edge.line !== line) continue;
    const last = spans.at(-1);
    if (last && last.to === undefined) last.to = edge.at;
    if (edge.level > 0) spans.push({ from: edge.at, to: undefined, level: edge.level });
    else if (!known) spans.push({ from: -Infinity, to: edge.at, level: 1 });
    known = true;
  }
  if (!known && level > 0) spans.push({ from: -Infinity, to: undefined, level });
  return spans;
}

/**
 * Whether a push opens the door: a strike with mechanical memory gives way once after its pulse, and holds again
 * when the door has been opened and closed.
 */
export function strikeGivesWay(edges: readonly Edge[]): boolean {
  const last = edges.findLast(({ line, level }) =>
    (line === "lock" && level > 0) || (line === "door-contact" && level > 0)
  );
  return last?.line === "lock";
}

/** When the gate's motor last got its impulse, the board's ms. */
export function gateStartedAt(edges: readonly Edge[]): number | undefined {
  return edges.findLast(({ line, level }) => line === "gate" && level > 0)?.at;
}

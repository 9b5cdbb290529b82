import { FREE_SHARE } from "./card/card.ts";
import type { Space } from "./card/files.ts";
import type { Cause, Clip } from "./model.ts";

/** More is made free than has to be, so that it lasts for a while: a share of the card, and at most so many bytes. */
const SPARE_SHARE = 0.05;
const SPARE_BYTES = 256_000_000;

/** Where room is needed, what goes first. */
const RANKS: Record<Cause, number> = { motion: 0, badge: 1, manual: 2, call: 3 };

export interface Terms {
  /** Wall time, ms; undefined where the clock is not believed: then nothing is too old. */
  now: number | undefined;
  /** How long each is kept, ms. */
  keepMs: Record<Cause, number>;
  space: Space;
}

/**
 * Which clips are to be deleted: those that are too old; and where room is needed, of motion before of calls, the oldest
 * first. For room that would not be enough, since others have filled the card, none is given up.
 */
export function toRemove<C extends Clip>(clips: readonly C[], { now, keepMs, space }: Terms): C[] {
  const open = clips.filter((clip) => !clip.protected && clip.ms !== null);
  const isOld = ({ startedAt, ms, cause }: Clip) =>
    now !== undefined && now - startedAt - (ms ?? 0) >= keepMs[cause];
  const gone = open.filter(isOld);
  const next = open.filter((clip) => !isOld(clip)).toSorted((a, b) =>
    RANKS[a.cause] - RANKS[b.cause] || a.startedAt - b.startedAt
  );
  let free = space.free + sum(gone);
  const most = free + sum(next);
  const needed = space.total * FREE_SHARE;
  const spare = Math.min(space.total * SPARE_SHARE, SPARE_BYTES);
  // Begun while it is not full yet: a recording that is under way is not cut off for it.
  if (free >= needed + spare / 2 || most < needed) return gone;
  const wanted = most < needed + spare ? needed : needed + spare;
  for (const clip of next) {
    if (free >= wanted) break;
    gone.push(clip);
    free += clip.bytes;
  }
  return gone;
}

function sum(clips: readonly Clip[]): number {
  return clips.reduce((total, { bytes }) => total + bytes, 0);
}

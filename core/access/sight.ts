import type { Clock } from "../clock.ts";
import { errorText, type Log } from "../log.ts";
import { within } from "../plugin/effects.ts";
import type { Sight } from "./keys.ts";

/** A picture counts for so long after it was presented, ms. */
const COUNTS_MS = 2_000;
/** Time that one has to say what it knows, ms. */
const DEADLINE_MS = 500;

/**
 * Until when what the device shows of the visitor counts, monotonic ms; undefined where nobody knows that it shows
 * anything. Times are counted from the question, not from the answer: one that comes late makes nothing newer.
 */
export async function shownUntil(
  deviceId: string | undefined,
  sights: Iterable<Sight>,
  clock: Clock,
  log: Log,
): Promise<number | undefined> {
  if (deviceId === undefined) return undefined;
  const asked = clock.monotonic();
  const ask = async (sight: Sight): Promise<number> => {
    try {
      const ms = await within(clock, DEADLINE_MS, sight.shownMs(deviceId));
      return ms !== undefined && ms >= 0 ? asked - ms + COUNTS_MS : -Infinity;
    } catch (error) {
      log.warn("What a monitor shows is not known; the release is denied", {
        sight: sight.id,
        error: errorText(error),
      });
      return -Infinity;
    }
  };
  const latest = Math.max(...await Promise.all([...sights].map(ask)));
  return latest === -Infinity ? undefined : latest;
}

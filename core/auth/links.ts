import { Buffer } from "node:buffer";
import { createHmac, timingSafeEqual } from "node:crypto";
import type { Clock } from "../clock.ts";
import type { Random } from "../random.ts";

/** Long enough to begin a download, ms. */
export const LINK_LIFE_MS = 60_000;

/**
 * Links for what a browser fetches by itself, without a token: a picture, a download. Each is good for one path, for a
 * minute, for as long as the device that asked for it has access, and not beyond a restart.
 */
export class Links {
  readonly #clock: Clock;
  readonly #key: Uint8Array;

  constructor(clock: Clock, random: Random) {
    this.#clock = clock;
    this.#key = random(32);
  }

  /** What to put into the query as `link`. */
  make(path: string, deviceId: string): string {
    const until = Math.ceil(this.#clock.monotonic() + LINK_LIFE_MS);
    return `${until}.${deviceId}.${this.#seal(path, deviceId, until)}`;
  }

  /** The device whose link it is; undefined where it is not good for this path, or no longer. */
  deviceOf(link: string, path: string): string | undefined {
    const [, until = "", deviceId = "", seal = ""] =
      /^(\d{1,15})\.(device-\d{1,15})\.([\w-]{43})$/.exec(link) ?? [];
    if (seal === "" || this.#clock.monotonic() >= Number(until)) return undefined;
    const right = this.#seal(path, deviceId, Number(until));
    return timingSafeEqual(Buffer.from(seal), Buffer.from(right)) ? deviceId : undefined;
  }

  #seal(path: string, deviceId: string, until: number): string {
    return createHmac("sha256", this.#key).update(JSON.stringify([path, deviceId, until])).digest(
      "base64url",
    );
  }
}

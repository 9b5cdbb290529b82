import { isDeepStrictEqual } from "node:util";
import { type Cancel, type Context, partOccurred } from "../../core/mod.ts";
import { type Definition, mediaDetected, type MediaService, type Watch } from "../../media/keys.ts";
import { CAMERA } from "./keys.ts";

/** What was not seen for so long has stopped, ms; the media process tells every two seconds. */
const QUIET_MS = 5_000;

/** Whether something moves. */
export interface Motion {
  readonly now: boolean;
  /** Looks so at this definition from now on; undefined: at nothing. */
  lookAt(place: Place | undefined): Promise<void>;
}

type Place = Watch & { definition: Definition };

export interface MotionOptions {
  media: Pick<MediaService, "detect">;
  told(): void;
}

/** One event for each time that something begins to move, and a state for as long as it does. */
export function followMotion(
  ctx: Pick<Context, "on" | "emit" | "after" | "clock" | "defer">,
  { media, told }: MotionOptions,
): Motion {
  let now = false;
  let looksAt: Place | undefined;
  let isDeferred = false;
  let cancel: Cancel = () => {};
  ctx.on(mediaDetected, ({ camera, what }) => {
    // What was seen before it was switched off may be told after.
    if (camera !== CAMERA || what !== "motion" || !looksAt) return;
    cancel();
    cancel = ctx.after(QUIET_MS, () => {
      now = false;
      told();
    });
    if (now) return;
    now = true;
    ctx.emit(partOccurred, { id: CAMERA, type: "motion", at: ctx.clock.now() });
    told();
  });

  async function lookAway(): Promise<void> {
    if (!looksAt) return;
    const { definition } = looksAt;
    looksAt = undefined;
    cancel();
    now = false;
    await media.detect(CAMERA, definition, null);
  }

  return {
    get now() {
      return now;
    },
    async lookAt(place) {
      if (!place) return await lookAway();
      if (isDeepStrictEqual(place, looksAt)) return;
      if (!isDeferred) ctx.defer("the look-out", () => lookAway().catch(() => {}));
      isDeferred = true;
      looksAt = place;
      const { definition, ...watch } = place;
      await media.detect(CAMERA, definition, watch);
    },
  };
}

import { isDeepStrictEqual } from "node:util";
import { type Cancel, type Context, partOccurred } from "../../core/mod.ts";
import { type Area, type Definition, mediaDetected, type MediaService } from "../../media/keys.ts";
import { CAMERA } from "./keys.ts";

/** What was not seen for so long has stopped, ms; the media process tells every two seconds. */
const QUIET_MS = 5_000;

/** Whether something moves. */
export interface Motion {
  readonly now: boolean;
  /** Looks at these zones of this definition from now on, where anything is looked for. */
  lookAt(place: { definition: Definition; zones: Area[] }): Promise<void>;
}

export interface MotionOptions {
  media: Pick<MediaService, "detect">;
  /** Undefined where nothing is looked for. */
  sensitivity: number | undefined;
  told(): void;
}

/** One event for each time that something begins to move, and a state for as long as it does. */
export function followMotion(
  ctx: Pick<Context, "on" | "emit" | "after" | "clock" | "defer">,
  { media, sensitivity, told }: MotionOptions,
): Motion {
  let now = false;
  let looksAt: { definition: Definition; zones: Area[] } | undefined;
  let cancel: Cancel = () => {};
  ctx.on(mediaDetected, ({ camera, what }) => {
    if (camera !== CAMERA || what !== "motion") return;
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
  return {
    get now() {
      return now;
    },
    async lookAt(place) {
      if (sensitivity === undefined || isDeepStrictEqual(place, looksAt)) return;
      const { definition, zones } = place;
      if (!looksAt) {
        ctx.defer("the look-out", () => media.detect(CAMERA, definition, null).catch(() => {}));
      }
      looksAt = place;
      await media.detect(CAMERA, definition, { sensitivity, zones });
    },
  };
}

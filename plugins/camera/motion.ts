import { type Cancel, type Context, partOccurred } from "../../core/mod.ts";
import { mediaDetected } from "../../media/keys.ts";
import { CAMERA } from "./keys.ts";

/** What was not seen for so long has stopped, ms; the media process tells every two seconds. */
const QUIET_MS = 5_000;

/** Whether something moves. */
export interface Motion {
  readonly now: boolean;
}

/** One event for each time that something begins to move, and a state for as long as it does. */
export function followMotion(
  ctx: Pick<Context, "on" | "emit" | "after" | "clock">,
  { told }: { told(): void },
): Motion {
  let now = false;
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
  };
}

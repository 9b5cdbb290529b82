import type { Context } from "../../core/mod.ts";
import type { MediaService } from "../../media/keys.ts";
import { CAMERA, type CameraService, type Definition } from "../camera/keys.ts";
import type { Settings } from "./settings.ts";

const BEFORE_MS = 5_000;

/** What is kept of the time before an event, for recordings to begin with. */
export interface Before {
  /** What a recording has of it now, ms. */
  readonly ms: number;
  /** Begins or ends keeping: what it costs changes with what is done to the picture. */
  look(): Promise<void>;
}

export interface BeforeOptions {
  ctx: Pick<Context, "defer">;
  media: Pick<MediaService, "keep">;
  camera: Pick<CameraService, "recordable">;
  definition: Definition;
  settings: Pick<Settings, "before" | "sound">;
}

export function keepBefore({ ctx, media, camera, definition, settings }: BeforeOptions): Before {
  const { before, sound } = settings;
  const what = { camera: CAMERA, definition, sound };
  let ms = 0;
  ctx.defer("what was before", async () => {
    if (ms > 0) await media.keep({ ...what, ms: 0 });
  });
  return {
    get ms() {
      return ms;
    },
    async look() {
      const { definitions, compressed } = await camera.recordable();
      const keeps = definitions.length > 0 &&
        (before === "always" || (before === "auto" && compressed === definition));
      const next = keeps ? BEFORE_MS : 0;
      if (next === ms) return;
      ms = next;
      await media.keep({ ...what, ms });
    },
  };
}

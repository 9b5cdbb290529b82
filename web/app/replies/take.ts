/// <reference lib="dom" />
import { levelsOf } from "../../lib/sound/levels.ts";
import type { Player } from "./player.ts";
import { WAVE_BARS } from "./wave.tsx";

/** A sound that is not kept yet. */
export interface Take {
  blob: Blob;
  /** To be heard; undefined where this browser can't play it, which the panel yet may. */
  sound: AudioBuffer | undefined;
  levels: number[];
}

export async function takeOf(blob: Blob, player: Player): Promise<Take> {
  const sound = await blob.arrayBuffer().then((file) => player.decode(file)).catch(() => undefined);
  return { blob, sound, levels: sound ? levelsOf(sound.getChannelData(0), WAVE_BARS) : [] };
}

import { z } from "zod";
import { formHints } from "../../core/mod.ts";
import type { SoundSpec } from "../../media/keys.ts";

/** Of ALSA, as `aplay -L` and `arecord -L` list them. */
const device = z.string().regex(/^[A-Za-z][\w:,.=-]{0,79}$/, {
  error: "auto, none, or a device of ALSA such as default or plughw:0,0",
});

export const volumeSchema = z.number().int().min(0).max(100);

export const settingsSchema = z.strictObject({
  loudspeaker: device.default("auto").describe(
    "What visitors hear; auto: a simulated one on the simulated board, none elsewhere",
  ),
  microphone: device.default("auto").describe(
    "What hears visitors; auto: a simulated one on the simulated board, the camera's own elsewhere; none: the camera's own",
  ),
  volume: volumeSchema.default(80).describe("Of the loudspeaker, per cent, until somebody changes it"),
  duplex: z.enum(["full", "half"]).default("full").describe(
    "With half nothing is heard of the panel while somebody speaks there: for panels whose microphone hears their loudspeaker",
  ).meta(formHints({
    title: "Who is heard",
    names: { full: "Both sides at once", half: "One side at a time (half duplex)" },
  })),
});
export type Settings = z.output<typeof settingsSchema>;

/** Loudspeaker and microphone as the media process is told of them. */
export function specOf(
  { loudspeaker, microphone, duplex }: Settings,
  { simulated, volume }: { simulated: boolean; volume: number },
): SoundSpec {
  const deviceOf = (name: string): SoundSpec["loudspeaker"] => {
    if (name === "none" || (name === "auto" && !simulated)) return null;
    return name === "auto" ? { kind: "simulated" } : { kind: "alsa", device: name };
  };
  return {
    loudspeaker: deviceOf(loudspeaker),
    microphone: deviceOf(microphone),
    volume,
    halfDuplex: duplex === "half",
  };
}

import { z } from "zod";
import { formHints } from "../../core/mod.ts";
import {
  areasSchema,
  type CameraSpec,
  definitionSchema,
  imageSchema,
  type Source,
} from "../../media/keys.ts";
import { definitionNames, motionSettingsSchema } from "./keys.ts";

const { shape } = imageSchema;
const { shape: motion } = motionSettingsSchema;
const onlyWith = (...sources: string[]) => ({ source: sources });

/** What a camera's picture looks like, each with its default. */
const imageSettings = z.strictObject({
  brightness: shape.brightness.default(0).describe("How much brighter or darker, per cent"),
  contrast: shape.contrast.default(0).describe("How much more or less contrast, per cent"),
  flip: shape.flip.default("none").describe("For a camera that hangs upside down or looks into a mirror"),
  night: shape.night.default(false).describe("Without colours, the dark parts lifted"),
});

const motionSettings = z.strictObject({
  enabled: motion.enabled.default(false).describe(
    "Whether motion is detected, until the owner says otherwise; the camera then runs all the time",
  ),
  sensitivity: motion.sensitivity.default(50).describe("How small and faint it may be"),
  zones: motion.zones.default([]).describe(
    "Where something has to move, in thousandths of the picture as it is seen; none: anywhere",
  ),
});

export const settingsSchema = z.strictObject({
  name: z.string().trim().min(1).max(60).default("Camera").describe("What the household calls it"),
  source: z.enum(["auto", "none", "simulated", "rtsp", "v4l2", "libcamera"]).default("auto").describe(
    "Where the picture comes from; auto: a simulated one on the simulated board, none elsewhere. A panel that had no " +
      "camera has to be started anew once",
  ).meta(formHints({
    names: {
      auto: "Automatic",
      none: "No camera",
      simulated: "Simulated",
      rtsp: "A camera on the network (RTSP)",
      v4l2: "A camera at this machine (V4L2)",
      libcamera: "A camera module of a Raspberry Pi",
    },
  })),
  url: z.string().max(500).regex(/^(rtsps?:\/\/[!-~]+)?$/, { error: "an address that begins with rtsp://" })
    .default("").describe("Of an RTSP camera: rtsp://user:password@address/path")
    .meta(formHints({ title: "Address", secret: true, when: onlyWith("rtsp") })),
  transport: z.enum(["tcp", "udp"]).default("tcp").describe("How an RTSP camera sends").meta(
    formHints({ title: "Sent by", names: { tcp: "TCP", udp: "UDP" }, when: onlyWith("rtsp") }),
  ),
  device: z.string().regex(/^\/dev\/[\w-]{1,60}$/, { error: "a device such as /dev/video0" })
    .default("/dev/video0").describe("Of a camera on this machine (v4l2)").meta(
      formHints({ when: onlyWith("v4l2") }),
    ),
  format: z.enum(["h264", "raw"]).default("h264").describe("What a camera on this machine delivers (v4l2)")
    .meta(
      formHints({ names: { h264: "H.264", raw: "Uncompressed pictures" }, when: onlyWith("v4l2") }),
    ),
  overlayName: z.boolean().default(false).describe("Whether the name is drawn into the picture").meta(
    formHints({ title: "Name in the picture" }),
  ),
  overlayTime: z.boolean().default(false).describe("Whether date and time are drawn into the picture").meta(
    formHints({ title: "Date and time in the picture" }),
  ),
  sound: z.boolean().default(true).describe(
    "Whether its sound is heard in the live view; off for an RTSP camera without a microphone",
  ).meta(formHints({ when: onlyWith("auto", "simulated", "rtsp") })),
  image: imageSettings.prefault({}).describe(
    "What the picture looks like until somebody changes it at the picture; a change here ends theirs",
  ).meta(formHints({ title: "Picture", control: "picture" })),
  motion: motionSettings.prefault({}).meta(formHints({ control: "picture" })),
  privacyAreas: areasSchema.default([]).describe(
    "Rectangles that are black for everyone until the owner draws others: thousandths of the picture as the camera delivers it, not flipped",
  ).meta(formHints({ control: "picture" })),
  definition: definitionSchema.default("hd").describe("What viewers get who ask for none").meta(
    formHints({ title: "Definition of the live view", names: definitionNames }),
  ),
  native: definitionSchema.default("quad-hd").describe("The definition in which the camera delivers").meta(
    formHints({ title: "Definition of the camera", names: definitionNames }),
  ),
  fps: z.number().int().min(5).max(30).default(25).describe("How many pictures are taken a second").meta(
    formHints({ title: "Pictures a second" }),
  ),
}).superRefine(({ source, url }, context) => {
  if (source !== "rtsp" || url !== "") return;
  const message = "the address of the camera, which begins with rtsp://";
  context.addIssue({ code: "custom", path: ["url"], message, input: url });
});
export type Settings = z.output<typeof settingsSchema>;

/** The camera as the media process is told of it; undefined where there is none. */
export function specOf(
  settings: Settings,
  place: { id: string; zone: string | null; simulated: boolean },
): CameraSpec | undefined {
  const source = sourceOf(settings, place.simulated);
  if (!source) return undefined;
  return {
    id: place.id,
    source,
    fps: settings.fps,
    image: settings.image,
    overlay: { name: settings.overlayName ? settings.name : null, time: settings.overlayTime },
    privacyAreas: settings.privacyAreas,
    zone: place.zone,
  };
}

function sourceOf(settings: Settings, simulated: boolean): Source | undefined {
  const { source, native, sound } = settings;
  switch (source) {
    case "auto":
      return simulated ? { kind: "simulated", native, sound } : undefined;
    case "none":
      return undefined;
    case "simulated":
      return { kind: "simulated", native, sound };
    case "rtsp":
      return { kind: "rtsp", url: settings.url, transport: settings.transport, native, sound };
    case "v4l2":
      return { kind: "v4l2", device: settings.device, format: settings.format, native };
    case "libcamera":
      return { kind: "libcamera", native };
  }
}

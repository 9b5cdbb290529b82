import { z } from "zod";

/** What a viewer may choose, the finest first. */
export const definitionSchema = z.enum(["quad-hd", "full-hd", "hd"]);
export type Definition = z.output<typeof definitionSchema>;

export interface Size {
  width: number;
  height: number;
  /** What an encode of it may take at most, kbit/s. */
  kbps: number;
}

export const SIZES: Readonly<Record<Definition, Size>> = {
  "quad-hd": { width: 2560, height: 1440, kbps: 6_000 },
  "full-hd": { width: 1920, height: 1080, kbps: 4_000 },
  "hd": { width: 1280, height: 720, kbps: 2_000 },
};

/** Viewers at a time, and streams of JPEG: each of these has a program of its own. */
export const MOST_VIEWERS = 16;
export const MOST_JPEGS = 4;
export const MOST_RECORDINGS = 8;

/** What stands between two pictures of a stream of them. */
export const JPEG_BOUNDARY = "picture";

/** The definitions that a camera can give: none is finer than its own. */
export function definitionsOf(native: Definition): Definition[] {
  return definitionSchema.options.filter((one) => SIZES[one].height <= SIZES[native].height);
}

const native = definitionSchema.describe("The definition in which the camera delivers its picture");
const sound = z.boolean().describe("Whether its sound is heard in the live view");

/** Where a picture comes from. What it may say is narrow: it becomes part of a command line. */
export const sourceSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("simulated"), native, sound }),
  z.strictObject({
    kind: z.literal("rtsp"),
    url: z.string().max(500).regex(/^rtsps?:\/\/[!-~]+$/, { error: "an address that begins with rtsp://" }),
    transport: z.enum(["tcp", "udp"]),
    native,
    sound,
  }),
  z.strictObject({
    kind: z.literal("v4l2"),
    device: z.string().regex(/^\/dev\/[\w-]{1,60}$/, { error: "a device such as /dev/video0" }),
    format: z.enum(["h264", "raw"]),
    native,
  }),
  z.strictObject({ kind: z.literal("libcamera"), native }),
]);
export type Source = z.output<typeof sourceSchema>;

/** Whether it delivers its picture compressed. */
export function compresses(source: Source): boolean {
  return source.kind !== "simulated" && (source.kind !== "v4l2" || source.format === "h264");
}

const perMille = (least: number) => z.number().int().min(least).max(1_000);

/** A rectangle in thousandths of the picture as the camera delivers it, from its upper left corner. */
export const areaSchema = z.strictObject({
  x: perMille(0),
  y: perMille(0),
  width: perMille(1),
  height: perMille(1),
}).refine(({ x, width }) => x + width <= 1_000, {
  path: ["width"],
  error: "at most 1000 together with x: it ends in the picture",
}).refine(({ y, height }) => y + height <= 1_000, {
  path: ["height"],
  error: "at most 1000 together with y: it ends in the picture",
});
export type Area = z.output<typeof areaSchema>;

/** As many as a camera has of them, privacy areas or zones. */
export const areasSchema = z.array(areaSchema).max(16);

/** Where and how closely a camera is looked at. */
export const watchSchema = z.strictObject({
  zones: areasSchema,
  sensitivity: z.number().int().min(1).max(100),
});
export type Watch = z.output<typeof watchSchema>;

/** What can be detected: a board that can tell people from the rest would add them. */
export const detectedSchema = z.enum(["motion"]);
export type Detected = z.output<typeof detectedSchema>;

export const imageSchema = z.strictObject({
  /** Per cent, as is `contrast`. */
  brightness: z.number().int().min(-100).max(100),
  contrast: z.number().int().min(-100).max(100),
  flip: z.enum(["none", "horizontal", "vertical", "both"]),
  /** Without colours, the dark parts lifted. */
  night: z.boolean(),
});
export type Image = z.output<typeof imageSchema>;

/** A camera as the media process is told of it. */
export const cameraSpecSchema = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/),
  source: sourceSchema,
  fps: z.number().int().min(5).max(30),
  image: imageSchema,
  overlay: z.strictObject({
    /** Drawn into the picture; null where none is wanted. */
    name: z.string().max(60).regex(/^[^\p{C}]*$/u).nullable(),
    time: z.boolean(),
  }),
  /** Black for everyone, before anything else is done with the picture. */
  privacyAreas: areasSchema,
  /** For the time in the picture, such as Europe/Rome; null for the machine's. */
  zone: z.string().max(64).regex(/^[\w+/-]+$/).nullable(),
});
export type CameraSpec = z.output<typeof cameraSpecSchema>;

/** Something that is heard or that hears. */
const soundDeviceSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("alsa"),
    device: z.string().regex(/^[A-Za-z][\w:,.=-]{0,79}$/, {
      error: "a device of ALSA such as default or plughw:0,0",
    }),
  }),
  z.strictObject({ kind: z.literal("simulated") }),
]);

/** The panel's loudspeaker and microphone as the media process is told of them. */
export const soundSpecSchema = z.strictObject({
  loudspeaker: soundDeviceSchema.nullable(),
  /** Heard in place of the camera's own; null where only the camera has one. */
  microphone: soundDeviceSchema.nullable(),
  /** Of the loudspeaker, per cent. */
  volume: z.number().int().min(0).max(100),
  /** Nothing is heard of the panel while somebody speaks there. */
  halfDuplex: z.boolean(),
});
export type SoundSpec = z.output<typeof soundSpecSchema>;

/** Longest sound that is kept to be played, ms. */
export const LONGEST_SOUND_MS = 30_000;
/** Largest file that a sound is made of, bytes. */
export const LARGEST_SOUND_BYTES = 2 * 1024 * 1024;

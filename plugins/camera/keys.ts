import { z } from "zod";
import { defineService } from "../../core/mod.ts";
import {
  type Area,
  type Definition,
  definitionSchema,
  type Image,
  imageSchema,
  watchSchema,
} from "../../media/keys.ts";

export { type Area, type Definition, definitionSchema, type Image, imageSchema };

/** The part's id. */
export const CAMERA = "camera";

/** What the household calls them. */
export const definitionNames: Readonly<Record<Definition, string>> = {
  "quad-hd": "Quad HD (2560 × 1440)",
  "full-hd": "Full HD (1920 × 1080)",
  "hd": "HD (1280 × 720)",
};

/** The state of the part. */
export const cameraStateSchema = z.strictObject({
  /** What it can show, the finest first. */
  definitions: z.array(definitionSchema),
  /** What viewers get who ask for none. */
  definition: definitionSchema,
  /** Why there is no picture; empty where there is one, or nobody has looked yet. */
  fault: z.string(),
  viewers: z.number().int(),
  /** Whether something moves, where that is looked for. */
  motion: z.boolean(),
  /** Whether that is looked for. */
  looksOut: z.boolean(),
  image: imageSchema,
  /** Whether the camera compresses its picture itself, and it is encoded anew for a privacy area alone. */
  areasCost: z.boolean(),
  /** The same for what the picture looks like. */
  imageCosts: z.boolean(),
});
export type CameraState = z.output<typeof cameraStateSchema>;

export const imageChangeSchema = z.strictObject({
  brightness: imageSchema.shape.brightness.optional(),
  contrast: imageSchema.shape.contrast.optional(),
  flip: imageSchema.shape.flip.optional(),
  night: imageSchema.shape.night.optional(),
}).refine((change) => Object.values(change).some((value) => value !== undefined), {
  error: "at least one of brightness, contrast, flip, night",
});
export type ImageChange = z.output<typeof imageChangeSchema>;

/** Whether something that moves is looked for, how closely and where. */
export const motionSettingsSchema = watchSchema.extend({ enabled: z.boolean() });
export type MotionSettings = z.output<typeof motionSettingsSchema>;

/** The panel's camera. All of it is refused with `camera-none` (404) where none is configured. */
export interface CameraService {
  state(): Promise<CameraState>;
  /**
   * The picture now, JPEG; the definition of the settings unless told.
   * @throws {LatchkeyError} `media-away`, `media-missing`, `picture-none` (503), `definition-unknown` (404)
   */
  snapshot(definition?: Definition): Promise<Uint8Array>;
  /**
   * Answers a viewer's offer, an SDP (WHEP). Whoever asks sees to it that the viewer may look, and ends the session.
   * @throws {LatchkeyError} as `snapshot`, and `offer-invalid` (400), `codec-unknown` (406), `viewers-busy` (503)
   */
  view(offer: string, definition?: Definition): Promise<{ session: string; answer: string }>;
  leave(session: string): Promise<void>;
  /**
   * The definitions that can be recorded, none where there is no camera; and which of them the camera compresses itself,
   * with nothing done to its picture, so that it costs nothing to have.
   */
  recordable(): Promise<{ definitions: Definition[]; compressed: Definition | undefined }>;
  /** Changes what the picture looks like, for everyone; kept until the settings say something else. */
  setImage(change: ImageChange): Promise<Image>;
}

export const cameraService = defineService<CameraService>("camera");

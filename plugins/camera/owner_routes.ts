import type { z } from "zod";
import { type Route, route } from "../../core/mod.ts";
import { type Area, areasSchema, imageSchema } from "../../media/keys.ts";
import { type CameraService, imageChangeSchema, type MotionSettings, motionSettingsSchema } from "./keys.ts";

/** What an owner changes, and who does not say so in the settings. */
export interface Kept<T> {
  /** @throws {LatchkeyError} `camera-none` (404) */
  get(): T;
  /** In force when resolved. @throws {LatchkeyError} `camera-none` (404), and as `MediaService.setCamera` */
  set(value: T): Promise<T>;
}

export interface OwnerRoutes {
  camera: Pick<CameraService, "setImage">;
  privacyAreas: Kept<Area[]>;
  motion: Kept<MotionSettings>;
}

const gate = { access: "owner", tag: "camera" } as const;
const NO_CAMERA = { 404: "There is no camera" };
const LATE = { 503: "The media process did not put it in force; it is kept, and is as soon as it answers" };
const KEPT = "Kept until the settings say something else.";

/** What everyone sees, what nobody does, and whether motion is looked for: the owner's alone to say. */
export function ownerRoutes({ camera, privacyAreas, motion }: OwnerRoutes): Route[] {
  return [
    route({
      ...gate,
      method: "patch",
      path: "/image",
      summary: "Change what the picture looks like",
      description: `For everyone, live and recorded, at once. What is left out stays as it is. ${KEPT}`,
      body: imageChangeSchema,
      response: imageSchema,
      refusals: { ...NO_CAMERA, ...LATE },
      handle: ({ body }) => camera.setImage(body),
    }),
    ...keptRoutes(privacyAreas, {
      path: "/privacy-areas",
      schema: areasSchema,
      get: "List the areas that are black for everyone",
      put: "Replace the areas that are black for everyone",
      meaning: "In thousandths of the picture as the camera delivers it, not flipped.",
      effect:
        "None: nothing is black. When this is answered nobody is shown a picture of before any more, and " +
        "what is recorded from then on has the areas. Parts of a recording that were made before and wait for " +
        "a slow card are still written to it.",
      refusals: { 400: "More than 16, or one that is not a rectangle in the picture", ...LATE },
    }),
    ...keptRoutes(motion, {
      path: "/motion",
      schema: motionSettingsSchema,
      get: "Tell whether motion is looked for, how closely and where",
      put: "Say whether motion is looked for, how closely and where",
      meaning: "Zones are in thousandths of the picture as it is seen, a flip included; none: anywhere.",
      effect:
        "While it is looked for, the camera runs all the time. What moves is an event, a state and a recording.",
      refusals: { 400: "A field is missing, or is not what it may be; the answer names it" },
    }),
  ];
}

interface Words<T> {
  path: string;
  schema: z.ZodType<T, T>;
  get: string;
  put: string;
  /** What its numbers are. */
  meaning: string;
  effect: string;
  refusals: Record<number, string>;
}

function keptRoutes<T>(
  kept: Kept<T>,
  { path, schema, get, put, meaning, effect, refusals }: Words<T>,
): Route[] {
  const common = { ...gate, path, response: schema } as const;
  return [
    route({
      ...common,
      method: "get",
      summary: get,
      description: meaning,
      refusals: NO_CAMERA,
      handle: () => kept.get(),
    }),
    route({
      ...common,
      method: "put",
      summary: put,
      description: `${meaning} ${effect} ${KEPT}`,
      body: schema,
      refusals: { ...NO_CAMERA, ...refusals },
      handle: ({ body }) => kept.set(body),
    }),
  ];
}

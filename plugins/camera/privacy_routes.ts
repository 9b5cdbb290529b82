import { type Route, route } from "../../core/mod.ts";
import { type Area, areasSchema } from "../../media/keys.ts";

export interface PrivacyRoutes {
  /** @throws {LatchkeyError} `camera-none` (404) */
  areas(): Area[];
  /** In force when resolved. @throws {LatchkeyError} `camera-none` (404), and as `MediaService.setCamera` */
  setAreas(areas: Area[]): Promise<Area[]>;
}

/** What of the picture is black for everyone: the owner's alone to say. */
export function privacyRoutes({ areas, setAreas }: PrivacyRoutes): Route[] {
  const common = { path: "/privacy-areas", access: "owner", tag: "camera", response: areasSchema } as const;
  return [
    route({
      ...common,
      method: "get",
      summary: "List the areas that are black for everyone",
      description: "In thousandths of the picture as the camera delivers it, not flipped.",
      refusals: { 404: "There is no camera" },
      handle: areas,
    }),
    route({
      ...common,
      method: "put",
      summary: "Say which areas are black for everyone, in place of those before",
      description:
        "In thousandths of the picture as the camera delivers it, not flipped; none: nothing is black. When this is " +
        "answered nobody is shown a picture of before any more, and nothing of it is recorded. Kept until the " +
        "settings say something else.",
      body: areasSchema,
      refusals: {
        400: "More than 16 areas, or one that is not a rectangle in the picture",
        404: "There is no camera",
        503: "The media process did not put them in force; they are kept, and are as soon as it answers",
      },
      handle: ({ body }) => setAreas(body),
    }),
  ];
}

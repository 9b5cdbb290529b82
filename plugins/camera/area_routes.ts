import { type Route, route } from "../../core/mod.ts";
import { type Area, areasSchema } from "../../media/keys.ts";

/** Areas of the picture that an owner draws. */
export interface Areas {
  /** @throws {LatchkeyError} `camera-none` (404) */
  list(): Area[];
  /** In force when resolved. @throws {LatchkeyError} `camera-none` (404), and as `MediaService.setCamera` */
  set(areas: Area[]): Promise<Area[]>;
}

/** What of the picture is black for everyone, and where motion is looked for: the owner's alone to say. */
export function areaRoutes({ privacy, zones }: { privacy: Areas; zones: Areas }): Route[] {
  return [
    ...routesOf(privacy, {
      path: "/privacy-areas",
      what: "areas that are black for everyone",
      counted: "In thousandths of the picture as the camera delivers it, not flipped.",
      effect:
        "None: nothing is black. When this is answered nobody is shown a picture of before any more, and " +
        "what is recorded from then on has the areas. Parts of a recording that were made before and wait for " +
        "a slow card are still written to it.",
    }),
    ...routesOf(zones, {
      path: "/motion-zones",
      what: "zones in which something has to move",
      counted: "In thousandths of the picture as it is seen, a flip included.",
      effect: "None: it may move anywhere. Whether motion is looked for at all is said in the settings.",
    }),
  ];
}

interface Words {
  path: string;
  what: string;
  /** What their numbers are. */
  counted: string;
  effect: string;
}

function routesOf({ list, set }: Areas, { path, what, counted, effect }: Words): Route[] {
  const common = { path, access: "owner", tag: "camera", response: areasSchema } as const;
  return [
    route({
      ...common,
      method: "get",
      summary: `List the ${what}`,
      description: counted,
      refusals: { 404: "There is no camera" },
      handle: list,
    }),
    route({
      ...common,
      method: "put",
      summary: `Replace the ${what}`,
      description: `${counted} ${effect} Kept until the settings say something else.`,
      body: areasSchema,
      refusals: {
        400: "More than 16, or one that is not a rectangle in the picture",
        404: "There is no camera",
        503: "The media process did not put them in force; they are kept, and are as soon as it answers",
      },
      handle: ({ body }) => set(body),
    }),
  ];
}

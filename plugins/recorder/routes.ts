import { z } from "zod";
import { type AccessService, type Context, errorText, type Route, route } from "../../core/mod.ts";
import type { Card } from "./card/card.ts";
import { type Desk, unusable } from "./desk.ts";
import { clipSchema, type RecorderView, recorderViewSchema } from "./model.ts";
import type { Library, Listed } from "./library.ts";
import type { Playback } from "./playback.ts";
import type { Recordings } from "./recordings.ts";

export const tag = "recorder";
const MANUAL_MS = 10 * 60_000;

export const clipParams = z.strictObject({ id: z.string().regex(/^[0-9a-f]{32}$/) });
export const noClip = {
  404: "There is no such recording on the card that is in",
  409: "The card can't be used, the recording is under way, damaged or locked; `code` says which",
};

export interface RecorderRoutes {
  ctx: Pick<Context, "clock" | "log" | "after">;
  access: Pick<AccessService, "record">;
  view(): RecorderView;
  card: Card;
  desk: Desk;
  library: Library;
  playback: Playback;
  recordings: Recordings;
}

/** What is recorded, and what is done with it. */
export function recorderRoutes(parts: RecorderRoutes): Route[] {
  return [...cardRoutes(parts), ...clipRoutes(parts)];
}

function cardRoutes({ ctx, access, view, card, recordings }: RecorderRoutes): Route[] {
  return [
    route({
      method: "get",
      path: "/state",
      access: "household",
      tag,
      summary: "Show the card, what is being recorded, and whether it is encrypted",
      response: recorderViewSchema,
      handle: view,
    }),
    route({
      method: "post",
      path: "/card/initialize",
      access: "owner",
      tag,
      summary: "Erase the card and make it this panel's",
      description: "Everything on it is lost. Goes on after the answer; its state tells how far.",
      body: z.strictObject({ confirm: z.literal("erase").describe("So that nobody erases it by mistake") }),
      status: 202,
      refusals: { 409: "There is no card in the slot, or it is being initialized already" },
      async handle({ actor }) {
        const { state } = card.view;
        if (state === "absent" || state === "initializing") throw unusable(state);
        // Before anything is lost: each recording that is deleted is in the log, too.
        await access.record({ kind: "system", outcome: "card-erased", actor, via: "app" });
        await recordings.endAll();
        // Somebody else may have been faster.
        if (card.view.state === "initializing") throw unusable("initializing");
        card.initialize().catch((error) => ctx.log.error("The card failed", { error: errorText(error) }));
      },
    }),
    route({
      method: "post",
      path: "/recording",
      access: "residents",
      tag,
      summary: "Record now, until it is ended or for ten minutes",
      status: 202,
      refusals: { 409: "The card can't be used" },
      handle() {
        if (!card.usable) throw unusable(card.view.state);
        recordings.start("manual");
        recordings.finish("manual", MANUAL_MS);
      },
    }),
    route({
      method: "delete",
      path: "/recording",
      access: "residents",
      tag,
      summary: "End the recording that was begun by hand",
      // What the camera has not handed over yet is to be in it.
      handle: () => recordings.finish("manual", 1_000),
    }),
  ];
}

function clipRoutes({ access, desk, library }: RecorderRoutes): Route[] {
  return [
    route({
      method: "get",
      path: "/clips",
      access: "household",
      tag,
      summary: "List recordings on the card, newest first",
      query: z.strictObject({
        before: z.coerce.number().optional().describe("Those that began before this wall time only, ms"),
        call: z.string().max(80).optional().describe("Those of this call only"),
        limit: z.coerce.number().int().min(1).max(500).default(100),
      }),
      response: z.array(clipSchema),
      refusals: { 409: "The card can't be read" },
      async handle({ query }) {
        const { id } = await desk.shelf();
        const { before, limit, call } = query;
        const clips = call === undefined
          ? library.list(id, before, limit)
          : library.ofCall(id, call, before, limit);
        return clips.map(shown);
      },
    }),
    route({
      method: "patch",
      path: "/clips/{id}",
      access: "residents",
      tag,
      summary: "Keep a recording until somebody deletes it, or no longer",
      params: clipParams,
      body: z.strictObject({ protected: z.boolean() }),
      response: clipSchema,
      refusals: noClip,
      handle: async ({ params, body }) => shown(await desk.protect(params.id, body.protected)),
    }),
    route({
      method: "delete",
      path: "/clips/{id}",
      access: "owner",
      tag,
      summary: "Delete a recording",
      params: clipParams,
      refusals: noClip,
      async handle({ params, actor }) {
        await desk.delete(params.id);
        await access.record({
          kind: "system",
          outcome: "recording-deleted",
          actor,
          via: "app",
          detail: { clip: params.id },
        });
      },
    }),
    route({
      method: "get",
      path: "/snapshots",
      access: "household",
      tag,
      summary: "List the calls that have a picture, newest first",
      response: z.array(z.string()),
      handle: () => library.snapshots(),
    }),
  ];
}

function shown({ name: _name, ...clip }: Listed) {
  return clip;
}

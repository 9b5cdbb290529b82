import { z } from "zod";
import { LatchkeyError, rawRoute, type Route, type RouteInput } from "../../core/mod.ts";
import { clipParams, noClip, type RecorderRoutes, tag } from "./routes.ts";
import type { Listed } from "./library.ts";
import { rangeOf, streamOf } from "./playback.ts";

const JPEG = "image/jpeg";
const MP4 = "video/mp4";
const AGE = "application/octet-stream";
/** A recording that somebody watches is watched once in this time, for the log, ms. */
const WATCHED_MS = 10 * 60_000;

const callParams = z.strictObject({ id: z.string().regex(/^[\w-]{1,60}$/) });

type Asker = Pick<RouteInput<unknown, unknown, unknown>, "actor" | "caller">;

/** Recordings and pictures as they are watched. */
export function watchRoutes({ ctx, access, desk, library, playback }: RecorderRoutes): Route[] {
  /** Who has watched what, until it counts as another time. */
  const watched = new Set<string>();

  /** Before it is shown: what can't be logged is not watched. */
  async function note({ actor, caller }: Asker, clip: Listed, outcome: string): Promise<void> {
    const key = `${outcome} ${caller.deviceId} ${clip.id}`;
    if (watched.has(key)) return;
    await access.record({
      kind: "system",
      outcome,
      actor,
      via: actor.kind === "monitor" ? "monitor" : "app",
      detail: { clip: clip.id, cause: clip.cause, startedAt: clip.startedAt },
    });
    watched.add(key);
    ctx.after(WATCHED_MS, () => void watched.delete(key));
  }

  return [
    rawRoute({
      path: "/clips/{id}/video",
      access: "household",
      link: true,
      tag,
      summary: "Watch a recording, or save it",
      description: "An MP4 that can be gone through by ranges of bytes. Each look is in the access log.",
      params: clipParams,
      query: z.strictObject({
        save: z.enum(["clear", "stored"]).optional().describe("As a file; stored: as it is on the card"),
      }),
      produces: MP4,
      refusals: { ...noClip, 416: "The recording is not as long" },
      async respond(request, { params, query, ...asker }) {
        const shelf = await desk.shelf();
        const clip = library.get(shelf.id, params.id);
        const file = query.save === "stored" ? await playback.stored(shelf, clip) : undefined;
        const content = file ?? await playback.movie(shelf, clip);
        const name = `door-${new Date(clip.startedAt).toISOString().slice(0, 19).replaceAll(":", "-")}.mp4`;
        const isAge = file !== undefined && clip.sealed;
        const headers: Record<string, string> = {
          "content-type": isAge ? AGE : MP4,
          "accept-ranges": "bytes",
          "cache-control": "no-store",
          ...(query.save === undefined
            ? {}
            : { "content-disposition": `attachment; filename="${name}${isAge ? ".age" : ""}"` }),
        };
        const range = rangeOf(request.headers.get("range"), content.size);
        if (range === "none") {
          return new Response(null, { status: 416, headers: { "content-range": `bytes */${content.size}` } });
        }
        const { from, to } = range ?? { from: 0, to: content.size };
        headers["content-length"] = String(to - from);
        if (range) headers["content-range"] = `bytes ${from}-${to - 1}/${content.size}`;
        const status = range ? 206 : 200;
        if (request.method === "HEAD") return new Response(null, { status, headers });
        await note(asker, clip, query.save === undefined ? "recording-watched" : "recording-exported");
        return new Response(streamOf(content, from, to) as BodyInit, { status, headers });
      },
    }),
    rawRoute({
      path: "/clips/{id}/thumbnail",
      access: "household",
      link: true,
      tag,
      summary: "Show a recording's small picture",
      params: clipParams,
      produces: JPEG,
      refusals: noClip,
      async respond(_request, { params }) {
        const shelf = await desk.shelf();
        return picture(await playback.thumbnail(shelf, library.get(shelf.id, params.id)));
      },
    }),
    rawRoute({
      path: "/calls/{id}/snapshot",
      access: "household",
      link: true,
      tag,
      summary: "Show who rang",
      params: callParams,
      produces: JPEG,
      refusals: { 404: "There is no picture of this call", 409: "It is encrypted, and locked" },
      async respond(_request, { params }) {
        const kept = library.snapshot(params.id);
        if (!kept) {
          throw new LatchkeyError("picture-none", "There is no picture of this call", { status: 404 });
        }
        return picture(kept.sealed ? await playback.unsealed(kept.picture) : kept.picture);
      },
    }),
  ];
}

function picture(bytes: Uint8Array): Response {
  const headers = { "content-type": JPEG, "cache-control": "no-store" };
  return new Response(new Uint8Array(bytes), { headers });
}

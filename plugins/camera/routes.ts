import { z } from "zod";
import { type Context, LatchkeyError, type RawInput, rawRoute, type Route, route } from "../../core/mod.ts";
import { definitionSchema, endable, JPEG_BOUNDARY, type MediaService } from "../../media/keys.ts";
import { CAMERA, type CameraService, type Definition } from "./keys.ts";
import type { Viewers } from "./viewers.ts";

const SDP = "application/sdp";
const JPEG = "image/jpeg";
const JPEGS = `multipart/x-mixed-replace; boundary=${JPEG_BOUNDARY}`;
const LOCATION = "/api/v1/plugins/camera/whep";

const gate = { access: "household", scope: "camera:view", tag: "camera" } as const;
const chosen = z.strictObject({
  definition: definitionSchema.optional().describe("That of the settings unless given"),
});
const sessionParams = z.strictObject({ session: z.string().regex(/^[\w-]{1,64}$/) });
const noPicture = {
  404: "There is no camera, or it has no such definition",
  503: "There is no picture now, or too many look already; the text says which",
};

export interface CameraRoutes {
  ctx: Pick<Context, "freshId">;
  camera: CameraService;
  media: MediaService;
  viewers: Viewers;
  /** @throws {LatchkeyError} `camera-none`, `definition-unknown` (404) */
  definition(asked: Definition | undefined): Definition;
}

export function cameraRoutes({ ctx, camera, media, viewers, definition }: CameraRoutes): Route[] {
  const deviceOf = ({ caller }: Pick<RawInput<unknown, unknown, unknown>, "caller">) => caller.deviceId ?? "";

  /** Sessions of others are nobody's business. */
  function assertOwn(session: string, deviceId: string): void {
    if (viewers.get(session)?.deviceId === deviceId) return;
    throw new LatchkeyError("session-unknown", "This session is over, or another device's", { status: 404 });
  }

  return [
    rawRoute({
      ...gate,
      method: "post",
      path: "/whep",
      summary: "Watch live, over WebRTC",
      description:
        "WHEP: takes an offer that asks for video, and sound if wanted, and answers it; all candidates are in " +
        "the answer. The header Location names the session: DELETE ends it.",
      query: chosen,
      body: z.string().min(1),
      consumes: SDP,
      produces: SDP,
      status: 201,
      refusals: { ...noPicture, 400: "Not an offer that asks for video", 406: "The offer takes no H.264" },
      async respond(_request, { query, body, still, ...input }) {
        const deviceId = deviceOf(input);
        return await viewers.admit(deviceId, async () => {
          const { session, answer } = await camera.view(body, query.definition);
          viewers.add(session, {
            deviceId,
            still,
            isStream: false,
            end: () => void camera.leave(session).catch(() => {}),
          });
          const headers = { "content-type": SDP, "location": `${LOCATION}/${session}` };
          return new Response(answer, { status: 201, headers });
        });
      },
    }),
    route({
      ...gate,
      method: "patch",
      path: "/whep/{session}",
      summary: "Choose another definition, on the same connection",
      params: sessionParams,
      body: z.strictObject({ definition: definitionSchema }),
      refusals: { 404: "The session is over, or the camera has no such definition" },
      async handle({ params, body, caller }) {
        assertOwn(params.session, caller.deviceId ?? "");
        await media.choose(params.session, definition(body.definition));
      },
    }),
    route({
      ...gate,
      method: "delete",
      path: "/whep/{session}",
      summary: "Stop watching",
      params: sessionParams,
      refusals: { 404: "The session is over already, or another device's" },
      handle({ params, caller }) {
        assertOwn(params.session, caller.deviceId ?? "");
        viewers.end(params.session);
      },
    }),
    rawRoute({
      ...gate,
      path: "/snapshot",
      link: true,
      summary: "Get the picture now",
      query: chosen,
      produces: JPEG,
      refusals: noPicture,
      async respond(request, { query }) {
        const headers = { "content-type": JPEG, "cache-control": "no-store" };
        if (request.method === "HEAD") return new Response(null, { headers });
        return new Response(await camera.snapshot(query.definition) as BodyInit, { headers });
      },
    }),
    rawRoute({
      ...gate,
      path: "/mjpeg",
      link: true,
      summary: "Watch without WebRTC, as a stream of pictures",
      description: "For clients that know nothing better: it costs the panel more, and shows fewer pictures.",
      query: chosen.extend({
        fps: z.coerce.number().int().min(1).max(15).default(5).describe("Pictures a second"),
      }),
      produces: "multipart/x-mixed-replace",
      refusals: noPicture,
      async respond(request, { query, still, hangUp, ...input }) {
        const headers = { "content-type": JPEGS, "cache-control": "no-store" };
        if (request.method === "HEAD") return new Response(null, { headers });
        const deviceId = deviceOf(input);
        return await viewers.admit(deviceId, async () => {
          const id = ctx.freshId();
          const pictures = await media.jpegs(CAMERA, definition(query.definition), query.fps);
          const { stream, end } = endable(pictures, () => viewers.delete(id));
          const cut = () => {
            end();
            hangUp?.();
          };
          viewers.add(id, { deviceId, still, isStream: true, end: cut });
          return new Response(stream as BodyInit, { headers });
        });
      },
    }),
  ];
}

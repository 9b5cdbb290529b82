import { z } from "zod";
import { type Context, LatchkeyError, type RawInput, rawRoute, type Route, route } from "../../core/mod.ts";
import { LARGEST_SOUND_BYTES, LONGEST_SOUND_MS, type MediaService } from "../../media/keys.ts";
import { replySchema } from "./keys.ts";
import { MOST_REPLIES, type Replies, replyNameSchema } from "./replies.ts";
import type { Talks } from "./talk.ts";

const SDP = "application/sdp";
const OGG = "audio/ogg";
const tag = "intercom";
const LOCATION = "/api/v1/plugins/intercom/sessions";

const gate = { access: "household", scope: "calls:talk", tag } as const;
const taking = z.strictObject({
  take: z.enum(["true", "false"]).default("false").describe("true: whoever is heard gives way"),
});
const playedSchema = z.strictObject({ session: z.string(), ms: z.number().int() });
const replyParams = z.strictObject({ id: z.string().regex(/^[\w-]{1,64}$/) });
const busy = { 409: "Somebody is heard already; the text says who" };
const noSound = { 503: "There is no sound now; the text says why" };
const noReply = { 404: "There is no such quick reply" };

export interface IntercomRoutes {
  ctx: Pick<Context, "freshId">;
  media: MediaService;
  talks: Talks;
  replies: Replies;
  /** Told that the quick replies have changed. */
  changed(): void;
}

type Asker = Pick<RawInput<unknown, unknown, unknown>, "actor" | "caller" | "still" | "assertStill">;

export function intercomRoutes({ ctx, media, talks, replies, changed }: IntercomRoutes): Route[] {
  /** Lets whoever asks be heard by what `open` begins. */
  async function admit<T extends { session: string }>(
    { actor, caller, still, assertStill }: Asker,
    { take }: z.output<typeof taking>,
    reply: string | null,
    open: () => Promise<T>,
  ): Promise<T> {
    const deviceId = caller.deviceId ?? "";
    const by = actor.name ?? actor.id ?? actor.kind;
    let begun: T | undefined;
    await talks.admit({ deviceId, takes: take === "true", assertStill }, async () => {
      begun = await open();
      return { session: begun.session, deviceId, by, reply, still };
    });
    return begun!;
  }

  return [
    rawRoute({
      ...gate,
      method: "post",
      path: "/whip",
      summary: "Speak at the panel, over WebRTC",
      description:
        "WHIP: takes an offer that sends Opus and answers it; all candidates are in the answer. One is heard at a " +
        "time. The header Location names the session: DELETE ends it. One that is silent keeps itself alive by a " +
        "message on the data channel `alive` every few seconds.",
      query: taking,
      body: z.string().min(1),
      consumes: SDP,
      produces: SDP,
      status: 201,
      refusals: {
        ...busy,
        ...noSound,
        400: "Not an offer that sends sound",
        404: "The panel has no loudspeaker",
        406: "The offer has no Opus",
      },
      async respond(_request, { query, body, ...asker }) {
        const { session, answer } = await admit(asker, query, null, () => media.talk(body));
        const headers = { "content-type": SDP, "location": `${LOCATION}/${session}` };
        return new Response(answer, { status: 201, headers });
      },
    }),
    route({
      ...gate,
      method: "delete",
      path: "/sessions/{session}",
      summary: "Be heard no more, or stop the quick reply that one has begun",
      params: z.strictObject({ session: z.string().regex(/^[\w-]{1,64}$/) }),
      refusals: { 404: "The session is over already, or another device's" },
      handle({ params, caller }) {
        const { now } = talks;
        if (now?.session !== params.session || now.deviceId !== (caller.deviceId ?? "")) {
          throw new LatchkeyError("session-unknown", "This session is over, or another device's", {
            status: 404,
          });
        }
        talks.end(params.session);
      },
    }),
    route({
      ...gate,
      path: "/replies",
      method: "get",
      summary: "List the quick replies",
      response: z.array(replySchema),
      handle: () => [...replies.list],
    }),
    rawRoute({
      path: "/replies",
      method: "post",
      access: "owner",
      tag,
      summary: "Bring a quick reply",
      description:
        `A file with sound: MP3, M4A, WAV, FLAC, Ogg or WebM, at most ${
          LARGEST_SOUND_BYTES / 2 ** 20
        } MiB; of what ` +
        `is longer than ${
          LONGEST_SOUND_MS / 1_000
        } s the beginning. It is made as loud as speech is elsewhere. At ` +
        `most ${MOST_REPLIES} are kept.`,
      query: z.strictObject({ name: replyNameSchema }),
      takes: { type: "application/octet-stream", bytes: LARGEST_SOUND_BYTES },
      produces: "application/json",
      response: replySchema,
      status: 201,
      refusals: {
        ...noSound,
        409: "There are too many, or one of this name",
        422: "The file holds no sound that is known here",
      },
      async respond(_request, { query, bytes, assertStill }) {
        replies.assertRoom(query.name);
        const { sound, ms } = await media.convert(await bytes());
        assertStill();
        const reply = { id: ctx.freshId(), name: query.name, ms };
        await replies.add(reply, sound);
        changed();
        return Response.json(reply, { status: 201 });
      },
    }),
    route({
      path: "/replies/{id}",
      method: "delete",
      access: "owner",
      tag,
      summary: "Delete a quick reply",
      params: replyParams,
      refusals: noReply,
      async handle({ params }) {
        await replies.delete(params.id);
        changed();
      },
    }),
    rawRoute({
      ...gate,
      path: "/replies/{id}/sound",
      link: true,
      summary: "Hear a quick reply, here",
      params: replyParams,
      produces: OGG,
      refusals: noReply,
      async respond(request, { params }) {
        const headers = { "content-type": OGG, "cache-control": "no-store" };
        const sound = await replies.sound(params.id);
        return new Response(request.method === "HEAD" ? null : sound as BodyInit, { headers });
      },
    }),
    rawRoute({
      ...gate,
      path: "/replies/{id}/play",
      method: "post",
      summary: "Play a quick reply at the panel",
      params: replyParams,
      query: taking,
      produces: "application/json",
      response: playedSchema,
      refusals: { ...busy, ...noSound, 404: "There is no such quick reply, or no loudspeaker" },
      async respond(_request, { params, query, ...asker }) {
        const reply = replies.get(params.id);
        const sound = await replies.sound(reply.id);
        return Response.json(
          playedSchema.parse(await admit(asker, query, reply.name, () => media.play(sound))),
        );
      },
    }),
  ];
}

import { z } from "zod";
import { type Context, LatchkeyError, rawRoute, type Route, route } from "../../core/mod.ts";
import { endable, type MediaService, mediaSessionEnded } from "../../media/keys.ts";

const SDP = "application/sdp";
const OGG = "audio/ogg";
const LOCATION = "/api/v1/plugins/simulator/microphone";
/** An access that ends by time ends what is heard within this, ms. */
const LOOK_EVERY_MS = 500;

const gate = { access: "owner", tag: "simulator" } as const;
const noSound = { 404: "The panel has no simulated one", 503: "There is no sound now; the text says why" };

/** The ears and the mouth at the simulated panel. */
export function soundRoutes(ctx: Pick<Context, "every" | "on" | "defer">, media: MediaService): Route[] {
  /** Who speaks: by session, ends the watch over whether they still may. */
  const speaking = new Map<string, () => void>();

  /** Who hears: ends it. */
  const listening = new Set<() => void>();

  function over(session: string): boolean {
    speaking.get(session)?.();
    return speaking.delete(session);
  }

  ctx.defer("who is heard at the simulated panel, and who hears", async () => {
    for (const end of [...listening]) end();
    for (const session of [...speaking.keys()]) {
      over(session);
      await media.leave(session).catch(() => {});
    }
  });
  ctx.on(mediaSessionEnded, ({ session }) => void over(session));

  return [
    rawRoute({
      ...gate,
      path: "/loudspeaker",
      link: true,
      summary: "Hear what the simulated loudspeaker gives",
      description: "Ogg with Opus, for as long as it is read.",
      produces: OGG,
      refusals: noSound,
      async respond(request, { still, hangUp }) {
        const headers = { "content-type": OGG, "cache-control": "no-store" };
        if (request.method === "HEAD") return new Response(null, { headers });
        const source = await media.overhear();
        let stop = () => {};
        const { stream, end } = endable(source, () => {
          stop();
          listening.delete(end);
        });
        listening.add(end);
        stop = ctx.every(LOOK_EVERY_MS, () => {
          if (still()) return;
          end();
          hangUp?.();
        });
        return new Response(stream as BodyInit, { headers });
      },
    }),
    rawRoute({
      ...gate,
      method: "post",
      path: "/microphone",
      summary: "Speak into the simulated microphone, over WebRTC",
      description: "As WHIP has it. One is heard at a time: who comes takes the place of whoever was.",
      body: z.string().min(1),
      consumes: SDP,
      produces: SDP,
      status: 201,
      refusals: { ...noSound, 400: "Not an offer that sends sound", 406: "The offer has no Opus" },
      async respond(_request, { body, still }) {
        const { session, answer } = await media.speak(body);
        const stop = ctx.every(LOOK_EVERY_MS, () => {
          if (still() || !over(session)) return;
          return media.leave(session).catch(() => {});
        });
        speaking.set(session, stop);
        const headers = { "content-type": SDP, "location": `${LOCATION}/${session}` };
        return new Response(answer, { status: 201, headers });
      },
    }),
    route({
      ...gate,
      method: "delete",
      path: "/microphone/{session}",
      summary: "Speak into the simulated microphone no more",
      params: z.strictObject({ session: z.string().regex(/^[\w-]{1,64}$/) }),
      refusals: { 404: "The session is over already" },
      async handle({ params }) {
        if (!over(params.session)) {
          throw new LatchkeyError("session-unknown", "This session is over", { status: 404 });
        }
        await media.leave(params.session);
      },
    }),
  ];
}

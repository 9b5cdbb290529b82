import type { EventStream } from "../event_stream.ts";
import { rawRoute } from "../raw_route.ts";
import type { Route } from "../route.ts";

const TYPE = "text/event-stream";

export function eventRoutes(stream: EventStream): Route[] {
  return [
    rawRoute({
      path: "/events",
      access: "owner",
      tag: "events",
      summary: "Follow what happens, as server-sent events",
      description:
        "`Last-Event-ID` resumes after that event. `ready` comes first of all; `reset` where the panel can't " +
        "tell what was missed: take the state anew.",
      produces: TYPE,
      refusals: { 503: "Too many streams are open, or the panel is stopping" },
      respond(request, { hangUp }) {
        const headers = { "content-type": TYPE, "cache-control": "no-store" };
        // Nobody would end a stream whose answer has no body.
        if (request.method === "HEAD") return new Response(null, { headers });
        return new Response(stream.open(request.headers.get("last-event-id"), hangUp), { headers });
      },
    }),
  ];
}

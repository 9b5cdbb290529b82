import type { Role } from "../../members/model.ts";
import type { Audience } from "../../plugin/keys.ts";
import type { EventStream } from "../event_stream.ts";
import { rawRoute } from "../raw_route.ts";
import type { Route } from "../route.ts";

const TYPE = "text/event-stream";

export function eventRoutes(stream: EventStream): Route[] {
  return [
    rawRoute({
      path: "/events",
      access: "members",
      scope: "events:read",
      tag: "events",
      summary: "Follow what happens, as server-sent events",
      description:
        "`Last-Event-ID` resumes after that event. `ready` comes first of all; `reset` where the panel can't " +
        "tell what was missed: take the state anew. A guest is told nothing; but as everyone's, the stream ends when " +
        "the access ends or is changed.",
      produces: TYPE,
      refusals: {
        429: "This device has too many streams open already",
        503: "Too many streams are open, or the panel is stopping",
      },
      respond(request, { hangUp, caller, still }) {
        const headers = { "content-type": TYPE, "cache-control": "no-store" };
        // Nobody would end a stream whose answer has no body.
        if (request.method === "HEAD") return new Response(null, { headers });
        const { deviceId = "", role } = caller;
        const subscriber = {
          deviceId,
          audiences: audiencesOf(role),
          still,
          hangUp,
        };
        return new Response(stream.open(request.headers.get("last-event-id"), subscriber), { headers });
      },
    }),
  ];
}

function audiencesOf(role: Role | undefined): Audience[] {
  if (role === "owner" || role === "family") return ["household", "residents"];
  return role === "guest" ? [] : ["household"];
}

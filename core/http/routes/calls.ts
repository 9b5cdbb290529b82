import { z } from "zod";
import type { Actor } from "../../access/model.ts";
import { type Call, callSchema, type CallService, callService } from "../../calls/keys.ts";
import { LatchkeyError } from "../../errors.ts";
import type { ApiDeps } from "../deps.ts";
import { type Route, route } from "../route.ts";
import { limitField } from "./fields.ts";

const callIdField = z.string().regex(/^[\w-]{1,64}$/, { error: "A call's id" });

export function callRoutes({ core }: ApiDeps): Route[] {
  const calls = () => core.use(callService);
  return [
    route({
      method: "get",
      path: "/calls",
      access: "household",
      scope: "calls:read",
      tag: "calls",
      summary: "Show the call log, newest first",
      query: z.strictObject({
        limit: limitField,
        before: callIdField.optional().describe("Calls older than this one only"),
      }),
      response: z.array(callSchema),
      refusals: { 404: "There is no call `before`" },
      handle: ({ query }) => calls().list(query),
    }),
    route({
      method: "get",
      path: "/calls/current",
      access: "household",
      scope: "calls:read",
      tag: "calls",
      summary: "Show the call under way",
      response: callSchema,
      refusals: { 404: "There is none" },
      async handle() {
        const call = await calls().current();
        if (call) return call;
        throw new LatchkeyError("call-none", "No call is under way", { status: 404 });
      },
    }),
    step("answer", "Answer a ringing call", (id, actor) => calls().answer(id, actor)),
    step("reject", "Reject a ringing call", (id, actor) => calls().reject(id, actor)),
    step("end", "End an answered call", (id, actor) => calls().end(id, actor)),
  ];
}

function step(
  name: Extract<keyof CallService, "answer" | "reject" | "end">,
  summary: string,
  take: (id: string, actor: Actor) => Promise<Call>,
): Route {
  return route({
    method: "post",
    path: `/calls/{id}/${name}`,
    access: "household",
    scope: "calls:write",
    tag: "calls",
    summary,
    params: z.strictObject({ id: callIdField }),
    body: z.strictObject({}).optional(),
    response: callSchema,
    refusals: {
      404: "There is no such call",
      409: name === "end"
        ? "It is over, or still rings"
        : "Someone else has answered, `answeredBy`; or it is over",
    },
    handle: ({ params, actor }) => take(params.id, actor),
  });
}

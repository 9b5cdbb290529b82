import { z } from "zod";
import { accessService } from "../../access/keys.ts";
import {
  accessPointIdSchema,
  type Actor,
  logKindSchema,
  logRowSchema,
  type ReleaseAnswer,
  releaseAnswerSchema,
  releaseRequestSchema,
  type Via,
} from "../../access/model.ts";
import { LatchkeyError } from "../../errors.ts";
import { memberService } from "../../members/keys.ts";
import type { ApiDeps } from "../deps.ts";
import { type Route, route } from "../route.ts";
import { limitField, wholeNumber } from "./fields.ts";

export const accessPointSchema = z.strictObject({
  id: accessPointIdSchema,
  name: z.string(),
  released: z.boolean().describe("Whether a pulse or a hold is under way"),
  pulseMs: z.number().describe("Length of the pulse, ms"),
});

/** What may come with every wish to open. */
export const releaseSchema = z.strictObject({
  requestId: releaseRequestSchema.shape.requestId.optional()
    .describe("Yours, a new one for each wish to open: sent again it opens nothing twice"),
});

export const releaseRefusals = {
  403: "Denied, `code` being the reason; or asked for by a page of another site",
  404: "There is no such access point",
  409: "The request id was used for another release",
  502: "Granted and logged, but the output did not answer",
};

export function accessRoutes({ core }: ApiDeps): Route[] {
  const access = () => core.use(accessService);
  return [
    route({
      method: "get",
      path: "/access-points",
      access: "members",
      scope: "status:read",
      tag: "access",
      summary: "List what can be released",
      response: z.array(accessPointSchema),
      async handle({ actor, caller }) {
        const all = await access().accessPoints();
        if (caller.role !== "guest") return all;
        const { terms } = await core.use(memberService).get(actor.id);
        return all.filter(({ id }) => terms?.accessPoints.includes(id));
      },
    }),
    route({
      method: "post",
      path: "/access-points/{id}/release",
      access: "members",
      scope: "release:{id}",
      tag: "access",
      summary: "Release a lock, a gate or whatever else opens",
      description:
        "One timed pulse, ended by the hardware. The access log holds it before the output moves. A release " +
        "under way is not made longer. A monitor has to show the visitor at that moment, which its live view " +
        "proves: see docs/camera.md.",
      params: z.strictObject({ id: accessPointIdSchema }),
      body: releaseSchema.optional(),
      response: releaseAnswerSchema,
      refusals: releaseRefusals,
      async handle({ params, body, actor, caller }) {
        const answer = await access().release({
          requestId: body?.requestId ?? core.freshId(),
          accessPoint: params.id,
          actor,
          via: viaOf(actor),
          ...(caller.deviceId === undefined ? {} : { deviceId: caller.deviceId }),
        });
        return successOf(answer);
      },
    }),
    route({
      method: "get",
      path: "/access-log",
      access: "residents",
      scope: "log:read",
      tag: "access",
      summary: "Show the access log, newest first",
      query: z.strictObject({
        limit: limitField,
        before: wholeNumber(1, Number.MAX_SAFE_INTEGER).optional().describe(
          "Rows older than this `seq` only",
        ),
        kind: logKindSchema.optional().describe("Rows of this kind only"),
      }),
      response: z.array(logRowSchema),
      handle: ({ query }) => access().log(query),
    }),
  ];
}

function viaOf({ kind }: Actor): Via {
  if (kind === "monitor") return "monitor";
  return kind === "person" ? "app" : "api";
}

/** @throws {LatchkeyError} the answer as a refusal, where nothing was released */
export function successOf(answer: ReleaseAnswer): ReleaseAnswer {
  const { outcome, reason, message, requestId, accessPoint, seq, repeated } = answer;
  if (outcome === "released" || outcome === "already-released") return answer;
  throw new LatchkeyError(reason, message, {
    status: statusOf(answer),
    details: { outcome, reason, requestId, accessPoint, seq, repeated },
  });
}

function statusOf({ outcome, reason }: ReleaseAnswer): number {
  if (outcome === "failed") return 502;
  return reason === "unknown-access-point" ? 404 : 403;
}

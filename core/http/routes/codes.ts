import { z } from "zod";
import { accessService, codeService } from "../../access/keys.ts";
import {
  accessPointIdSchema,
  codeSchema,
  idSchema,
  newCodeSchema,
  releaseAnswerSchema,
  termsSchema,
} from "../../access/model.ts";
import { groupOf } from "../connection_cap.ts";
import type { ApiDeps } from "../deps.ts";
import { type Route, route } from "../route.ts";
import { accessPointSchema, releaseRefusals, releaseSchema, successOf } from "./access.ts";

const textField = z.string().min(1).max(64)
  .describe("The code; spaces and dashes between digits do not count");
const tooMany = "Too many wrong codes came from there; `retryAfter` says how long, s";

export function codeRoutes({ core }: ApiDeps): Route[] {
  const codes = () => core.use(codeService);
  return [
    route({
      method: "get",
      path: "/codes",
      access: "residents",
      tag: "codes",
      summary: "List the codes for guests and deliveries, newest first",
      response: z.array(codeSchema),
      handle: () => codes().list(),
    }),
    route({
      method: "post",
      path: "/codes",
      access: "residents",
      tag: "codes",
      summary: "Make a code",
      description:
        "`pin` is eight digits to type, `qr` more than anyone can guess. It is shown once, in this answer.",
      body: newCodeSchema,
      response: z.strictObject({ code: codeSchema, text: z.string().describe("The code itself: a secret") }),
      status: 201,
      refusals: { 409: "There are too many codes already" },
      handle: ({ body, actor }) => codes().add(body, actor),
    }),
    route({
      method: "delete",
      path: "/codes/{id}",
      access: "residents",
      tag: "codes",
      summary: "Delete a code",
      params: z.strictObject({ id: idSchema }),
      refusals: { 404: "There is no such code" },
      handle: ({ params, actor }) => codes().remove(params.id, actor),
    }),
    route({
      method: "post",
      path: "/codes/check",
      access: "anyone",
      tag: "codes",
      summary: "Say what a code is good for",
      description:
        "Needs no account, uses nothing up and opens nothing. A wrong code counts as it does at the release.",
      body: z.strictObject({ text: textField }),
      response: z.strictObject({
        name: codeSchema.shape.name,
        terms: termsSchema,
        accessPoints: z.array(accessPointSchema).describe("What it opens, of what is there now"),
      }),
      refusals: { 403: "Not a code of this panel; or asked for by a page of another site", 429: tooMany },
      async handle({ body: { text }, caller }) {
        const { name, terms } = await codes().check({ text, source: caller.source, via: "app" });
        const all = await core.use(accessService).accessPoints();
        return { name, terms, accessPoints: all.filter(({ id }) => terms.accessPoints.includes(id)) };
      },
    }),
    route({
      method: "post",
      path: "/codes/release",
      access: "anyone",
      tag: "codes",
      summary: "Release with a code",
      description:
        "Needs no account. After five wrong codes whoever enters them waits 30 s, twice as long with each " +
        "further one, at most 15 min; nobody else waits, and cards and buttons open as ever.",
      body: z.strictObject({
        ...releaseSchema.shape,
        text: textField,
        accessPoint: accessPointIdSchema,
      }),
      response: releaseAnswerSchema,
      refusals: {
        ...releaseRefusals,
        429: tooMany,
      },
      async handle({ body: { text, accessPoint, requestId }, caller }) {
        return successOf(
          await codes().redeem({
            text,
            accessPoint,
            requestId: requestId ?? core.freshId(),
            // Codes are short enough to be guessed by whoever has all the addresses of a network.
            source: groupOf(caller.source),
            via: "app",
          }),
        );
      },
    }),
  ];
}

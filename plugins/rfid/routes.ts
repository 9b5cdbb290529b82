import { z } from "zod";
import { holderNameSchema, idSchema, LatchkeyError, type Route, route, termsSchema } from "../../core/mod.ts";
import type { Enrolments } from "./enrolment.ts";
import { enrolmentSchema } from "./keys.ts";

export function enrolmentRoutes(enrolments: Enrolments): Route[] {
  return [
    route({
      method: "post",
      path: "/enrolments",
      access: "owner",
      tag: "cards",
      summary: "Start to add a badge",
      description:
        "The next badge put to the reader is added under these terms. Until then, at most 60 s, no badge " +
        "opens anything. A badge already at the reader has to be taken away and put back.",
      body: z.strictObject({
        holderName: holderNameSchema,
        holderId: idSchema.optional(),
        terms: termsSchema,
      }),
      response: enrolmentSchema,
      status: 201,
      refusals: { 400: "an access point that is not there", 409: "a badge is being added already" },
      handle({ body: { holderName, holderId, terms }, actor }) {
        const wish = { holderName, terms, ...(holderId === undefined ? {} : { holderId }) };
        return enrolments.start(wish, actor);
      },
    }),
    route({
      method: "get",
      path: "/enrolments/current",
      access: "owner",
      tag: "cards",
      summary: "Show the enrolment under way, or the last one",
      response: enrolmentSchema,
      refusals: { 404: "none since the start" },
      handle() {
        const { current } = enrolments;
        if (current) return current;
        throw new LatchkeyError("enrolment-none", "No badge has been enrolled since the start", {
          status: 404,
        });
      },
    }),
    route({
      method: "delete",
      path: "/enrolments/current",
      access: "owner",
      tag: "cards",
      summary: "Cancel the enrolment under way",
      response: enrolmentSchema,
      refusals: { 404: "none since the start", 409: "a badge came already, or it is over" },
      handle: ({ actor }) => enrolments.cancel(actor),
    }),
  ];
}

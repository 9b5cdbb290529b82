import { z } from "zod";
import { credentialService } from "../../access/keys.ts";
import { cardChangeSchema, credentialSchema, holderSchema, idSchema } from "../../access/model.ts";
import type { ApiDeps } from "../deps.ts";
import { type Route, route } from "../route.ts";
import { limitField } from "./fields.ts";

const params = z.strictObject({ id: idSchema });
const unknown = { 404: "There is no such card" };

/** Cards are added at the reader, by the plugin that knows it: their numbers never go over the network. */
export function cardRoutes({ core }: ApiDeps): Route[] {
  const credentials = () => core.use(credentialService);
  return [
    route({
      method: "get",
      path: "/cards",
      access: "residents",
      scope: "cards:read",
      tag: "cards",
      summary: "List the cards in the order of adding",
      query: z.strictObject({
        limit: limitField,
        after: idSchema.optional().describe("Cards added after this one only"),
      }),
      response: z.array(credentialSchema),
      handle: ({ query }) => credentials().list(query),
    }),
    route({
      method: "get",
      path: "/cards/{id}",
      access: "residents",
      scope: "cards:read",
      tag: "cards",
      summary: "Show a card",
      params,
      response: credentialSchema,
      refusals: unknown,
      handle: ({ params }) => credentials().get(params.id),
    }),
    route({
      method: "patch",
      path: "/cards/{id}",
      access: "owner",
      tag: "cards",
      summary: "Change a card's terms or its holder's name",
      description: "What is left out stays as it is.",
      params,
      body: cardChangeSchema,
      response: credentialSchema,
      refusals: unknown,
      handle: ({ params, body, actor }) => credentials().change(params.id, body, actor),
    }),
    route({
      method: "delete",
      path: "/cards/{id}",
      access: "owner",
      tag: "cards",
      summary: "Remove a card",
      description: "From then on it opens nothing. The access log keeps what it did.",
      params,
      refusals: unknown,
      handle: ({ params, actor }) => credentials().remove(params.id, actor),
    }),
    route({
      method: "get",
      path: "/holders",
      access: "residents",
      scope: "cards:read",
      tag: "cards",
      summary: "List who holds cards",
      response: z.array(holderSchema),
      handle: () => credentials().holders(),
    }),
  ];
}

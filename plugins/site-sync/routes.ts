import { z } from "zod";
import { logRowSchema, type Route, route } from "../../core/mod.ts";
import type { SiteDesk } from "./site_desk.ts";

const viewSchema = z.strictObject({
  role: z.enum(["none", "joining", "keeper", "follower", "removed"]),
  id: z.string().nullable(),
  version: z.number().int(),
  panels: z.array(z.strictObject({ id: z.string(), name: z.string(), self: z.boolean() })),
  cards: z.number().int(),
  pending: z.number().int(),
  brokerUp: z.boolean(),
});
const panelParams = z.strictObject({ id: z.string().max(64) });

export function siteRoutes(desk: SiteDesk): Route[] {
  const common = { access: "owner", tag: "site" } as const;
  return [
    route({
      ...common,
      method: "get",
      path: "/site",
      summary: "Show what this panel is at its site, and who else belongs to it",
      response: viewSchema,
      handle: () => desk.view(),
    }),
    route({
      ...common,
      method: "post",
      path: "/site",
      summary: "Found a site: this panel keeps its key, and its cards are shared",
      body: z.strictObject({}).default({}),
      response: viewSchema,
      status: 201,
      refusals: { 409: "it belongs to a site already" },
      async handle({ actor }) {
        await desk.found(actor);
        return await desk.view();
      },
    }),
    route({
      ...common,
      method: "delete",
      path: "/site",
      summary: "Leave the site; the cards stay as they are",
      handle: ({ actor }) => desk.leave(actor),
    }),
    route({
      ...common,
      method: "post",
      path: "/invitations",
      summary: "Make a code for one panel to join with, good for ten minutes",
      description: "A new one ends the one before. Whoever has the code can join: show it to nobody else.",
      body: z.strictObject({}).default({}),
      response: z.strictObject({ code: z.string(), remainingMs: z.number() }),
      status: 201,
      refusals: { 409: "this panel does not keep the site's key" },
      handle: ({ actor }) => desk.invite(actor),
    }),
    route({
      ...common,
      method: "post",
      path: "/join",
      summary: "Ask to join a site with its code",
      description:
        "It is let in as soon as both panels reach the broker. This panel must have no cards, or `discardCards` " +
        "must be true: then they are removed when it is let in.",
      body: z.strictObject({ code: z.string().max(200), discardCards: z.boolean().default(false) }),
      response: viewSchema,
      status: 202,
      refusals: { 400: "it is no code", 409: "there are cards, or it belongs to a site already" },
      async handle({ body: { code, discardCards }, actor }) {
        await desk.join(code, discardCards, actor);
        return await desk.view();
      },
    }),
    route({
      ...common,
      method: "delete",
      path: "/panels/{id}",
      summary: "Remove a panel from the site",
      description:
        "It gets nothing any more, and nothing that it says counts. `suspend` suspends the cards that it " +
        "was the last to add or change, as is wise where it was stolen.",
      params: panelParams,
      query: z.strictObject({ suspend: z.stringbool().default(false) }),
      refusals: { 404: "it does not belong to the site", 409: "it keeps the key, or this one does not" },
      handle: ({ params: { id }, query: { suspend }, actor }) => desk.remove(id, suspend, actor),
    }),
    route({
      ...common,
      method: "get",
      path: "/panels/{id}/log",
      summary: "List what another panel's access log says, newest first",
      params: panelParams,
      query: z.strictObject({
        before: z.coerce.number().int().optional().describe("A place: those that came before it"),
        limit: z.coerce.number().int().min(1).max(500).default(100),
      }),
      response: z.array(logRowSchema.extend({
        place: z.number().int().describe(
          "Rises as rows came; a panel that was set back numbers its rows anew",
        ),
      })),
      refusals: { 404: "it does not belong to the site", 409: "this panel does not keep the site's key" },
      handle: ({ params: { id }, query: { before, limit } }) =>
        desk.log(id, { limit, ...(before === undefined ? {} : { before }) }),
    }),
  ];
}

import { z } from "zod";
import { scopeSchema } from "../../members/model.ts";
import { type Route, route } from "../../http/route.ts";
import type { Offer } from "../protocol.ts";
import { ASK_MS, beyond, type Border } from "./border.ts";

type RouteOffer = Extract<Offer, { kind: "routes" }>["routes"][number];

/** What is checked here is that it is JSON; what it must hold, the plugin's own process checks. */
const anyJson = z.json().optional().describe("As the plugin says");
const anyQuery = z.record(z.string().max(40), z.string().max(1_000));

/** Serves the plugin's routes; its own process answers. @throws {LatchkeyError} `plugin-not-granted`, `route-invalid` */
export function offerRoutes(border: Border, handle: number, offered: readonly RouteOffer[]): void {
  border.ctx.routes(offered.map((offer, index) => served(border, handle, offer, index)));
}

function served(border: Border, handle: number, offer: RouteOffer, index: number): Route {
  const { method, path, access, scope, summary, description, answers, status, refusals } = offer;
  if (access === "anyone" && !border.plugin.granted.anyone) {
    throw beyond(border, `was not granted to answer without a credential, at "${path}"`);
  }
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
  return route({
    method,
    path,
    access,
    ...(scope === undefined ? {} : { scope: checkedScope(border, scope) }),
    tag: border.id,
    summary,
    ...(description === undefined ? {} : { description }),
    params: z.strictObject(Object.fromEntries(names.map((name) => [name, z.string().max(200)]))),
    query: anyQuery,
    ...(method === "get" ? {} : { body: anyJson }),
    ...(answers ? { response: z.json() } : {}),
    ...(status === undefined ? {} : { status }),
    refusals: { ...refusals, 502: "The plugin has failed", 504: "The plugin does not answer" },
    async handle({ params, query, body, actor: { kind, id, name } }) {
      const actor = { kind, id, ...(name === undefined ? {} : { name }), scopes: [] };
      const answer = await border.ask(handle, String(index), [{ params, query, body, actor }], ASK_MS);
      return (answer ?? null) as z.input<ReturnType<typeof z.json>>;
    },
  });
}

/** A service gets in by a scope that there is. */
function checkedScope(border: Border, scope: string): string {
  if (scopeSchema.safeParse(scope).success) return scope;
  throw beyond(border, `has a route with the scope "${scope.slice(0, 80)}", which there is not`);
}

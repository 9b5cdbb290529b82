import { z } from "zod";
import type { Actor } from "../../access/model.ts";
import { LatchkeyError } from "../../errors.ts";
import { parseOr } from "../../faults.ts";
import type { Route } from "../../http/route.ts";
import type { Offer } from "../protocol.ts";
import type { Connection } from "./connection.ts";

const noFields = z.strictObject({});

interface Input {
  params: unknown;
  query: unknown;
  body?: unknown;
  actor: Actor;
}

/** Has the panel serve a plugin's routes, and answers for them. @throws {LatchkeyError} `route-public` */
export function serveRoutes(connection: Connection, routes: readonly Route[]): void {
  connection.offer(
    { kind: "routes", routes: routes.map(offerOf) },
    (index, [input]) => answer(routes[Number(index)]!, input as Input),
  );
}

function offerOf(route: Route): Extract<Offer, { kind: "routes" }>["routes"][number] {
  const { method, path, access, scope, summary, description, response, status, refusals } = route;
  if (access === "public") {
    throw new LatchkeyError(
      "route-public",
      `Route "${path}" can't be public before there is an owner: use "anyone"`,
    );
  }
  return {
    method,
    path,
    access,
    ...(scope === undefined ? {} : { scope }),
    summary,
    ...(description === undefined ? {} : { description }),
    answers: response !== undefined,
    ...(status === undefined ? {} : { status }),
    ...(refusals === undefined ? {} : { refusals }),
  };
}

/** As the panel's router does for built-in plugins. */
async function answer(route: Route, { params, query, body, actor }: Input): Promise<unknown> {
  const result = await route.handle({
    actor,
    caller: { actor, source: "" },
    publicKey: "",
    params: parseOr(route.params ?? noFields, params, "input-invalid", "path"),
    query: parseOr(route.query ?? noFields, query, "input-invalid", "query"),
    body: parseOr(route.body ?? noFields.optional(), body, "input-invalid"),
  });
  return route.response ? route.response.parse(result) : undefined;
}

import type { Caller } from "../auth/authenticator.ts";
import type { RequestInfo } from "./deps.ts";
import type { Route } from "./route.ts";

/** A route of the core that answers with something else than JSON: a page, a stream. */
export interface RawRoute extends Route {
  /** Media type of its answer. */
  produces: string;
  respond(request: Request, info: RequestInfo & { caller: Caller }): Response | Promise<Response>;
}

export function rawRoute(options: Omit<RawRoute, "handle" | "method">): RawRoute {
  return { ...options, method: "get", handle: () => undefined };
}

export function isRaw(route: Route): route is RawRoute {
  return "respond" in route;
}

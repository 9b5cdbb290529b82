import type { z } from "zod";
import type { Caller } from "../auth/authenticator.ts";
import type { RequestInfo } from "./deps.ts";
import type { Route, RouteOptions } from "./route.ts";

export interface RawInput<Body> extends RequestInfo {
  caller: Caller;
  body: Body;
}

/** A route of the core that answers with something else than JSON: a page, a stream, a file. */
export interface RawRoute extends Route {
  /** Media type of its answer. */
  produces: string;
  respond(request: Request, input: RawInput<unknown>): Response | Promise<Response>;
}

type Options<B extends z.ZodType> =
  & Omit<RouteOptions<z.ZodType, z.ZodType, B, z.ZodType>, "handle" | "method" | "params" | "query">
  & {
    /** `get` unless told. */
    method?: "get" | "post";
    produces: string;
    respond(request: Request, input: RawInput<z.output<B>>): Response | Promise<Response>;
  };

export function rawRoute<B extends z.ZodType = z.ZodType<undefined>>(options: Options<B>): RawRoute {
  return { method: "get", ...options, handle: () => undefined } as RawRoute;
}

export function isRaw(route: Route): route is RawRoute {
  return "respond" in route;
}

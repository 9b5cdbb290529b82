import type { z } from "zod";
import type { Actor } from "../access/model.ts";
import type { Caller } from "../auth/authenticator.ts";
import type { AccessLevel } from "../auth/levels.ts";

export type { AccessLevel };

/** What a route is given to answer. */
export interface RouteInput<Params, Query, Body> {
  params: Params;
  query: Query;
  body: Body;
  /** Who asks, as the edge has established it. */
  actor: Actor;
  /** The same with its role, device and source. */
  caller: Caller;
  /** The key that signed the request, where the route asks for a signature by a key that is not known yet; empty elsewhere. */
  publicKey: string;
}

/** What a route is declared with. */
export interface RouteOptions<
  P extends z.ZodType,
  Q extends z.ZodType,
  B extends z.ZodType,
  R extends z.ZodType,
> {
  method: "get" | "post" | "put" | "patch" | "delete";
  /** `/holders/{id}`: below `/api/v1` for the core, below `/api/v1/plugins/<plugin id>` for a plugin. */
  path: string;
  /** There is no default: a route without a declared level does not compile. */
  access: AccessLevel;
  /** The scope that lets a service in, `release:{id}` with parameters of the path; without one no service gets in. */
  scope?: string;
  /** Whether the request must be signed by a key of its own: a pairing. */
  signed?: boolean;
  /** Whether a short-lived link may stand for token and proof: what a browser fetches by itself. */
  link?: boolean;
  /** One line for the API document, imperative. */
  summary: string;
  /** Longer text for the API document: what it does, when it refuses. */
  description?: string;
  tag?: string;
  params?: P;
  query?: Q;
  /** JSON body. An unknown field is refused: use `z.strictObject`. */
  body?: B;
  /** What a 2xx answer holds; leave out for 204. */
  response?: R;
  /** The status of success; 200, or 204 where there is no `response`. */
  status?: 200 | 201 | 202 | 204;
  /** Refusals worth documenting: status → when. */
  refusals?: Record<number, string>;
  handle(
    input: RouteInput<z.output<P>, z.output<Q>, z.output<B>>,
  ): Promise<z.input<R> | void> | z.input<R> | void;
}

/** A route with its types erased. One declaration makes routing, validation, authorization and the API document. */
export interface Route extends Omit<RouteOptions<z.ZodType, z.ZodType, z.ZodType, z.ZodType>, "handle"> {
  handle(input: RouteInput<unknown, unknown, unknown>): unknown;
}

/** Declares a route. Throw a `LatchkeyError` to refuse: it becomes a problem document. */
export function route<
  P extends z.ZodType = z.ZodType<Record<never, never>>,
  Q extends z.ZodType = z.ZodType<Record<never, never>>,
  B extends z.ZodType = z.ZodType<undefined>,
  R extends z.ZodType = z.ZodType<void>,
>(options: RouteOptions<P, Q, B, R>): Route {
  return options as unknown as Route;
}

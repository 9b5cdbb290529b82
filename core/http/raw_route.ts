import type { z } from "zod";
import type { RequestInfo } from "./deps.ts";
import type { Route, RouteInput, RouteOptions } from "./route.ts";

/** What a route that reads or answers by itself is given beside the request. */
export interface RawInput<Params, Query, Body>
  extends RequestInfo, Omit<RouteInput<Params, Query, Body>, "publicKey"> {
  /** Whether whoever asked still has access: for answers that go on. */
  still(): boolean;
  /**
   * The body as it is, where the route `takes` one.
   * @throws {LatchkeyError} `too-large` (413), `body-cut` (400)
   */
  bytes(): Promise<Uint8Array>;
  /** Refuses a caller whose access has ended while the body came. @throws {LatchkeyError} 401 */
  assertStill(): void;
}

/** A body that is no JSON, and may be larger. */
export interface Upload {
  /** Its media type. */
  type: string;
  /** The most it may hold, bytes. */
  bytes: number;
}

/** A route that takes or answers something else than JSON: a page, a stream, a picture. */
export interface RawRoute extends Route {
  /** Media type of its answer. */
  produces: string;
  /** Media type of a body that is text and not JSON. */
  consumes?: string;
  /** `respond` reads the body by itself, no more than that. */
  takes?: Upload;
  respond(request: Request, input: RawInput<unknown, unknown, unknown>): Response | Promise<Response>;
}

type Options<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> =
  & Omit<RouteOptions<P, Q, B, z.ZodType>, "handle" | "method">
  & {
    /** `get` unless told. */
    method?: Route["method"];
    produces: string;
    consumes?: string;
    takes?: Upload;
    respond(
      request: Request,
      input: RawInput<z.output<P>, z.output<Q>, z.output<B>>,
    ): Response | Promise<Response>;
  };

/** Declares such a route. Throw a `LatchkeyError` to refuse: it becomes a problem document. */
export function rawRoute<
  P extends z.ZodType = z.ZodType<Record<never, never>>,
  Q extends z.ZodType = z.ZodType<Record<never, never>>,
  B extends z.ZodType = z.ZodType<undefined>,
>(options: Options<P, Q, B>): RawRoute {
  return { method: "get", ...options, handle: () => undefined } as unknown as RawRoute;
}

export function isRaw(route: Route): route is RawRoute {
  return "respond" in route;
}

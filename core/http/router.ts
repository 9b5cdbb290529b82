import { type Context, Hono } from "hono";
import { z } from "zod";
import type { Caller, Gate } from "../auth/authenticator.ts";
import { LatchkeyError } from "../errors.ts";
import { parseOr } from "../faults.ts";
import { assertUpload, readJson, readText, readWhole } from "./body.ts";
import type { ApiDeps, RequestInfo } from "./deps.ts";
import { isSafe } from "./guards.ts";
import { problemResponse } from "./problem.ts";
import { isRaw } from "./raw_route.ts";
import type { Route } from "./route.ts";
import type { ServedRoute } from "./route_table.ts";

/** What handlers of the Hono apps find in `c.env`. */
export type Bindings = { Bindings: { info: RequestInfo } };
type Edge = Context<Bindings>;

const noFields = z.strictObject({});

/** Serves each owner's routes from an app of its own: Hono can neither add to an app that has answered nor take away. */
export function createRouter(
  deps: ApiDeps,
): (owner: string, request: Request, info: RequestInfo) => Promise<Response> {
  const apps = new Map<string, Hono<Bindings>>();
  deps.routes.watch((owner) => apps.delete(owner));
  return async (owner, request, info) => {
    let app = apps.get(owner);
    if (!app) apps.set(owner, app = buildApp(deps.routes.of(owner), deps));
    return await app.fetch(request, { info });
  };
}

function buildApp(served: ServedRoute[], deps: ApiDeps): Hono<Bindings> {
  const app = new Hono<Bindings>();
  const methods = new Map<string, string[]>();
  // Fixed paths before those with parameters: /calls/current is not a call's id.
  const ordered = served.toSorted((a, b) => parameters(a.path) - parameters(b.path));
  for (const entry of ordered) {
    const path = entry.path.replace(/\{(\w+)\}/g, ":$1");
    app.on(entry.route.method.toUpperCase(), path, (c) => answer(entry, c, deps));
    methods.set(path, [...methods.get(path) ?? [], entry.route.method.toUpperCase()]);
  }
  for (const [path, allowed] of methods) app.all(path, (c) => refuseMethod(c.req.method, allowed, deps));
  app.notFound((c) => unknownRoute(c.req.raw, deps));
  app.onError((error, c) => problemResponse(error, deps.log, `${c.req.method} ${c.req.routePath}`));
  return app;
}

async function answer({ route }: ServedRoute, c: Edge, deps: ApiDeps): Promise<Response> {
  const { authenticator } = deps;
  const scope = route.scope?.replace(/\{(\w+)\}/g, (_, name: string) => c.req.param(name) ?? "");
  const gate = { access: route.access, scope, link: route.link };
  const caller = await authenticator.caller(gate, c.req.raw, c.env.info.address ?? "");
  if (!route.signed) return await serve(route, gate, caller, c, deps);
  // A stranger, who may guess: each source is slowed down by itself.
  authenticator.assertPatience(caller.source);
  try {
    return await serve(route, gate, caller, c, deps);
  } catch (error) {
    if (!(error instanceof LatchkeyError && error.code === "proof-nonce")) {
      authenticator.failed(caller.source);
    }
    throw error;
  }
}

async function serve(route: Route, gate: Gate, caller: Caller, c: Edge, deps: ApiDeps): Promise<Response> {
  const request = c.req.raw;
  const publicKey = route.signed ? await deps.proofs.check(request, undefined) : "";
  const upload = isRaw(route) ? route.takes : undefined;
  const body = isSafe(c.req.method) || upload
    ? undefined
    : await readBody(request, route, c.env.info.isWhole);
  // The body may have taken half a minute to come.
  deps.authenticator.assertStill(gate, caller);
  const input = {
    actor: caller.actor,
    caller,
    publicKey,
    params: parseOr(route.params ?? noFields, c.req.param(), "input-invalid", "path"),
    query: parseOr(route.query ?? noFields, queryOf(request, route), "input-invalid", "query"),
    body: parseOr(route.body ?? noFields.optional(), body, "input-invalid"),
  };
  if (isRaw(route)) {
    if (upload) assertUpload(request, upload, c.env.info);
    return await route.respond(request, {
      ...c.env.info,
      ...input,
      bytes: () => readWhole(request, upload?.bytes ?? 0, c.env.info.isWhole),
      still: () => deps.authenticator.still(gate, caller),
      assertStill: () => deps.authenticator.assertStill(gate, caller),
    });
  }
  const result = await route.handle(input);
  const status = route.status ?? (route.response ? 200 : 204);
  if (!route.response) return new Response(null, { status });
  return Response.json(route.response.parse(result), { status });
}

function readBody(request: Request, route: Route, isWhole?: () => boolean): Promise<unknown> {
  return isRaw(route) && route.consumes !== undefined
    ? readText(request, route.consumes, isWhole)
    : readJson(request, isWhole);
}

/**
 * Query values by name, still text.
 * @throws {LatchkeyError} `input-invalid` where a name comes twice
 */
function queryOf(request: Request, { link }: Pick<Route, "link">): Record<string, string> {
  const values: Record<string, string> = Object.create(null);
  for (const [name, value] of new URL(request.url).searchParams) {
    if (name in values) {
      throw new LatchkeyError("input-invalid", `Query parameter "${name.slice(0, 60)}" is given twice`);
    }
    if (!link || name !== "link") values[name] = value;
  }
  return { ...values };
}

/** The answer to a method that a path does not have; `GET` comes with `HEAD`. */
export function refuseMethod(method: string, allowed: string[], { log }: ApiDeps): Response {
  const known = (allowed.includes("GET") ? [...allowed, "HEAD"] : allowed).join(", ");
  const error = new LatchkeyError(
    "method-not-allowed",
    `${method.slice(0, 20)} is not possible here; allowed: ${known}`,
    { status: 405 },
  );
  const response = problemResponse(error, log, method);
  response.headers.set("allow", known);
  return response;
}

export function unknownRoute(request: Request, deps: ApiDeps): Response {
  const path = new URL(request.url).pathname.slice(0, 120);
  const error = new LatchkeyError("route-unknown", `There is nothing at "${path}"`, { status: 404 });
  return problemResponse(error, deps.log, path);
}

function parameters(path: string): number {
  return path.split("{").length;
}

import { membersChanged } from "../members/keys.ts";
import { randomId } from "../random.ts";
import type { Api, ApiDeps, RequestInfo } from "./deps.ts";
import { EventStream } from "./event_stream.ts";
import { hostGuard, isSafe, refuseCrossSite } from "./guards.ts";
import { createPages } from "./pages.ts";
import { problemResponse } from "./problem.ts";
import { API_BASE } from "./route_table.ts";
import { createRouter, refuseMethod, unknownRoute } from "./router.ts";
import { coreRoutes } from "./routes/mod.ts";

/** What a path of this panel is made of. One with `%`, `//` or a slash at its end is nobody's, so that it means one thing only. */
const PLAIN_PATH = /^\/$|^(\/[\w.-]+)+$/;
const PLUGIN_PATH = new RegExp(`^${API_BASE}/plugins/([a-z][a-z0-9-]*)(?=/)`);

/** Unless an answer says otherwise. */
const HEADERS = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "cache-control": "no-store",
};

/** All that the panel answers over HTTP: checks that a request is meant for it, then finds who answers. */
export function createApi(deps: ApiDeps): Api {
  const { core, bus, log, random, webDir } = deps;
  const stream = new EventStream({
    bus,
    clock: core.clock,
    log,
    run: randomId(random).slice(0, 12),
    signal: core.signal,
  });
  core.on(membersChanged, ({ devices }) => stream.end(devices));
  core.routes(coreRoutes(deps, stream));
  const serveRoute = createRouter(deps);
  const servePage = webDir === undefined ? undefined : createPages(core, webDir);
  const refuseForeignHost = hostGuard(deps.address);

  async function answer(request: Request, info: RequestInfo): Promise<Response> {
    refuseForeignHost(request, info.secure);
    if (!isSafe(request.method)) refuseCrossSite(request);
    const { pathname } = new URL(request.url);
    if (!PLAIN_PATH.test(pathname)) return unknownRoute(request, deps);
    if (pathname.startsWith(`${API_BASE}/`)) {
      const plugin = PLUGIN_PATH.exec(pathname)?.[1];
      if (plugin === undefined) return await serveRoute(core.id, request, info);
      // An app is kept for each owner: only for those that are there.
      return deps.routes.of(plugin).length > 0
        ? await serveRoute(plugin, request, info)
        : unknownRoute(request, deps);
    }
    return await page(request) ?? unknownRoute(request, deps);
  }

  async function page(request: Request): Promise<Response | undefined> {
    const found = await servePage?.(request);
    if (!found) return undefined;
    if (!isSafe(request.method)) return refuseMethod(request.method, ["GET"], deps);
    return request.method === "HEAD" ? new Response(null, found) : found;
  }

  return {
    async fetch(request, info = {}) {
      let response: Response;
      try {
        response = await answer(request, info);
      } catch (error) {
        response = problemResponse(error, log, request.method);
      }
      if (request.headers.has("dpop") || response.status === 401) {
        response.headers.set("dpop-nonce", deps.proofs.nonce());
      }
      for (const [name, value] of Object.entries(HEADERS)) {
        if (!response.headers.has(name)) response.headers.set(name, value);
      }
      return response;
    },
  };
}

import type { ApiDeps } from "../deps.ts";
import type { Document } from "../docs/page.ts";
import type { createOpenApi } from "../openapi.ts";
import { rawRoute } from "../raw_route.ts";
import type { Route } from "../route.ts";

/** Nothing but the style beside it. */
const POLICY =
  "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** What makes the document is loaded when it is asked for: most panels never are, and it would cost each start. */
export function documentRoutes({ routes, panel }: ApiDeps): Route[] {
  let loaded: Promise<ReturnType<typeof createOpenApi>> | undefined;
  const document = async () => (await (loaded ??= load()))();
  const load = async () => (await import("../openapi.ts")).createOpenApi(routes, panel);
  return [
    rawRoute({
      path: "/openapi.json",
      access: "anyone",
      tag: "document",
      summary: "This document, for programs",
      produces: "application/json",
      respond: async () => Response.json(await document()),
    }),
    rawRoute({
      path: "/docs",
      access: "anyone",
      tag: "document",
      summary: "This document, as a page to read",
      produces: "text/html",
      async respond() {
        const { documentPage } = await import("../docs/page.ts");
        const page = await documentPage(await document() as unknown as Document);
        const headers = { "content-type": "text/html; charset=utf-8", "content-security-policy": POLICY };
        return new Response(page, { headers });
      },
    }),
    rawRoute({
      path: "/docs.css",
      access: "anyone",
      tag: "document",
      summary: "The style of that page",
      produces: "text/css",
      async respond() {
        const { documentStyle } = await import("../docs/style.ts");
        const headers = { "content-type": "text/css; charset=utf-8", "cache-control": "no-cache" };
        return new Response(documentStyle, { headers });
      },
    }),
  ];
}

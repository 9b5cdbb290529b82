import type { ApiDeps } from "../deps.ts";
import { type Document, documentPage } from "../docs/page.ts";
import { documentStyle } from "../docs/style.ts";
import { createOpenApi } from "../openapi.ts";
import { rawRoute } from "../raw_route.ts";
import type { Route } from "../route.ts";

/** Nothing but the style beside it. */
const POLICY =
  "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

export function documentRoutes({ routes, panel }: ApiDeps): Route[] {
  const document = createOpenApi(routes, panel);
  return [
    rawRoute({
      path: "/openapi.json",
      access: "public",
      tag: "document",
      summary: "This document, for programs",
      produces: "application/json",
      respond: () => Response.json(document()),
    }),
    rawRoute({
      path: "/docs",
      access: "public",
      tag: "document",
      summary: "This document, as a page to read",
      produces: "text/html",
      async respond() {
        const page = await documentPage(document() as unknown as Document);
        const headers = { "content-type": "text/html; charset=utf-8", "content-security-policy": POLICY };
        return new Response(page, { headers });
      },
    }),
    rawRoute({
      path: "/docs.css",
      access: "public",
      tag: "document",
      summary: "The style of that page",
      produces: "text/css",
      respond: () =>
        new Response(documentStyle, {
          headers: { "content-type": "text/css; charset=utf-8", "cache-control": "no-cache" },
        }),
    }),
  ];
}

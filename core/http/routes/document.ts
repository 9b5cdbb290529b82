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
  const text = keep((document) => JSON.stringify(document));
  const page = keep(async (document) => {
    const { documentPage } = await import("../docs/page.ts");
    return await documentPage(document as unknown as Document);
  });
  return [
    rawRoute({
      path: "/openapi.json",
      access: "anyone",
      tag: "document",
      summary: "This document, for programs",
      produces: "application/json",
      async respond() {
        return new Response(await text(await document()), {
          headers: { "content-type": "application/json" },
        });
      },
    }),
    rawRoute({
      path: "/docs",
      access: "anyone",
      tag: "document",
      summary: "This document, as a page to read",
      produces: "text/html",
      async respond() {
        const headers = { "content-type": "text/html; charset=utf-8", "content-security-policy": POLICY };
        return new Response(await page(await document()), { headers });
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

/** What is made of a document, made once: anyone may ask for it, and for a page it takes 20 ms. */
export function keep<From extends object, To>(make: (from: From) => To): (from: From) => To {
  let kept: { from: From; to: To } | undefined;
  return (from) => {
    if (kept?.from !== from) kept = { from, to: make(from) };
    return kept.to;
  };
}

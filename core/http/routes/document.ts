import type { ApiDeps } from "../deps.ts";
import { createOpenApi } from "../openapi.ts";
import { rawRoute } from "../raw_route.ts";
import type { Route } from "../route.ts";

export function documentRoutes({ routes, panel }: ApiDeps): Route[] {
  const document = createOpenApi(routes, panel);
  return [
    rawRoute({
      path: "/openapi.json",
      access: "public",
      tag: "document",
      summary: "This document",
      produces: "application/json",
      respond: () => Response.json(document()),
    }),
  ];
}

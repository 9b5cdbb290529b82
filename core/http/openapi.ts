import { STATUS_CODES } from "node:http";
import { z } from "zod";
import { isOpen, rolesOf } from "../auth/levels.ts";
import type { Json } from "../json.ts";
import { BODY_LIMIT } from "./body.ts";
import { PROBLEM_TYPE, problemSchema } from "./problem.ts";
import { isRaw, type Upload } from "./raw_route.ts";
import type { Route } from "./route.ts";
import type { RouteTable, ServedRoute } from "./route_table.ts";
import { SchemaBook } from "./schema_book.ts";

type JsonObject = { [key: string]: Json };

/** The OpenAPI 3.1 document of all routes there are now, made when asked for and kept until they change. */
export function createOpenApi(table: RouteTable, panel: { name: string; version: string }): () => JsonObject {
  let made: { version: number; document: JsonObject } | undefined;
  return () => {
    if (made?.version !== table.version) {
      made = { version: table.version, document: describe(table.all(), panel) };
    }
    return made.document;
  };
}

function describe(routes: ServedRoute[], panel: { name: string; version: string }): JsonObject {
  const book = new SchemaBook();
  const problem = { [PROBLEM_TYPE]: { schema: book.add(problemSchema, "output") } };
  const paths: Record<string, JsonObject> = {};
  for (const served of routes) {
    const methods = paths[served.path] ??= {};
    methods[served.route.method] = operation(served, book, problem);
  }
  return {
    openapi: "3.1.1",
    info: {
      title: `Latchkey: ${panel.name}`,
      version: panel.version,
      description: "What the panel's pages use, and other programs of the home may. " +
        `Bodies are JSON of at most ${
          BODY_LIMIT / 1024
        } KiB; an unknown field is refused; every refusal is a problem document.`,
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "/" }],
    tags: [...new Set(routes.map(tagOf))].map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: {
        dpop: {
          type: "http",
          scheme: "dpop",
          description:
            "A device's token with a proof of its key in the header DPoP (RFC 9449), over the panel's nonce",
        },
        bearer: {
          type: "http",
          scheme: "bearer",
          description: "A service's token, where the owner allows such",
        },
      },
      schemas: book.components,
    },
  };
}

function operation(served: ServedRoute, book: SchemaBook, problem: JsonObject): JsonObject {
  const { route } = served;
  const status = String(route.status ?? (route.response || isRaw(route) ? 200 : 204));
  return {
    operationId: operationId(served),
    tags: [tagOf(served)],
    summary: route.summary,
    ...(route.description ? { description: route.description } : {}),
    security: securityOf(route),
    "x-access": route.access,
    "x-roles": [...rolesOf(route.access)],
    ...(route.scope === undefined ? {} : { "x-scope": route.scope }),
    parameters: [...parameters(route.params, "path", book), ...parameters(route.query, "query", book)],
    ...(route.body ? { requestBody: requestBody(route, route.body, book) } : {}),
    ...(isRaw(route) && route.takes ? { requestBody: uploadBody(route.takes) } : {}),
    responses: {
      [status]: { description: STATUS_CODES[Number(status)] ?? "", ...success(served, book) },
      ...refusals(served, problem),
    },
  };
}

function securityOf({ access, scope }: Route): JsonObject[] {
  if (isOpen(access)) return [];
  return scope === undefined ? [{ dpop: [] }] : [{ dpop: [] }, { bearer: [] }];
}

function parameters(schema: z.ZodType | undefined, place: "path" | "query", book: SchemaBook): JsonObject[] {
  if (!(schema instanceof z.ZodObject)) return [];
  return Object.entries(schema.shape as Record<string, z.ZodType>).map(([name, field]) => ({
    name,
    in: place,
    required: place === "path" || !field.safeParse(undefined).success,
    ...(field.description ? { description: field.description } : {}),
    // What the text becomes says more than that it is text.
    schema: book.add(field, "output"),
  }));
}

/** Media type of a body that is no JSON. */
function bodyType(route: Route): string | undefined {
  return isRaw(route) ? route.consumes ?? route.takes?.type : undefined;
}

function requestBody(route: Route, schema: z.ZodType, book: SchemaBook): JsonObject {
  const type = bodyType(route) ?? "application/json";
  return {
    required: !schema.safeParse(undefined).success,
    content: { [type]: { schema: book.add(schema, "input") } },
  };
}

function uploadBody({ type }: Upload): JsonObject {
  return { required: true, content: { [type]: { schema: { type: "string", format: "binary" } } } };
}

function success({ route }: ServedRoute, book: SchemaBook): JsonObject {
  if (isRaw(route) && !route.response) {
    return { content: { [route.produces]: { schema: { type: "string" } } } };
  }
  return route.response
    ? { content: { "application/json": { schema: book.add(route.response, "output") } } }
    : {};
}

/** Refusals that every route of a kind has, and its own. */
function refusals({ route }: ServedRoute, problem: JsonObject): JsonObject {
  const writes = route.method !== "get";
  const all: Record<number, string> = {
    400: "Not what the route takes; `errors` names each field, what was given and what is allowed",
    ...(isOpen(route.access) && !route.signed ? {} : { 401: "Token or proof is missing or wrong" }),
    ...(isOpen(route.access) ? {} : { 403: "Not for this role, or the access has ended" }),
    ...(writes
      ? {
        403: isOpen(route.access)
          ? "Asked for by a page of another site"
          : "Not for this role, or the access has ended; or asked for by a page of another site",
        411: "The length of the body is not said",
        413: "The body is too large",
        415: `The body is not ${bodyType(route) ?? "JSON"}`,
      }
      : {}),
    421: "Meant for another host",
    500: "Something went wrong inside the panel",
    ...route.refusals,
  };
  return Object.fromEntries(
    Object.entries(all).map(([status, description]) => [status, { description, content: problem }]),
  );
}

/** `getCardsById`, `rfidPostEnrolments`: from owner, method and path, so that it stays as long as they do. */
export function operationId({ owner, route }: ServedRoute): string {
  const words = route.path.split(/[/.-]/).filter(Boolean).map((word) =>
    word.startsWith("{") ? `By${capital(word.slice(1, -1))}` : capital(word)
  );
  const id = route.method + words.join("");
  return owner === "core" ? id : owner.replace(/-(\w)/g, (_, letter) => letter.toUpperCase()) + capital(id);
}

function tagOf({ owner, route }: ServedRoute): string {
  return route.tag ?? (owner === "core" ? "panel" : owner);
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

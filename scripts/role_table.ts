/** Writes the table of routes and roles into docs/security.md, from the routes of a whole panel. */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Role } from "../core/members/model.ts";
import { Panel } from "../tests/harness/panel.ts";

export const PAGE: string = fileURLToPath(new URL("../docs/security.md", import.meta.url));
const BEGIN = "<!-- routes: written by `deno task roles`, checked by a test -->\n\n";
const END = "\n<!-- routes: end -->";

const ROLES = ["owner", "family", "monitor", "guest"] as const satisfies readonly Role[];
const HEAD = ["route", ...ROLES, "service with the scope", "without a credential"];

/** What the API document says of one operation. */
export interface Operation {
  "x-access": string;
  "x-roles": string[];
  "x-scope"?: string;
}

export interface RouteRow {
  /** `GET /cards/{id}`, below `/api/v1`. */
  route: string;
  operation: Operation;
}

export type ApiDocument = { paths: Record<string, Record<string, Operation>> };

export function rowsOf({ paths }: ApiDocument): RouteRow[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      route: `${method.toUpperCase()} ${path.replace("/api/v1", "")}`,
      operation,
    }))
  ).toSorted((a, b) => pathOf(a).localeCompare(pathOf(b), "en") || a.route.localeCompare(b.route, "en"));
}

/** The table as Markdown, in the shape that `deno fmt` gives it. */
export function roleTable(rows: RouteRow[]): string {
  const cells = [HEAD, ...rows.map(({ route, operation }) => cellsOf(route, operation))];
  const widths = HEAD.map((_, at) => Math.max(...cells.map((row) => row[at]!.length)));
  const line = (row: string[], fill = " ") =>
    `| ${row.map((cell, at) => cell.padEnd(widths[at]!, fill)).join(" | ")} |\n`;
  const [head = [], ...body] = cells;
  return line(head) + line(head.map(() => ""), "-") + body.map((row) => line(row)).join("");
}

function cellsOf(route: string, operation: Operation): string[] {
  const access = operation["x-access"];
  const isOpen = access === "public" || access === "anyone";
  return [
    `\`${route}\``,
    ...ROLES.map((role) => isOpen || operation["x-roles"].includes(role) ? "yes" : ""),
    isOpen ? "yes" : operation["x-scope"] === undefined ? "" : `\`${operation["x-scope"]}\``,
    access === "public" ? "always" : isOpen ? "once claimed" : "",
  ];
}

/** The table that stands on a page. */
export function tableOn(page: string): string {
  return page.slice(...boundsOn(page));
}

function boundsOn(page: string): [begin: number, end: number] {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin < 0 || end < begin) throw new Error("The page has no place for the table of routes");
  return [begin + BEGIN.length, end];
}

function pathOf({ route }: RouteRow): string {
  return route.slice(route.indexOf(" ") + 1);
}

if (import.meta.main) {
  await using panel = await Panel.start();
  const { body } = await panel.get("/openapi.json");
  const page = readFileSync(PAGE, "utf8");
  const [begin, end] = boundsOn(page);
  writeFileSync(PAGE, page.slice(0, begin) + roleTable(rowsOf(body)) + page.slice(end));
  console.log(`Wrote ${rowsOf(body).length} routes to docs/security.md`);
}

import { z } from "zod";
import { boardLink, boardService } from "../../board/keys.ts";
import type { Context } from "../../plugin/plugin.ts";
import type { ApiDeps } from "../deps.ts";
import { type Page, pagesPoint } from "../keys.ts";
import { type Route, route } from "../route.ts";

const statusSchema = z.strictObject({
  name: z.string(),
  version: z.string(),
  clock: z.strictObject({ trusted: z.boolean() }),
  boardUp: z.boolean().describe("Whether the link to the hardware stands"),
  plugins: z.array(z.strictObject({
    id: z.string(),
    title: z.string(),
    state: z.enum(["waiting", "starting", "running", "stopping", "stopped", "failed"]),
    reason: z.string().describe("What is missing or went wrong; empty when all is well"),
    errors: z.number().int().describe("Errors in its listeners and timers since the start"),
  })),
  pages: z.array(z.strictObject({ path: z.string(), title: z.string() }))
    .describe("Pages beside the household's, as long as the plugins that bring them run"),
});

const healthSchema = z.strictObject({
  status: z.enum(["ok", "degraded"]).describe("degraded: something does not work; the status says what"),
});

export function statusRoutes({ core, panel, plugins, clockTrust }: ApiDeps): Route[] {
  const boardUp = watchBoard(core);
  const pages = watchPages(core);
  return [
    route({
      method: "get",
      path: "/health",
      access: "public",
      tag: "panel",
      summary: "Say whether all is well",
      response: healthSchema,
      handle() {
        const well = boardUp() && clockTrust.trusted() && plugins().every(({ state }) => state === "running");
        return { status: well ? "ok" as const : "degraded" as const };
      },
    }),
    route({
      method: "get",
      path: "/status",
      access: "household",
      scope: "status:read",
      tag: "panel",
      summary: "Show how the panel and its plugins are doing",
      response: statusSchema,
      handle: () => ({
        ...panel,
        clock: { trusted: clockTrust.trusted() },
        boardUp: boardUp(),
        plugins: plugins(),
        pages: pages(),
      }),
    }),
    route({
      method: "post",
      path: "/clock/confirm",
      access: "owner",
      tag: "panel",
      summary: "Confirm that the panel's clock is right",
      description: "Cards with a time limit open again from now on.",
      body: z.strictObject({}).optional(),
      refusals: { 409: "The clock shows a time that can't be" },
      async handle({ actor }) {
        await clockTrust.confirm(actor);
      },
    }),
  ];
}

/** Whether the hardware can be reached: its driver is there and said last that its link stands. */
function watchBoard(core: Context): () => boolean {
  let linked = false;
  core.on(boardLink, ({ up }) => void (linked = up));
  return () => {
    try {
      return linked && core.use(boardService) !== undefined;
    } catch {
      return false;
    }
  };
}

function watchPages(core: Context): () => Pick<Page, "path" | "title">[] {
  const pages = new Set<Page>();
  core.watch(pagesPoint, {
    added: (page) => void pages.add(page),
    removed: (page) => void pages.delete(page),
  });
  return () => [...pages].map(({ path, title }) => ({ path, title }));
}

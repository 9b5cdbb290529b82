/** A plugin that tries what none must be able to do, and tells what became of it. */
import { definePlugin, route } from "latchkey";
import { z } from "zod";
import { attempts } from "./attempts.ts";
import { imports } from "./imports.ts";

/** What it can't know by itself. */
const targetSchema = z.strictObject({ data: z.string(), root: z.string(), port: z.number() });

/** Longer than any refusal takes, ms. */
const PATIENCE_MS = 2_000;

// Some refusals come as events that nobody listens to.
for (const type of ["error", "unhandledrejection"]) {
  globalThis.addEventListener(type, (event) => event.preventDefault());
}

async function outcome(attempt: () => unknown): Promise<string> {
  let forget = () => {};
  const late = new Promise((_, fail) => {
    const timer = setTimeout(() => fail(new Error(`Nothing came of it for ${PATIENCE_MS} ms`)), PATIENCE_MS);
    forget = () => clearTimeout(timer);
  });
  try {
    const got = await Promise.race([attempt(), late]);
    return `DONE: ${String(got)}`.slice(0, 200);
  } catch (error) {
    return String(error instanceof Error ? `${error.name}: ${error.message}` : error).slice(0, 200);
  } finally {
    forget();
  }
}

const all = (target: z.output<typeof targetSchema>) => ({ ...attempts(target), ...imports(target) });

export default definePlugin({
  id: "probe",
  api: 1,
  setup(ctx) {
    ctx.routes([
      route({
        method: "get",
        path: "/attempts",
        access: "owner",
        summary: "List what can be tried",
        response: z.array(z.string()),
        handle: () => Object.keys(all({ data: "", root: "", port: 0 })),
      }),
      route({
        method: "post",
        path: "/attempts",
        access: "owner",
        summary: "Try one thing",
        body: targetSchema.extend({ name: z.string() }),
        response: z.string(),
        handle: ({ body: { name, ...target } }) => outcome(all(target)[name]!),
      }),
    ]);
  },
});

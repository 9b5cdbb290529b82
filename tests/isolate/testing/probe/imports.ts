import { createRequire } from "node:module";
import type { Target } from "./attempts.ts";

const require = createRequire(import.meta.url);
const blob = (code: string) => URL.createObjectURL(new Blob([code], { type: "text/javascript" }));

/** Code and data by way of imports. */
export function imports({ data, root }: Target): Record<string, () => unknown> {
  const secret = new URL("../other/secret.json", import.meta.url).href;
  const reading = `import secret from ${
    JSON.stringify(secret)
  } with { type: "json" }; export default secret.secret;`;
  return {
    "import another's JSON": async () => (await import(secret, { with: { type: "json" } })).default.secret,
    "import another's JSON from a module of its own": async () => (await import("./static_json.ts")).default,
    "import a text": async () => (await import("./static_text.ts")).default,
    "import a text of the machine": () => import("file:///etc/hostname", { with: { type: "text" } }),
    "import the panel's code": () => import(`file://${root}/core/mod.ts`),
    "import the panel's package": () => import(`file://${root}/node_modules/zod/index.js`),
    "import a package by its name": () => import("hono" + ""),
    "import a package of npm": () => import("npm:zod" + ""),
    "import a package of JSR": () => import("jsr:@std/path" + ""),
    "import from the network": () => import("https://example.org/mod.ts" + ""),
    "import from a data address": async () =>
      (await import("data:text/javascript,export default 7" + "")).default,
    "import JSON from a data address": () =>
      import("data:application/json,{}" + "", { with: { type: "json" } }),
    "read by a data module": () => import(`data:text/javascript,${encodeURIComponent(reading)}`),
    "import a blob": async () => (await import(blob("export default 7"))).default,
    "read by a blob": () => import(blob(reading)),
    "resolve, then import": () => import(import.meta.resolve("../other/code.ts")),
    "require another's JSON": () => require("../other/secret.json").secret,
    "require a file of the machine": () => require("/etc/" + "os-release"),
    "require the panel's database": () => require(`${data}/access.db`),
    // A second isolate is more memory than there is.
    "read in a thread": async () => {
      const { Worker } = await import("node:worker_threads");
      const code = `const { parentPort } = require("worker_threads");
        let said; try { said = require("fs").readFileSync("/etc/passwd", "utf8"); } catch (error) { said = null; }
        parentPort.postMessage(said);`;
      return await new Promise((done, fail) => {
        new Worker(code, { eval: true }).once(
          "message",
          (said) => said ? done(said) : fail(new Error("denied")),
        )
          .once("error", fail);
      });
    },
  };
}

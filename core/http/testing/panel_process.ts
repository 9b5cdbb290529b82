import process from "node:process";
import { createInterface } from "node:readline";
import { z } from "zod";
import { defineEvent } from "../../plugin/keys.ts";
import { definePlugin } from "../../plugin/plugin.ts";
import { systemRandom } from "../../random.ts";
import { makeLeaf, makeRoot } from "../../tls/certificates.ts";
import { constraintsFor, sortNames } from "../../tls/names.ts";
import { periodAt } from "../../tls/validity.ts";
import { route } from "../route.ts";
import { startServer } from "../server.ts";
import { ApiPanel } from "./api_panel.ts";

const noiseMade = defineEvent("noise.made", z.string());

/** Tells the home as much as it is asked to. */
const noise = definePlugin({
  id: "noise",
  api: 1,
  setup: (ctx) =>
    ctx.routes([route({
      method: "post",
      path: "/noises",
      access: "owner",
      summary: "Make noise",
      body: z.strictObject({ count: z.number(), size: z.number() }),
      handle({ body: { count, size } }) {
        for (let made = 0; made < count; made++) ctx.emit(noiseMade, "x".repeat(size));
      },
    })]),
});

const NAMES = sortNames(["localhost", "127.0.0.1"]);

/** A certificate by an authority of this process's own. */
function makeTls(): { root: string; cert: string; key: string } {
  const root = makeRoot("Test", constraintsFor(NAMES), systemRandom);
  return { root: root.cert, ...makeLeaf(root, NAMES, periodAt(Date.now()), systemRandom) };
}

// A process of its own that serves a panel, for tests of what a process can bear. Ends with its input.
const panel = await ApiPanel.start({ plugins: [noise] });
const tls = process.argv.includes("tls") ? makeTls() : undefined;
const { port, close } = await startServer({
  fetch: panel.fetch,
  host: "127.0.0.1",
  port: 0,
  log: panel.core.host.core.log,
  tls,
});
console.log(JSON.stringify({ port, root: tls?.root, device: panel.device.pack(), pid: process.pid }));
const input = createInterface({ input: process.stdin });
input.on(
  "line",
  () => console.log(JSON.stringify({ rss: process.memoryUsage().rss, lines: panel.core.lines })),
);
input.on("close", async () => {
  await panel[Symbol.asyncDispose]();
  await close();
});

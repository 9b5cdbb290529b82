/** `deno task plugin:dev FOLDER [--port PORT] [--data DIR]`: runs a plugin on a simulated panel, anew after each change. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { usualPort } from "../dev/panel.ts";
import { watchFolder } from "../dev/watch.ts";
import { Workbench } from "../dev/workbench.ts";
import { readManifest } from "../manifest.ts";
import { linkFolder } from "./link.ts";
import { given, refusal, runTool } from "./tool.ts";

const USAGE = "Usage: deno task plugin:dev FOLDER [--port PORT] [--data DIR]";

async function main(argv: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: argv,
    options: { port: { type: "string" }, data: { type: "string" } },
    allowPositionals: true,
  });
  const [word, ...more] = positionals;
  if (word === undefined || more.length > 0) throw refusal(USAGE);
  const folder = given(word);
  readManifest(folder);
  linkFolder(folder);
  const own = values.data === undefined ? mkdtempSync(join(tmpdir(), "latchkey-dev-")) : undefined;
  const stopped = new Promise<void>((stop) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => stop());
  });
  try {
    const data = own ?? given(values.data!);
    const port = values.port === undefined ? await usualPort() : Number(values.port);
    await using bench = await Workbench.open({ folder, data, port, say: console.log });
    const unwatch = watchFolder(folder, () => void bench.refresh());
    await stopped;
    unwatch();
  } finally {
    if (own !== undefined) rmSync(own, { recursive: true, force: true });
  }
  return 0;
}

if (import.meta.main) await runTool(main);

/** Starts the simulated board, the runtime and the media process, each with the permissions it needs, and keeps them running. */
import { mkdirSync, mkdtempSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { finishRestore } from "./core/backup/unfinished.ts";
import { assertEngine } from "./core/boot/engine.ts";
import { assertNameable } from "./core/boot/permissions.ts";
import { startProgram } from "./core/boot/program.ts";
import { Supervisor } from "./core/boot/supervisor.ts";
import { systemClock } from "./core/clock.ts";
import { servePlugins } from "./core/boot/plugin_desk.ts";
import { outline, readConfigFile } from "./core/config/surroundings.ts";
import { LatchkeyError } from "./core/errors.ts";
import { dataUnwritable } from "./core/store/errors.ts";
import { isMediaWanted } from "./media/wanted.ts";
import { pluginNeeds } from "./plugins/needs.ts";

const REFUSED = 2;
const say = (line: string) => console.error(line);
const root = fileURLToPath(new URL(".", import.meta.url));

async function supervise(argv: string[]): Promise<number> {
  assertEngine();
  const sketch = await outline({ argv, env: process.env, readFile: readConfigFile });
  assertNameable(sketch, root);
  if (!sketch.explains) await finishRestore(sketch.data);
  const made = !sketch.explains && makeDataDirectory(sketch.data);
  const supervisor = new Supervisor({
    argv,
    env: process.env,
    outline: sketch,
    root,
    boardFile: "drivers/sim/process.ts",
    ...(isMediaWanted(sketch) ? { mediaFile: "media/process.ts" } : {}),
    needs: pluginNeeds,
    clock: systemClock,
    start: startProgram,
    servePlugins: servePlugins({ data: sketch.data, root, say }),
    say,
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => supervisor.interrupt());
  }
  const ending = await supervisor.run();
  if (made && ending === REFUSED) removeEmpty(sketch.data);
  return ending;
}

/** @returns whether it was not there before */
function makeDataDirectory(data: string): boolean {
  try {
    const made = mkdirSync(data, { recursive: true, mode: 0o700 });
    rmdirSync(mkdtempSync(join(data, ".writable-")));
    return made !== undefined;
  } catch (error) {
    throw dataUnwritable(data, error);
  }
}

/** A start that was refused leaves nothing behind. */
function removeEmpty(directory: string): void {
  try {
    rmdirSync(directory);
  } catch {
    // Something is in it by now.
  }
}

try {
  process.exit(await supervise(process.argv.slice(2)));
} catch (error) {
  if (!(error instanceof LatchkeyError)) throw error;
  console.error(error.message);
  process.exit(REFUSED);
}

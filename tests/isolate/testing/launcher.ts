/** Starts a plugin again and again and kills it ever later after that: `launcher.ts PLUGINS HOST ID DIGEST SCOPE`. */
import process from "node:process";
import { systemClock } from "../../../core/clock.ts";
import { openScope } from "../../../core/isolate/launch/scope.ts";
import { spawnOn } from "../../../core/isolate/launch/spawn.ts";

const [plugins = "", host = "", id = "", digest = "", scope = ""] = process.argv.slice(2);
const DELAYS_MS = [0, 0, 2, 5, 10, 20, 40, 80, 160, 320];

const opened = await openScope(scope, systemClock, console.log);
const spawn = spawnOn({ plugins, host, deno: process.execPath, tools: undefined, scope }, systemClock);
for (const delay of DELAYS_MS) {
  const { ended, kill } = await spawn({ id, entry: "mod.ts", digest, net: [], memoryMb: 64 });
  if (delay > 0) await new Promise((done) => setTimeout(done, delay));
  kill();
  const { status, signal } = await ended;
  console.log(`ended ${status} ${signal}`);
}
console.log("done");
process.stdin.resume().once("end", () => opened.close());

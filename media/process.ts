/**
 * The media process: `process.ts SOCKET`. The only one that starts programs (ffmpeg) and loads native code (WebRTC),
 * with no credential and no database. Says `ready` once it answers there, and ends when its standard input closes.
 */
import process from "node:process";
import { systemClock } from "../core/clock.ts";
import { Engine } from "./engine.ts";
import { probeFfmpeg } from "./ffmpeg/probe.ts";
import { startTool } from "./ffmpeg/tool.ts";
import { loadNative } from "./native.ts";
import type { MediaEvent } from "./protocol.ts";
import { serveEngine } from "./server.ts";

const [path] = process.argv.slice(2);
if (!path) {
  console.error("Give the path of the socket to serve");
  process.exit(2);
}
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => {});

let tell = (_event: MediaEvent) => {};
const engine = new Engine({
  clock: systemClock,
  probe: probeFfmpeg,
  start: startTool,
  native: loadNative,
  tell: (event) => tell(event),
});
await engine.look();
const server = await serveEngine(path, engine);
tell = server.tell;
console.log("ready");
process.stdin.resume();
process.stdin.once("end", async () => {
  engine.forget();
  await server.close();
  process.exit(0);
});

/**
 * The simulated hardware as a process of its own: `process.ts SOCKET`. Says `ready` once it answers there. As real
 * hardware it does not care what becomes of the runtime. It ends, outputs off, when its standard input closes: then
 * whoever started it is gone.
 */
import process from "node:process";
import { LatchkeyError } from "../../core/errors.ts";
import { systemClock } from "../../core/clock.ts";
import { BoardModel } from "./model.ts";
import { serveBoard } from "./server.ts";

const [path] = process.argv.slice(2);
if (!path) {
  console.error("Give the path of the socket to serve");
  process.exit(2);
}
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => {});

try {
  const board = new BoardModel(systemClock);
  const server = await serveBoard(path, board, systemClock);
  console.log("ready");
  process.stdin.resume();
  process.stdin.once("end", async () => {
    board.allOff("power off");
    await server.close();
    process.exit(0);
  });
} catch (error) {
  console.error(error instanceof LatchkeyError ? error.message : error);
  process.exit(2);
}

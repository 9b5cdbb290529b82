/** Stands in for a runtime that dies: `pulse_client.ts SOCKET hang|block` begins a pulse of 700 ms, says so, then hangs or blocks. */
import process from "node:process";
import { systemClock } from "../../../core/clock.ts";
import { SocketPort } from "../link.ts";

const [path = "", mode] = process.argv.slice(2);
const port = new SocketPort(path, systemClock);
port.open({
  event() {},
  async link() {
    await port.call("pulse", { output: "lock", ms: 700, cause: "test" });
    console.log("on");
    if (mode === "block") { for (const end = performance.now() + 3_000; performance.now() < end;); }
  },
});

/** Tries what a runtime must not be able to do and prints what became of each: `probe.ts DATA CODE PORT`. */
import { readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";

const REMOTE = "https://example.org/mod.ts";
const [data = "", code = "", port = ""] = process.argv.slice(2);

function reach(target: { path: string } | { host: string; port: number }): Promise<void> {
  return new Promise((done, fail) => {
    const socket = connect(target);
    socket.once("connect", () => done(void socket.destroy()));
    socket.once("error", fail);
  });
}

const acts: Record<string, () => unknown> = {
  "write to its data": () => writeFileSync(join(data, "probe"), "x"),
  "read its data": () => readFileSync(join(data, "probe")),
  "reach its board": () => reach({ path: join(data, "sim.sock") }),
  "read the machine's users": () => readFileSync("/etc/passwd"),
  "read its own code": () => readFileSync(code),
  "change its own code": () => writeFileSync(code, "", { flag: "a" }),
  "list the directory above its data": () => readdirSync(dirname(data)),
  "write beside its data": () => writeFileSync(`${data}.txt`, ""),
  "link out of its data": () => symlinkSync("/etc/passwd", join(data, "users")),
  "start a program": () => new Deno.Command("true").outputSync(),
  "start what it runs on": () => new Deno.Command(Deno.execPath()).outputSync(),
  "end its parent": () => process.kill(process.ppid, 0),
  "load a library": () => Deno.dlopen("/lib/x86_64-linux-gnu/libc.so.6", {}),
  "reach another port": () => reach({ host: "127.0.0.1", port: Number(port) }),
  "reach another machine": () => reach({ host: "192.0.2.1", port: 443 }),
  "ask for a name's address": () => Deno.resolveDns("example.org", "A"),
  "name the machine": () => hostname(),
  "fetch code": () => import(REMOTE),
};

const outcomes: Record<string, string> = {
  "see the environment": process.env["PATH"] === undefined && Object.keys(process.env).length === 0
    ? "hidden"
    : "done",
};
for (const [act, attempt] of Object.entries(acts)) {
  try {
    await attempt();
    outcomes[act] = "done";
  } catch (error) {
    outcomes[act] = String(error instanceof Error ? `${error.name}: ${error.message}` : error);
  }
}
console.log(JSON.stringify(outcomes));

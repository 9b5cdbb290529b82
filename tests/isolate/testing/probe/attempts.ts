// deno-lint-ignore-file no-explicit-any -- reaches for what has no types
import child from "node:child_process";
import dgram from "node:dgram";
import dns from "node:dns/promises";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import process from "node:process";
import { DatabaseSync } from "node:sqlite";

export interface Target {
  data: string;
  root: string;
  port: number;
}

const here = new URL(".", import.meta.url).pathname;

function reach(target: { path: string } | { host: string; port: number }): Promise<string> {
  return new Promise((done, fail) => {
    const socket = net.connect(target);
    socket.once("connect", () => {
      socket.destroy();
      done("connected");
    });
    socket.once("error", fail);
  });
}

const started = (run: child.ChildProcess) =>
  new Promise((done, fail) => {
    run.once("spawn", () => done("started"));
    run.once("error", fail);
  });

/** The runtime's own operations, below the checks that JavaScript could be talked out of. */
const ops = () =>
  (Deno as any)[(Deno as any).internal].core.ops as Record<string, (...args: unknown[]) => unknown>;

export function attempts({ data, port }: Target): Record<string, () => unknown> {
  return {
    "read the machine's users": () => fs.readFileSync("/etc/passwd", "utf8"),
    "read the panel's database": () => Deno.readFileSync(`${data}/access.db`),
    "read the panel's keys": () => fs.readFileSync(`${data}/keys/log.key`),
    "read another plugin": () => fs.readFileSync(`${data}/plugins/other/secret.json`, "utf8"),
    "read out of its folder by dots": () => fs.readFileSync(`${here}../other/secret.json`, "utf8"),
    "read compiled code": () => fs.readdirSync(`${data}/plugins/.deno`),
    "list the folder above": () => fs.readdirSync(`${here}..`),
    "list the root": () => Deno.readDirSync("/").next(),
    "ask for a file's size": () => fs.statSync("/etc/hostname").size,
    "resolve a path": () => Deno.realPathSync("/etc/../etc/hostname"),
    "read its environment from the kernel": () => fs.readFileSync("/proc/self/environ", "utf8"),
    "read its memory map": () => fs.readFileSync("/proc/self/maps", "utf8"),
    "read its parent's command line": () => fs.readFileSync(`/proc/${process.ppid}/cmdline`, "utf8"),
    "open its own memory": () => fs.openSync("/proc/self/mem", "r+"),
    "open a device": () => fs.openSync("/dev/urandom", "r"),
    "open a link of the kernel's to its input": () => fs.openSync("/dev/fd/0", "r"),
    "read by an operation": () => ops()["op_node_load_env_file"]!("/etc/os-release"),
    "write into its folder": () => fs.writeFileSync(`${here}new.ts`, ""),
    "change its own code": () => fs.appendFileSync(`${here}mod.ts`, ""),
    "write where anyone may": () => fs.writeFileSync("/tmp/latchkey-probe", ""),
    "make a temporary file": () => Deno.makeTempFileSync(),
    "make a link": () => fs.symlinkSync("/etc", `${here}etc`),
    "make a second name": () => fs.linkSync("/etc/passwd", `${here}users`),
    "remove a file": () => fs.rmSync(`${here}mod.ts`),
    "change a mode": () => fs.chmodSync(here, 0o777),
    "keep something in localStorage": () => localStorage.setItem("a", "b"),
    "keep something in caches": () => caches.open("a"),
    "keep something in Deno's own store": () =>
      (Deno as any).openKv?.() ?? Promise.reject(new Error("There is none")),
    "open a database": () => new DatabaseSync(`${data}/access.db`),
    "make a database": () => new DatabaseSync("/tmp/latchkey-probe.db"),
    "attach a database": () => new DatabaseSync(":memory:").exec(`ATTACH '${data}/access.db' AS a`),
    "see a variable": () => Deno.env.get("PATH") ?? Promise.reject(new Error("It is not set")),
    "see all variables": () => Deno.env.toObject(),
    "see variables by Node": () =>
      Object.keys(process.env).join() || Promise.reject(new Error("There are none")),
    "set a variable": () => Deno.env.set("A", "b"),
    "fetch from the panel": () => fetch(`http://127.0.0.1:${port}/api/v1/health`),
    "connect to the panel": () => reach({ host: "127.0.0.1", port }),
    "connect by Deno": () => Deno.connect({ hostname: "localhost", port }),
    "connect to the board": () => reach({ path: `${data}/sim.sock` }),
    "connect to a hidden socket": () => reach({ path: "\0latchkey" }),
    "open a web socket": () =>
      new Promise((done, fail) => {
        const socket = new WebSocket(`ws://127.0.0.1:${port}/`);
        socket.onopen = () => done("connected");
        socket.onerror = () => fail(new Error("refused"));
      }),
    "follow events": () =>
      new Promise((done, fail) => {
        const source = new EventSource(`http://127.0.0.1:${port}/`);
        source.onopen = () => done("connected");
        source.onerror = () => fail(new Error("refused"));
      }),
    "reach another machine": () => reach({ host: "192.0.2.1", port: 443 }),
    "ask for a name's address": () => Deno.resolveDns("example.org", "A"),
    "ask for an address by Node": () => dns.lookup("localhost"),
    "listen": () => Deno.listen({ port: 0 }),
    "serve": () => Deno.serve({ port: 0 }, () => new Response()).addr,
    "listen by Node": () =>
      new Promise((done, fail) => net.createServer().once("error", fail).listen(0, () => done("listens"))),
    "send datagrams": () =>
      new Promise((done, fail) => {
        const socket = dgram.createSocket("udp4");
        socket.once("error", fail).bind(0, () => done("bound"));
      }),
    "start a program": () => new Deno.Command("/bin/true").outputSync().code,
    "start what it runs on": () =>
      new Deno.Command(Deno.execPath(), { args: ["--version"] }).outputSync().code,
    "start a program by Node": () => started(child.spawn("/bin/true", { env: {} })),
    "run a shell": () => child.execSync("id", { env: {} }).toString(),
    "fork itself": () => started(child.fork(`${here}mod.ts`, { env: {} })),
    "end its parent": () => process.kill(process.ppid, "SIGTERM"),
    "end its parent by Deno": () => Deno.kill(Deno.ppid, "SIGTERM"),
    "ask whether its parent is there": () => process.kill(process.ppid, 0),
    "signal its group": () => process.kill(0, "SIGCONT"),
    "signal everyone": () => process.kill(-1, 0),
    "signal the first process": () => Deno.kill(1, "SIGCONT"),
    "signal by an operation": () => ops()["op_node_process_kill"]!(process.ppid, 18),
    "load a library": () => Deno.dlopen("/lib/x86_64-linux-gnu/libc.so.6", {}),
    "load an addon": () => process.dlopen({ exports: {} }, `${here}addon.node`),
    "point into memory": () => Deno.UnsafePointer.create(4_096n),
    "point into memory by an operation": () => ops()["op_ffi_ptr_create"]!(4_096n),
    "read memory by an operation": () => ops()["op_ffi_read_u8"]!(null, 0n),
    "name the machine": () => os.hostname(),
    "name the user": () => os.userInfo().username,
    "list the machine's addresses": () => JSON.stringify(Deno.networkInterfaces()),
    "become another user": () => process.setuid!(0),
    "go elsewhere": () => process.chdir("/"),
    "let others debug it": async () => (await import("node:inspector")).open(0),
    "ask for more": async () => {
      const wanted = ["read", "write", "net", "env", "run", "ffi", "sys", "import"] as const;
      const states = await Promise.all(
        wanted.map(async (name) =>
          (await Deno.permissions.request({ name } as Deno.PermissionDescriptor)).state
        ),
      );
      return states.some((state) => state === "granted")
        ? states.join()
        : Promise.reject(new Error("denied"));
    },
    "run a worker": () =>
      new (globalThis as any).Worker(new URL("mod.ts", import.meta.url), { type: "module" }),
    "run a worker with more rights": () =>
      new (globalThis as any).Worker(new URL("mod.ts", import.meta.url), {
        type: "module",
        deno: { permissions: { run: true, read: true } },
      }),
    "use WASI": async () => {
      const { WASI } = await import("node:wasi") as any;
      const wasi = new WASI({ version: "preview1", preopens: { "/": "/" } });
      return wasi.wasiImport.path_open.name;
    },
  };
}

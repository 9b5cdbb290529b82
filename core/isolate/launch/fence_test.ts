import assert from "node:assert/strict";
import type { LaunchOrder } from "../process.ts";
import { type Grounds, pluginCommand } from "./fence.ts";

const GROUNDS: Grounds = {
  plugins: "/srv/panel/plugins",
  host: "/opt/latchkey/dist/plugin-host",
  deno: "/opt/deno",
  tools: "/usr/bin",
};
const ORDER: LaunchOrder = {
  id: "weather",
  entry: "src/mod.ts",
  digest: "0".repeat(64),
  net: [],
  memoryMb: 64,
};

const command = (order: Partial<LaunchOrder> = {}, grounds: Partial<Grounds> = {}) =>
  pluginCommand({ ...ORDER, ...order }, { ...GROUNDS, ...grounds });
const netOf = (...net: string[]) => command({ net }).args.filter((arg) => arg.includes("-net="));

Deno.test("a plugin that wants nothing may read its folder and what it runs on, and nothing else", () => {
  const { file, args, cwd, env } = command({}, { tools: undefined });
  assert.equal(file, "/opt/deno");
  assert.deepEqual(args, [
    "run",
    "--quiet",
    "--no-prompt",
    "--no-config",
    "--cached-only",
    "--no-remote",
    "--no-npm",
    "--deny-import",
    "--import-map=/opt/latchkey/dist/plugin-host/imports.json",
    "--allow-read=/srv/panel/plugins/weather,/opt/latchkey/dist/plugin-host",
    "--v8-flags=--max-old-space-size=64,--max-semi-space-size=1",
    "/opt/latchkey/dist/plugin-host/child.js",
    "file:///srv/panel/plugins/weather/src/mod.ts",
  ]);
  assert.equal(cwd, "/srv/panel/plugins/weather");
  assert.deepEqual(env, { DENO_DIR: "/srv/panel/plugins/.deno/weather", NO_COLOR: "1" });
});

Deno.test("it dies with the supervisor, gains no rights, and has what memory it was granted beyond what Deno sets aside", () => {
  const { file, args } = command({ memoryMb: 100 });
  assert.equal(file, "/usr/bin/setpriv");
  assert.deepEqual(args.slice(0, args.indexOf("/opt/deno")), [
    "--pdeathsig=KILL",
    "--no-new-privs",
    "/usr/bin/prlimit",
    `--data=${692 * 1024 * 1024}`,
    "--core=0",
    "--nofile=256",
    "/usr/bin/nice",
    "--adjustment=10",
  ]);
  assert.ok(args.includes("--v8-flags=--max-old-space-size=100,--max-semi-space-size=1"));
});

Deno.test("whatever is wanted, no flag opens more than reading and the named hosts", () => {
  for (const net of [[], ["api.example.org"], ["127.0.0.1:80", "nas.local"]]) {
    const allowed = command({ net }).args.filter((arg) => /^(--allow|-A|--unstable)/.test(arg));
    for (const flag of allowed) assert.match(flag, /^--allow-(read|net)=./);
    assert.equal(allowed.length, net.length > 0 ? 2 : 1);
  }
});

Deno.test("a name of the internet may not lead into the house; what of the house is granted, may", () => {
  const loopback = "127.0.0.0/8,0.0.0.0/8,169.254.0.0/16,[::1],[::]";
  const lan = "10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,100.64.0.0/10";
  assert.deepEqual(netOf("api.example.org:443"), [
    "--allow-net=api.example.org:443",
    `--deny-net=${loopback},${lan}`,
  ]);
  for (const host of ["192.168.1.20", "nas.local:80", "broker.lan"]) {
    assert.deepEqual(netOf(host), [`--allow-net=${host}`, `--deny-net=${loopback}`], host);
  }
  for (const host of ["localhost:1883", "127.0.0.1", "[::1]:80"]) {
    assert.deepEqual(netOf(host), [`--allow-net=${host}`, `--deny-net=${lan}`], host);
  }
  assert.deepEqual(netOf("localhost", "10.0.0.5"), ["--allow-net=localhost,10.0.0.5"]);
});

Deno.test("a name of the internet may not lead into the house by an address that hides one of IPv4 either", () => {
  const envOf = (...net: string[]) => command({ net }).env["RES_OPTIONS"];
  for (const net of [["api.example.org"], ["nas.local"], ["localhost:1883"]]) {
    assert.equal(envOf(...net), "no-aaaa", net.join());
  }
  assert.deepEqual([envOf(), envOf("localhost", "10.0.0.5")], [undefined, undefined]);
});

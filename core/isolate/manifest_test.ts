import assert from "node:assert/strict";
import { pluginManifestSchema, wantsSchema } from "./manifest.ts";

const LEAST = { id: "weather", title: "Weather", version: "1.0.0", api: 1, entry: "mod.ts" };

const refused = (change: Record<string, unknown>) => {
  const result = pluginManifestSchema.safeParse({ ...LEAST, ...change });
  return result.success ? undefined : result.error.issues.map(({ path }) => path.join(".")).join(" ");
};

Deno.test("a manifest that wants nothing is granted nothing", () => {
  assert.deepEqual(pluginManifestSchema.parse(LEAST).wants, {
    release: [],
    denials: false,
    services: [],
    events: [],
    parts: "none",
    hostNames: false,
    anyone: false,
    net: [],
    memoryMb: 64,
  });
});

Deno.test("I-17: no plugin can have an id that is a word of the panel's own", () => {
  for (
    const id of ["core", "access", "audit", "auth", "call", "members", "part", "reader", "board", "alarm"]
  ) {
    assert.equal(refused({ id }), "id", id);
  }
  assert.equal(refused({ id: "access-weather" }), undefined);
});

Deno.test("an entry is a file within the plugin's folder", () => {
  for (const entry of ["mod.ts", "src/mod.js", "a/b-c/d.e.mjs"]) {
    assert.equal(refused({ entry }), undefined, entry);
  }
  for (
    const entry of [
      "../mod.ts",
      "/mod.ts",
      "a/../../mod.ts",
      ".hidden/mod.ts",
      "a//b.ts",
      "mod.txt",
      "a,b.ts",
    ]
  ) {
    assert.equal(refused({ entry }), "entry", entry);
  }
});

Deno.test("hosts are named one by one, with no wildcard and nothing that would widen a flag", () => {
  const net = (target: string) => wantsSchema.safeParse({ net: [target] }).success;
  for (
    const target of [
      "api.example.org",
      "api.example.org:443",
      "192.168.1.20",
      "10.0.0.1:80",
      "[fd00::1]:8080",
    ]
  ) {
    assert.ok(net(target), target);
  }
  for (
    const target of [
      "",
      "*",
      "*.example.org",
      ":443",
      "a.org,b.org",
      "a.org:0",
      "a.org:65536",
      "10.0.0.0/8",
      "0x7f.1",
      "2130706433",
      "[::1",
      "[::ffff:127.0.0.1]",
      "[::ffff:7f00:1]",
      "https://a.org",
      "unix:/run/x.sock",
      "a b",
      "a.org:443\n",
    ]
  ) assert.ok(!net(target), target);
});

Deno.test("services are wanted whole or by method, events by name", () => {
  const wants = (value: unknown) => wantsSchema.safeParse(value).success;
  assert.ok(wants({ services: ["time", "calls:list", "weather.forecast", "weather.forecast:today"] }));
  for (const service of ["", "Time", "calls:", "calls:list:x", "calls list"]) {
    assert.ok(!wants({ services: [service] }), service);
  }
  assert.ok(wants({ events: ["call.changed", "weather.rain-began"] }));
  for (const event of ["*", "call", "call.*", ".changed"]) assert.ok(!wants({ events: [event] }), event);
});

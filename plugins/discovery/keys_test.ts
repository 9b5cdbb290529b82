import assert from "node:assert/strict";
import { discoveryNeeds } from "./keys.ts";

const needs = (given: Record<string, unknown> = {}, isLoopback = false) =>
  discoveryNeeds({ given: (name) => given[name], isLoopback });

Deno.test("to be found takes the two groups and the machine's interfaces, and no other address", () => {
  assert.deepEqual(needs(), { net: ["224.0.0.251:5353", "[ff02::fb]:5353"], sys: ["networkInterfaces"] });
});

Deno.test("where it is off, or nobody else can reach the panel, it takes nothing", () => {
  assert.deepEqual(needs({}, true), {});
  for (const off of [false, "false"]) {
    assert.deepEqual(needs({ "plugins.discovery": off }), {});
    assert.deepEqual(needs({ "plugins.discovery.enabled": off }), {});
  }
});

Deno.test("answers to one device alone take the private addresses of IPv4", () => {
  for (const on of [true, "true"]) {
    assert.deepEqual(needs({ "plugins.discovery.unicast": on }).net?.slice(2), [
      "10.0.0.0/8",
      "172.16.0.0/12",
      "192.168.0.0/16",
      "169.254.0.0/16",
    ]);
    assert.deepEqual(needs({ "plugins.discovery.unicast": on }, true), {});
  }
});

import assert from "node:assert/strict";
import { mqttNeeds } from "./needs.ts";

const needs = (settings: Record<string, unknown>) =>
  mqttNeeds({ isLoopback: true, given: (name) => settings[name.replace("plugins.mqtt.", "")] });

Deno.test("the panel is let at its broker and at the files that the settings name, and at nothing without a broker", () => {
  assert.deepEqual(needs({}), {});
  assert.deepEqual(needs({ caFile: "/etc/ca.pem" }), {});
  assert.deepEqual(needs({ url: "mqtt://broker.home" }), { net: ["broker.home:1883"], read: [] });
  assert.deepEqual(needs({ url: "mqtts://[fd00::1]", passwordFile: "/etc/mqtt.password", caFile: "" }), {
    net: ["[fd00::1]:8883"],
    read: ["/etc/mqtt.password"],
  });
  assert.deepEqual(needs({ url: "mqtts://10.0.0.7:1234" }), { net: ["10.0.0.7:1234"], read: [] });
});

Deno.test("no setting of the broker widens what the panel may do", () => {
  for (
    const url of ["http://broker.home", "mqtt://a,b", "mqtt://*", "broker", 7, "mqtt://", "mqtt://a%2Cb"]
  ) {
    assert.deepEqual(needs({ url }), {}, String(url));
  }
  assert.deepEqual(needs({ url: "mqtt://a", keyFile: "/a,/" }), { net: ["a:1883"], read: [] });
});

import assert from "node:assert/strict";
import { pluginTests } from "latchkey/testing";
import plugin from "./mod.ts";

// Each test runs twice: with the plugin in the panel, and across the border that third-party plugins live behind.
const test = pluginTests({ plugin, from: import.meta.url });

test("it counts each ring, and remembers", async (panel) => {
  assert.deepEqual(await panel.state("my-plugin"), { rings: 0 });
  await panel.ring();
  assert.deepEqual(await panel.state("my-plugin"), { rings: 1 });
  await panel.restart();
  assert.deepEqual(await panel.state("my-plugin"), { rings: 1 });
});

test("it is called what the settings say", { settings: { name: "Visitors" } }, (panel) => {
  assert.equal(panel.part("my-plugin").name, "Visitors");
});

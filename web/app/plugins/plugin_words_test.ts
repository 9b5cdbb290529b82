import assert from "node:assert/strict";
import type { PanelStatus } from "../model/api.ts";
import { pluginState } from "./plugin_words.ts";
import type { SeenPlugin } from "./plugins_api.ts";

const plugin = (off: SeenPlugin["off"] = null) => ({ id: "chime", off }) as SeenPlugin;
const status = (state: string, reason = "") =>
  ({ plugins: [{ id: "chime", title: "", state, reason }] }) as unknown as PanelStatus;

Deno.test("a plugin's state is told in a word, and why where it does not run", () => {
  assert.deepEqual(pluginState(plugin(), status("running")), { tone: "good", word: "Runs" });
  assert.deepEqual(pluginState(plugin(), status("failed", "No key")), {
    tone: "bad",
    word: "Does not run",
    reason: "No key",
  });
  assert.deepEqual(pluginState(plugin(), status("waiting", "waits for time")), {
    tone: "waiting",
    word: "Starting",
    reason: "waits for time",
  });
  assert.deepEqual(pluginState(plugin(), undefined), { tone: "waiting", word: "Starting" });
  assert.deepEqual(pluginState(plugin({ by: "owner", reason: "x" }), status("running")), {
    tone: "plain",
    word: "Off",
  });
  assert.deepEqual(
    pluginState(plugin({ by: "crashes", reason: "3 crashes" }), undefined).word,
    "Switched off",
  );
  assert.deepEqual(pluginState(plugin({ by: "changed", reason: "Others" }), undefined), {
    tone: "bad",
    word: "Files changed",
    reason: "Others",
  });
});

import assert from "node:assert/strict";
import { z } from "zod";
import { FakeProcess, runInProcess } from "../../isolate/testing/in_process.ts";
import { grantOf } from "../../isolate/testing/isolated_bench.ts";
import { definePlugin } from "../../plugin/plugin.ts";
import { settle } from "../../testing/virtual_clock.ts";
import { ApiPanel } from "../testing/api_panel.ts";

const weather = definePlugin({
  id: "weather",
  api: 1,
  config: z.strictObject({ town: z.string().max(9).default("Rome") }),
  setup() {},
});

/** A panel with one third-party plugin, whose process is in this one. */
async function withWeather() {
  const processes: FakeProcess[] = [];
  const panel = await ApiPanel.start({
    granted: [grantOf("weather", { net: ["api.example.org"] })],
    launch(order) {
      const process = new FakeProcess(order);
      processes.push(process);
      runInProcess(process, panel.clock, weather);
      return process;
    },
  });
  await panel.thirdParty.open();
  await settle();
  return { panel, processes };
}

Deno.test("the owner sees which third-party plugins there are, what they may, and how they are doing", async () => {
  const { panel } = await withWeather();
  await using _ = panel;
  const { body: [plugin, ...others] } = await panel.ask("GET", "/third-party");
  assert.deepEqual(others, []);
  assert.deepEqual([plugin.id, plugin.title, plugin.off], ["weather", "The weather", null]);
  assert.deepEqual(plugin.granted.net, ["api.example.org"]);
  const { body: status } = await panel.ask("GET", "/status");
  assert.deepEqual(status.plugins.map(({ id, state }: Record<string, string>) => [id, state]), [[
    "weather",
    "running",
  ]]);
});

Deno.test("a plugin that has crashed too often is shown as such and runs again when the owner switches it on", async () => {
  const { panel, processes } = await withWeather();
  await using _ = panel;
  for (const pause of [1_000, 4_000, 60_000]) {
    processes.at(-1)!.die();
    await panel.clock.advance(pause);
  }
  const shown = async () => {
    const [{ body: status }, { body: [plugin] }] = await Promise.all([
      panel.ask("GET", "/status"),
      panel.ask("GET", "/third-party"),
    ]);
    return [status.plugins[0]?.state, plugin.off?.by];
  };
  assert.deepEqual(await shown(), ["failed", "crashes"]);
  assert.match(
    (await panel.ask("GET", "/status")).body.plugins[0].reason,
    /^Switched off after 3 crashes in 5 min\./,
  );
  const on = await panel.ask("PUT", "/third-party/weather/enabled", { body: { enabled: true } });
  await settle();
  assert.deepEqual([on.status, await shown(), processes.length], [204, ["running", undefined], 4]);
  const { body: [row] } = await panel.ask("GET", "/access-log?kind=settings");
  assert.deepEqual([row.outcome, row.detail.plugin, row.actor.name], [
    "plugin-switched-on",
    "weather",
    "Owner",
  ]);
  assert.equal(
    (await panel.ask("PUT", "/third-party/other/enabled", { body: { enabled: true } })).status,
    404,
  );
});

Deno.test("a third-party plugin's settings are checked by its own process, kept, and in force; wrong ones change nothing", async () => {
  const { panel } = await withWeather();
  await using _ = panel;
  const settings = async () => (await panel.ask("GET", "/settings")).body[0];
  assert.deepEqual((await settings()).values, { town: "Rome" });
  assert.equal((await settings()).schema.properties.town.maxLength, 9);
  const changed = await panel.ask("PUT", "/settings/weather", { body: { town: "Bari" } });
  assert.deepEqual([changed.status, changed.body.values], [200, { town: "Bari" }]);
  const refused = await panel.ask("PUT", "/settings/weather", { body: { town: "Reggio Calabria" } });
  assert.deepEqual([refused.status, refused.body.code], [409, "settings-refused"]);
  assert.match(refused.body.detail, /town/);
  assert.deepEqual((await settings()).values, { town: "Bari" });
  assert.deepEqual((await panel.thirdParty.open()).plugins().map(({ id, values }) => [id, values]), [
    ["weather", { town: "Bari" }],
  ]);
});

Deno.test("a plugin whose grant can't be read is listed with the reason, makes the panel unwell, and can be removed", async () => {
  await using panel = await ApiPanel.start({ granted: [grantOf("chime"), grantOf("weather")] });
  panel.core.store.exec(
    `UPDATE plugin_state SET value = json_set(value, '$.manifest.id', 'access') WHERE key = 'weather'`,
  );
  await panel.thirdParty.open();
  const { body: [chime, weather, ...others] } = await panel.ask("GET", "/third-party");
  assert.deepEqual([chime.id, weather.id, Object.keys(weather), others], [
    "chime",
    "weather",
    ["id", "damaged"],
    [],
  ]);
  assert.match(weather.damaged, /"weather" can't be read \(manifest\.id: .+\); remove the plugin/);
  const unwell = async () => {
    const { body: { plugins } } = await panel.ask("GET", "/status");
    return plugins.find(({ id }: { id: string }) => id === "weather");
  };
  assert.deepEqual([(await unwell()).state, (await unwell()).reason], ["failed", weather.damaged]);
  assert.deepEqual((await panel.ask("GET", "/plugin-packages")).body, []);
  assert.equal((await panel.ask("DELETE", "/third-party/weather")).status, 204);
  assert.deepEqual((await panel.ask("GET", "/third-party")).body.map(({ id }: { id: string }) => id), [
    "chime",
  ]);
  assert.equal(await unwell(), undefined);
});

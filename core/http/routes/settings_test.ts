import assert from "node:assert/strict";
import { z } from "zod";
import { definePlugin } from "../../plugin/plugin.ts";
import { ApiPanel } from "../testing/api_panel.ts";

function chime(started: unknown[] = []) {
  return definePlugin({
    id: "chime",
    api: 1,
    title: "Chime",
    config: z.strictObject({
      volume: z.number().int().min(0).max(10).default(5),
      pin: z.string().optional(),
    }),
    setup(ctx) {
      if (ctx.config.volume === 10) throw new Error("too loud");
      started.push(ctx.config);
    },
  });
}

Deno.test("settings are listed with the schema that checks them", async () => {
  await using panel = await ApiPanel.start({ plugins: [chime()] });
  const { body: [settings, ...others] } = await panel.ask("GET", "/settings");
  assert.deepEqual(others, []);
  assert.deepEqual([settings.plugin, settings.title, settings.values], ["chime", "Chime", { volume: 5 }]);
  assert.equal(settings.schema.properties.volume.maximum, 10);
});

Deno.test("new settings are saved, in force, and in the log", async () => {
  const started: unknown[] = [];
  await using panel = await ApiPanel.start({ plugins: [chime(started)] });
  const { status, body } = await panel.ask("PUT", "/settings/chime", { body: { volume: 3 } });
  assert.deepEqual([status, body.values], [200, { volume: 3 }]);
  assert.deepEqual(panel.saved.get("chime"), { volume: 3 });
  assert.deepEqual(started, [{ volume: 5 }, { volume: 3 }]);
  const { body: [row] } = await panel.ask("GET", "/access-log?kind=settings");
  assert.deepEqual([row.outcome, row.detail.plugin, row.actor.name], ["changed", "chime", "Owner"]);
});

Deno.test("bad settings are refused with the field, and nothing is saved", async () => {
  await using panel = await ApiPanel.start({ plugins: [chime()] });
  for (
    const [body, code, field] of [
      [{ volume: 11 }, "settings-invalid", "volume"],
      [{ volume: "3" }, "settings-invalid", "volume"],
      [{ loudness: 3 }, "settings-invalid", "loudness"],
      [[], "input-invalid", ""],
      [7, "input-invalid", ""],
    ] as const
  ) {
    const answer = await panel.ask("PUT", "/settings/chime", { body });
    assert.deepEqual([answer.status, answer.body.code], [400, code], JSON.stringify(body));
    assert.equal(answer.body.errors[0].field, field);
  }
  assert.equal((await panel.ask("PUT", "/settings/chime")).status, 400);
  assert.deepEqual([...panel.saved], []);
});

Deno.test("settings with which the plugin does not start are taken back", async () => {
  const started: unknown[] = [];
  await using panel = await ApiPanel.start({ plugins: [chime(started)] });
  const { status, body } = await panel.ask("PUT", "/settings/chime", { body: { volume: 10 } });
  assert.deepEqual([status, body.code], [409, "settings-refused"]);
  assert.match(body.detail, /too loud/);
  assert.deepEqual(panel.saved.get("chime"), { volume: 5 });
  assert.deepEqual(started, [{ volume: 5 }, { volume: 5 }]);
});

Deno.test("settings of an unknown plugin are answered 404", async () => {
  await using panel = await ApiPanel.start();
  const { status, body } = await panel.ask("PUT", "/settings/chime", { body: {} });
  assert.deepEqual([status, body.code], [404, "plugin-unknown"]);
});

Deno.test("the configuration's schema names the plugins' settings", async () => {
  await using panel = await ApiPanel.start({ plugins: [chime()] });
  const { body } = await panel.ask("GET", "/config.schema.json");
  assert.equal(body.properties.plugins.properties.chime.anyOf[0].properties.volume.default, 5);
});

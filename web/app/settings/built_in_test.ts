import assert from "node:assert/strict";
import { z } from "zod";
import type { Json } from "../../../core/json.ts";
import { builtInPlugins } from "../../../plugins/mod.ts";
import { builtIn, effectOf } from "./built_in.ts";
import type { PluginSettings } from "./settings_api.ts";

function settingsOf({ id, title, config }: { id: string; title: string; config: z.ZodType }): PluginSettings {
  return {
    plugin: id,
    title,
    values: config.parse({}) as Json,
    schema: z.toJSONSchema(config, { io: "input" }) as Json,
  };
}

const chime = settingsOf({
  id: "chime",
  title: "The chime",
  config: z.strictObject({ url: z.string().default("") }),
});
const all = [...builtInPlugins.map(settingsOf), chime];

Deno.test("B-SET-1: each part with something to set is listed once, where the household looks for it", () => {
  const sections = builtIn(all, ["chime"]);
  assert.deepEqual(
    sections.map(({ heading, rows }) => [heading, rows.map(({ settings }) => settings.title)]),
    [
      ["Picture and sound", ["Camera", "Intercom", "Recorder", "Doorbell", "Nameplate light"]],
      [
        "Doors",
        ["Lock", "Gate", "Badges", "Exit button", "Door contact", "Tamper contact", "Button inside"],
      ],
      ["Network", ["Discovery", "MQTT"]],
    ],
  );
  for (const row of sections.flatMap(({ rows }) => rows)) assert.notEqual(row.about, "", row.settings.title);
});

Deno.test("what others have made is not among what is built in; a part that nothing is known of comes last", () => {
  const titles = (strangers: string[]) =>
    builtIn([chime], strangers).map(({ heading, rows }) => [heading, rows.map((row) => row.settings.title)]);
  assert.deepEqual(titles(["chime"]), []);
  assert.deepEqual(titles([]), [["More", ["The chime"]]]);
});

Deno.test("it is said what a save stops", () => {
  const [camera] = builtIn(all, []).flatMap(({ rows }) => rows);
  assert.match(effectOf(camera!), /stops and starts anew.*The live picture breaks off/);
  const [doorbell] = builtIn(all, []).flatMap(({ rows }) => rows).filter(({ pause }) => pause === undefined);
  assert.match(effectOf(doorbell!), /them\.$/);
});

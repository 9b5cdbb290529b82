import { z } from "zod";
import type { Json } from "../../json.ts";
import type { ApiDeps } from "../deps.ts";
import { type Route, route } from "../route.ts";

const settingsSchema = z.strictObject({
  plugin: z.string(),
  title: z.string(),
  values: z.json(),
  schema: z.json().describe("JSON Schema of the values"),
});

export function settingsRoutes({ settings, configSchema }: ApiDeps): Route[] {
  return [
    route({
      method: "get",
      path: "/settings",
      access: "owner",
      tag: "settings",
      summary: "List the plugins' settings",
      response: z.array(settingsSchema),
      handle: () => settings.list(),
    }),
    route({
      method: "put",
      path: "/settings/{plugin}",
      access: "owner",
      tag: "settings",
      summary: "Put new settings of a plugin in force",
      description: "All of them: what is left out goes back to its default. They are written to the " +
        "configuration file and the plugin restarts. Where any of it fails, the old ones stay in force.",
      params: z.strictObject({
        plugin: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, { error: "A plugin's id" }),
      }),
      body: z.record(z.string(), z.json()).describe("As the `schema` in the list says"),
      response: settingsSchema,
      refusals: {
        404: "There is no such plugin",
        409: "The plugin does not start with these, or the file can't be written",
      },
      handle: ({ params, body, actor }) => settings.change(params.plugin, body, actor),
    }),
    route({
      method: "get",
      path: "/config.schema.json",
      access: "owner",
      tag: "settings",
      summary: "The JSON Schema of the configuration file, for editors",
      response: z.json(),
      handle: () => configSchema() as { [key: string]: Json },
    }),
  ];
}

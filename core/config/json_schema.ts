import { z } from "zod";
import type { Json } from "../json.ts";
import { configSchema, type PluginSchema } from "./schema.ts";

/** The parts of JSON Schema that forms, flags and help are made from. */
export interface SchemaNode {
  type?: string | string[];
  description?: string;
  default?: Json;
  enum?: Json[];
  const?: Json;
  anyOf?: SchemaNode[];
  properties?: Record<string, SchemaNode>;
  items?: SchemaNode;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  additionalProperties?: boolean | SchemaNode;
  title?: string;
  $schema?: string;
}

/** JSON Schema of `panel.yaml` for editors, the settings of these plugins included. */
export function configJsonSchema(plugins: readonly PluginSchema[]): SchemaNode {
  const core = toSchema(configSchema);
  const settings = plugins.map(({ id, title, config }): [string, SchemaNode] => {
    const own = toSchema(config);
    delete own.$schema;
    const leftOut: SchemaNode = { const: false, description: "Leave this plugin out" };
    return [id, { title, anyOf: [own, leftOut] }];
  });
  return {
    ...core,
    title: "Latchkey panel.yaml",
    properties: {
      ...core.properties,
      plugins: {
        description: core.properties?.plugins?.description ?? "",
        type: "object",
        properties: Object.fromEntries(settings),
        additionalProperties: false,
      },
    },
  };
}

function toSchema(schema: z.ZodType): SchemaNode {
  return z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as SchemaNode;
}

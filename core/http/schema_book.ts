import { z } from "zod";
import {
  accessPointIdSchema,
  actorSchema,
  credentialSchema,
  holderSchema,
  logRowSchema,
} from "../access/model.ts";
import { releaseAnswerSchema, validitySchema } from "../access/model.ts";
import { callSchema } from "../calls/keys.ts";
import type { Json } from "../json.ts";
import { problemSchema } from "./problem.ts";

type JsonObject = { [key: string]: Json };

/** Schemas that readers of the document meet again and again. */
const shared: Record<string, z.ZodType> = {
  Id: accessPointIdSchema,
  Actor: actorSchema,
  Call: callSchema,
  Card: credentialSchema,
  Holder: holderSchema,
  LogRow: logRowSchema,
  Problem: problemSchema,
  ReleaseAnswer: releaseAnswerSchema,
  Validity: validitySchema,
};

const named = z.registry<{ id: string }>();
for (const [id, schema] of Object.entries(shared)) named.add(schema, { id });

/** Those that differ as sent and as answered: defaults may be left out of the first. */
const twofold = new Set(
  Object.keys(shared).filter((id) => {
    const [sent, answered] = (["input", "output"] as const).map((io) => z.toJSONSchema(shared[id]!, { io }));
    return JSON.stringify(sent) !== JSON.stringify(answered);
  }),
);

/** What `z.json()` becomes: each one is a schema of its own, which readers need not meet again and again. */
const anyJson = shapeOf("__schema0", z.toJSONSchema(z.array(z.json())).$defs!["__schema0"] as Json);

/** Turns zod schemas into those of one OpenAPI document, whose shared ones stand under `components`. */
export class SchemaBook {
  readonly components: JsonObject = {};

  /** @param io `input` for what is sent to the panel, `output` for what it answers */
  add(schema: z.ZodType, io: "input" | "output"): JsonObject {
    // Inside a list, since a schema that contains itself would else refer to the root, which is the document.
    const { items, $defs = {} } = z.toJSONSchema(z.array(schema), {
      io,
      metadata: named,
      unrepresentable: "any",
      // A registry of names takes the place of the one that holds descriptions.
      override({ zodSchema, jsonSchema }) {
        const description = z.globalRegistry.get(zodSchema)?.description;
        if (description !== undefined) jsonSchema.description = description;
      },
    }) as { items: JsonObject; $defs?: JsonObject };
    const names = new Map<string, string>();
    for (const [name, definition] of Object.entries($defs)) {
      names.set(name, shapeOf(name, definition) === anyJson ? "Json" : this.#nameFor(name, io));
    }
    for (const [name, definition] of Object.entries($defs)) {
      this.components[names.get(name)!] = relink(definition, names);
    }
    return relink(items, names) as JsonObject;
  }

  #nameFor(name: string, io: "input" | "output"): string {
    if (name.startsWith("__")) {
      return `Part${Object.keys(this.components).length}${name.replace(/\W|_/g, "")}`;
    }
    return io === "input" && twofold.has(name) ? `${name}Input` : name;
  }
}

/** A definition apart from what it is called. */
function shapeOf(name: string, definition: Json): string {
  return JSON.stringify(definition).replaceAll(`#/$defs/${name}"`, '#"');
}

function relink(value: Json, names: Map<string, string>): Json {
  if (Array.isArray(value)) return value.map((item) => relink(item, names));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      const target = key === "$ref" && typeof inner === "string" && inner.startsWith("#/$defs/")
        ? names.get(inner.slice("#/$defs/".length))
        : undefined;
      return [key, target ? `#/components/schemas/${target}` : relink(inner, names)];
    }),
  );
}

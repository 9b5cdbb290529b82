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

/** Schemas that readers of the document meet again and again, by name. */
const named = z.registry<{ id: string }>();
named.add(accessPointIdSchema, { id: "Id" });
named.add(actorSchema, { id: "Actor" });
named.add(callSchema, { id: "Call" });
named.add(credentialSchema, { id: "Card" });
named.add(holderSchema, { id: "Holder" });
named.add(logRowSchema, { id: "LogRow" });
named.add(problemSchema, { id: "Problem" });
named.add(releaseAnswerSchema, { id: "ReleaseAnswer" });
named.add(validitySchema, { id: "Validity" });

/** Turns zod schemas into those of one OpenAPI document, whose shared ones stand under `components`. */
export class SchemaBook {
  readonly components: JsonObject = {};

  /** @param io `input` for what is sent to the panel, `output` for what it answers */
  add(schema: z.ZodType, io: "input" | "output"): JsonObject {
    const { $schema: _, $defs = {}, ...root } = z.toJSONSchema(schema, {
      io,
      metadata: named,
      unrepresentable: "any",
    }) as JsonObject & { $defs?: JsonObject };
    const names = new Map<string, string>();
    for (const name of Object.keys($defs)) names.set(name, this.#nameFor(name, io));
    for (const [name, definition] of Object.entries($defs)) {
      this.components[names.get(name)!] = relink(definition, names);
    }
    return relink(root, names) as JsonObject;
  }

  /** What is sent and what is answered differ: defaults may be left out of the first. */
  #nameFor(name: string, io: "input" | "output"): string {
    if (name.startsWith("__")) {
      return `Part${Object.keys(this.components).length}${name.replace(/\W|_/g, "")}`;
    }
    return io === "input" ? `${name}Input` : name;
  }
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

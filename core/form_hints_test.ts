import assert from "node:assert/strict";
import { z } from "zod";
import { formHints } from "./form_hints.ts";

Deno.test("what a form is told stands in the JSON Schema, beside what is there without it", () => {
  const schema = z.strictObject({
    url: z.string().default("").describe("Where it is").meta(formHints({
      title: "Address",
      secret: true,
      when: { kind: ["far"] },
    })),
    kind: z.enum(["near", "far"]).meta(formHints({ names: { near: "Here" }, control: "access-point" })),
    plain: z.boolean().describe("Whether").meta(formHints({})),
  });
  assert.deepEqual(z.toJSONSchema(schema, { io: "input" }).properties, {
    url: {
      type: "string",
      default: "",
      description: "Where it is",
      title: "Address",
      format: "password",
      "x-when": { kind: ["far"] },
    },
    kind: {
      type: "string",
      enum: ["near", "far"],
      "x-names": { near: "Here" },
      "x-control": "access-point",
    },
    plain: { type: "boolean", description: "Whether" },
  });
});

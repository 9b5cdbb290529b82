import { z } from "zod";
import { VALUE_CHARS } from "../protocol.ts";
import { beyond, type Border } from "./border.ts";

/**
 * A schema that takes anything and shows itself as `shown`. A plugin's own schema is run in its own process only: a
 * pattern in it could take for ever.
 */
export function opaque(border: Pick<Border, "id">, shown: Record<string, unknown>): z.ZodType {
  if (JSON.stringify(shown).length > VALUE_CHARS) {
    throw beyond(border, `has a schema of more than ${VALUE_CHARS} characters`);
  }
  // zod would take `id` for a name in its own registry.
  const { $schema: _, id: __, ...rest } = shown;
  return z.unknown().meta(rest);
}

import { z } from "zod";
import { boardStateSchema, edgeSchema } from "../../drivers/sim/keys.ts";

export const badgeSchema = z.strictObject({ id: z.string(), name: z.string() });
/** Something to hold to the reader. */
export type Badge = z.output<typeof badgeSchema>;

/** All that is to be seen of the simulated panel. No card's number is: not even here is it shown in clear. */
export const boardViewSchema = z.strictObject({
  ...boardStateSchema.shape,
  readers: z.array(z.strictObject({
    name: z.string(),
    /** What lies there: one of the badges, or another card with `id` null. */
    card: z.strictObject({ id: z.string().nullable(), name: z.string() }).nullable(),
  })),
  badges: z.array(badgeSchema),
  /** The last ones, oldest first. */
  edges: z.array(edgeSchema),
});
export type BoardView = z.output<typeof boardViewSchema>;

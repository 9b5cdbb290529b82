import { z } from "zod";
import { defineEvent, holderNameSchema, idSchema, termsSchema } from "../../core/mod.ts";

/** The adding of one badge, from the wizard's start to its end. */
export const enrolmentSchema = z.strictObject({
  id: z.string(),
  /** `waiting` for a badge, `saving` the one that came; the others are ends. */
  state: z.enum(["waiting", "saving", "done", "duplicate", "timed-out", "cancelled", "failed"]),
  holderName: holderNameSchema,
  terms: termsSchema,
  /** Wall time, ms. */
  startedAt: z.number(),
  expiresAt: z.number(),
  /** What is left of the waiting time, ms; right also when the clock jumps. */
  remainingMs: z.number(),
  /** The new credential, once done. */
  credentialId: idSchema.nullable(),
  /** Whose badge it is already, where it is a duplicate. */
  knownAs: z.strictObject({ credentialId: idSchema, holderName: holderNameSchema }).nullable(),
  /** A sentence for a person. */
  message: z.string(),
});
export type Enrolment = z.output<typeof enrolmentSchema>;

export const enrolmentChanged = defineEvent<Enrolment>("enrolment.changed", enrolmentSchema);

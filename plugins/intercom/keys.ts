import { z } from "zod";

/** The part's id. */
export const INTERCOM = "intercom";

/** Something that can be played at the panel. */
export const replySchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  /** How long it lasts, ms. */
  ms: z.number().int(),
});
export type Reply = z.output<typeof replySchema>;

/** The state of the part. */
export const intercomStateSchema = z.strictObject({
  /** Why nobody can be heard; empty where they can, or nobody has tried yet. */
  fault: z.string(),
  /** Whether somebody, or something, is heard at the panel. */
  speaking: z.boolean(),
  /** Who is heard there. */
  talk: z.strictObject({
    session: z.string(),
    /** Of a member or a device. */
    by: z.string(),
    /** The name of the quick reply that is played; null for a voice. */
    reply: z.string().nullable(),
  }).nullable(),
  /** Of the loudspeaker, per cent. */
  volume: z.number().int(),
  duplex: z.enum(["full", "half"]),
  replies: z.array(replySchema),
});
export type IntercomState = z.output<typeof intercomStateSchema>;

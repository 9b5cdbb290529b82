import { z } from "zod";
import { defineEvent } from "../../core/mod.ts";

/** The part's id. */
export const RECORDER = "recorder";

export const cardStateSchema = z.enum([
  "absent",
  "uninitialized",
  "initializing",
  "normal",
  "full",
  "read-only",
  "error",
]);
export type CardState = z.output<typeof cardStateSchema>;

export const cardViewSchema = z.strictObject({
  state: cardStateSchema,
  /** While it is initialized, per cent. */
  progress: z.number().nullable(),
  /** How much it holds. */
  bytes: z.number(),
  free: z.number(),
  /** Sentences for people. */
  warnings: z.array(z.string()),
});
export type CardView = z.output<typeof cardViewSchema>;

/** Why something is recorded. */
export const causeSchema = z.enum(["call", "badge", "motion", "manual"]);
export type Cause = z.output<typeof causeSchema>;

/** After this a new file is begun, ms. */
export const LONGEST_CLIP_MS = 10 * 60_000;

export const clipSchema = z.strictObject({
  id: z.string(),
  cause: causeSchema,
  /** Wall time of its first picture, about, ms. */
  startedAt: z.number(),
  /** How long it is; null while it is recorded. */
  ms: z.number().nullable(),
  bytes: z.number(),
  /** Whether it is encrypted on the card. */
  sealed: z.boolean(),
  /** Whether it stays until somebody deletes it. */
  protected: z.boolean(),
  /** The call that it shows. */
  call: z.string().nullable(),
});
export type Clip = z.output<typeof clipSchema>;

/** What is shown of the whole. */
export const recorderViewSchema = z.strictObject({
  card: cardViewSchema,
  /** What is being recorded. */
  recording: z.array(causeSchema),
  encryption: z.strictObject({
    /** New recordings are encrypted. */
    on: z.boolean(),
    /** There is a password, also where nothing new is encrypted: what was recorded under it needs it. */
    set: z.boolean(),
    /** Those that are can be watched now. */
    open: z.boolean(),
  }),
});
export type RecorderView = z.output<typeof recorderViewSchema>;

/** A clip came, changed or went; a page fetches its list again. */
export const recordingChanged = defineEvent(
  "recording.changed",
  z.strictObject({ id: z.string(), change: z.enum(["added", "changed", "removed"]) }),
  { audience: "household" },
);

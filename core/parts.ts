import { z } from "zod";
import { defineEvent, definePoint } from "./plugin/keys.ts";
import type { Actor } from "./access/model.ts";
import type { Json } from "./json.ts";

/**
 * The closed vocabulary of what a home can see and drive. Some kinds promise fields of the state and commands, for
 * whoever shows a part without knowing its plugin:
 * `lock`, `gate`: `released` (boolean); released as the access point of the same id.
 * `light`: `on` (boolean), `level` (0.01 to 1, while on); command `set` with `mode` (`on` or `off`), `level` or both.
 * `button`: command `press`, without arguments.
 */
export const partKindSchema = z.enum(["lock", "gate", "button", "light", "camera", "sensor", "event"]);
/** What a part is: see `partKindSchema`. */
export type PartKind = z.output<typeof partKindSchema>;

/** A part's own name, and a few words. */
const nameSchema = z.string().min(1).max(80);
const wordSchema = z.string().regex(/^[a-z][a-zA-Z0-9_-]{0,39}$/);
/** The part's command that sets the value: its argument is the field alone. */
const commandSchema = wordSchema.optional();

/** What one field of a part's state means. Its value may be null where it is not known. */
export const partValueSchema = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("flag"),
    name: nameSchema,
    /** What true is: a door open, somebody at the housing, something wrong, something at work. */
    meaning: z.enum(["door", "tamper", "problem", "running"]).optional(),
    command: commandSchema,
  }),
  z.strictObject({
    type: z.literal("choice"),
    name: nameSchema,
    options: z.array(wordSchema).min(1).max(32),
    command: commandSchema,
  }),
  z.strictObject({
    type: z.literal("number"),
    name: nameSchema,
    unit: z.string().max(16).optional(),
    min: z.number(),
    max: z.number(),
    command: commandSchema,
  }),
  /** Wall time, ms. */
  z.strictObject({ type: z.literal("instant"), name: nameSchema }),
  z.strictObject({ type: z.literal("text"), name: nameSchema }),
]);
/** What one field of a part's state means. */
export type PartValue = z.output<typeof partValueSchema>;

/** What can happen to a part, as `part.occurred` tells it. */
export const partEventsSchema = z.strictObject({
  types: z.array(wordSchema).min(1).max(16),
  /** `bell`: a visitor rings, which is the type `ring`. */
  meaning: z.enum(["bell", "button", "motion"]).optional(),
});
/** What can happen to a part. */
export type PartEvents = z.output<typeof partEventsSchema>;

/** What a plugin shows of itself to pages, to systems of the home and whatever else watches. */
export interface Part {
  /** Unique in a panel: `lock`, `nameplate`, `door-contact`. */
  id: string;
  kind: PartKind;
  name: string;
  /** Its state now, JSON, no secrets. */
  state(): { [key: string]: Json } | Promise<{ [key: string]: Json }>;
  /** What fields of its state mean, by their names. Those that the kind promises need no mention. */
  values?: Record<string, PartValue>;
  events?: PartEvents;
  /**
   * What it sees now, JPEG, with nothing in it that is hidden from the household. Asked for at any time, also by several
   * at once; whoever asks gives up after some seconds. For plugins of the panel's own process: pictures do not cross to
   * those of others.
   * @throws where there is none now
   */
  picture?(): Promise<Uint8Array>;
  /** What it can be told to do, with the schema of the arguments. Opening something is not a command: see `access`. */
  commands?: Record<string, PartCommand>;
}

/** Something that a part can be told to do. */
export interface PartCommand {
  args: z.ZodType;
  /** Given what `args` makes of what was sent. */
  run(args: unknown, actor: Actor): unknown;
}

/** A command whose `run` knows the types of its arguments. */
export function partCommand<Schema extends z.ZodType>(
  args: Schema,
  run: (args: z.output<Schema>, actor: Actor) => unknown,
): PartCommand {
  return { args, run: (given, actor) => run(given as z.output<Schema>, actor) };
}

/** What pages and the systems of the home see and drive. `parts` is granted for watching; one's own need no grant. */
export const partsPoint = definePoint<Part>("parts");

/** A part's state changed. */
export const partChanged = defineEvent(
  "part.changed",
  z.strictObject({ id: z.string().max(64), state: z.record(z.string(), z.json()) }),
  { audience: "household" },
);

/** Something happened to a part that leaves no state behind: one of its `events`. */
export const partOccurred = defineEvent(
  "part.occurred",
  z.strictObject({
    id: z.string().max(64),
    type: wordSchema,
    /** Wall time, ms. */
    at: z.number(),
  }),
  { audience: "household" },
);

/** An alarm a household should see: door forced, door held open, tamper, hardware lost. It is in the access log too. */
export const alarmRaised = defineEvent(
  "alarm.raised",
  z.strictObject({ alarm: z.string().max(40), active: z.boolean(), message: z.string().max(200) }),
  { audience: "household" },
);

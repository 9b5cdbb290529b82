import { z } from "zod";
import { cardSlotSchema, defineService, uidSchema } from "../../core/mod.ts";

const name = z.string().min(1).max(40);

/** Something wrong with the simulated hardware, on until cleared. */
export const faultSchema = z.discriminatedUnion("kind", [
  /** The output does not come on: a pulse, a level or a pattern is refused. */
  z.strictObject({ kind: z.literal("output-refuses"), output: name }),
  /** Each change of the input is preceded by 12 ms of bouncing. */
  z.strictObject({ kind: z.literal("input-bounces"), input: name }),
  /** The reader never notices that a card left. */
  z.strictObject({ kind: z.literal("reader-stuck"), reader: name }),
  /** The reader notices nothing. */
  z.strictObject({ kind: z.literal("reader-silent"), reader: name }),
]);
export type SimFault = z.output<typeof faultSchema>;

export const cardSchema = z.strictObject({
  uid: uidSchema,
  cardKind: z.enum(["iso14443a", "em4100", "unknown"]).default("iso14443a"),
});
/** A badge of the simulator; its number protects nothing. */
export type SimCard = z.output<typeof cardSchema>;

/** What of the slot for the memory card is to change. */
export const slotChangeSchema = z.strictObject({
  card: cardSlotSchema.shape.card.optional(),
  bytes: cardSlotSchema.shape.bytes.optional(),
  taken: cardSlotSchema.shape.taken.optional(),
  writeProtected: z.boolean().optional(),
  wornOut: z.boolean().optional(),
  slow: z.boolean().optional(),
});
export type SlotChange = z.output<typeof slotChangeSchema>;

export const edgeSchema = z.strictObject({
  /** Counts every edge since the board started, from 1. */
  n: z.number().int(),
  /** Monotonic ms of the board. */
  at: z.number(),
  /** The output, input or reader. */
  line: z.string(),
  /** 0 to 1; for an input 1 is active, for a reader 1 is a card in its field. */
  level: z.number(),
  /** Why: what asked for it, `pulse ended`, `lease ended`, `pattern`, `hand`. */
  cause: z.string(),
});
export type Edge = z.output<typeof edgeSchema>;

export const edgePageSchema = z.strictObject({
  /** Oldest first. */
  edges: z.array(edgeSchema),
  /** How many there ever were; the board keeps the last 200,000. */
  total: z.number().int(),
  /** The board's monotonic time when it answered, ms. */
  now: z.number(),
});
export type EdgePage = z.output<typeof edgePageSchema>;

export const boardStateSchema = z.strictObject({
  now: z.number(),
  outputs: z.array(z.strictObject({
    name: z.string(),
    kind: z.enum(["release", "light", "beeper"]),
    dimmable: z.boolean(),
    level: z.number(),
  })),
  /** As the contacts are, before debouncing. */
  inputs: z.array(z.strictObject({ name: z.string(), active: z.boolean() })),
  /** The card in each reader's field. */
  readers: z.array(z.strictObject({ name: z.string(), card: cardSchema.nullable() })),
  faults: z.array(faultSchema),
  /** For the memory card. */
  slot: cardSlotSchema,
  /** Memory cards at hand: new ones, and those that were in the slot since the board started. */
  cards: z.array(z.string()),
  edges: z.number().int(),
});
export type BoardState = z.output<typeof boardStateSchema>;

/** The hands and eyes at the simulated panel. Unknown names are refused with `unknown-line` (404). */
export interface SimulationService {
  state(): Promise<BoardState>;
  /** Edges after number `since`, oldest first; without it the last ones. `limit` 1 to 10,000, 100 unless told. */
  edges(query?: { since?: number | undefined; limit?: number | undefined }): Promise<EdgePage>;
  /** Makes an input active for `ms` (200 unless told). */
  press(input: string, ms?: number): Promise<void>;
  setInput(input: string, active: boolean): Promise<void>;
  /** Holds a card to a reader until `remove`; a card already there leaves first. */
  present(card: z.input<typeof cardSchema>, reader?: string): Promise<void>;
  remove(reader?: string): Promise<void>;
  /** Puts a memory card in, takes it out, or does something to it. One that comes back is as it was. */
  setSlot(change: SlotChange): Promise<void>;
  setFault(fault: SimFault, active: boolean): Promise<void>;
  clearFaults(): Promise<void>;
  /** Lets a reader send these texts as they are, valid or not. */
  sendFrames(frames: string[], reader?: string): Promise<void>;
  /** How many frames of the readers were dropped because they were not valid. */
  droppedFrames(): Promise<number>;
}

export const simulationService = defineService<SimulationService>("simulation");

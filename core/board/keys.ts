import { z } from "zod";
import { defineEvent, defineService } from "../plugin/keys.ts";

/** The longest that an output which opens something may be on in one go, ms. */
export const RELEASE_CAP_MS = 10_000;

/**
 * The hardware of a panel, narrow on purpose: whatever driver is loaded provides it.
 * Outputs by name: `lock`, `gate` (release kind, capped), `indicator`, `nameplate`, `beeper`.
 */
export interface BoardService {
  describe(): Promise<BoardDescription>;
  /**
   * One timed pulse, ended by the hardware's side and not by this program. Resolved once the output is on.
   * A pulse on an output that is on changes nothing and resolves to false.
   * @param ms 1 to 10,000
   * @param cause what asked, for the hardware's own record
   * @throws {LatchkeyError} `output-failed`, `unknown-output`
   */
  pulse(output: string, ms: number, cause: string): Promise<boolean>;
  /**
   * Sets a level from 0 (off) to 1 (full). Release outputs take it with `leaseMs` only (at most 10,000): they
   * fall off by themselves unless set again before.
   * @throws {LatchkeyError} `output-failed`, `unknown-output`, `lease-needed`
   */
  set(output: string, level: number, options?: { leaseMs?: number; cause?: string }): Promise<void>;
  /** Plays short beeps or flashes: on and off times in turn, ms. Ended by the hardware's side. Replaces a pattern under way. */
  pattern(output: string, onOffMs: number[]): Promise<void>;
  /** Whether the input is active, after debouncing. */
  input(name: string): Promise<boolean>;
  /** Everything off, at once. */
  allOff(): Promise<void>;
}

/** What hardware a panel has, and how its outputs and inputs are now. */
export interface BoardDescription {
  driver: string;
  outputs: { name: string; kind: "release" | "light" | "beeper"; dimmable: boolean; level: number }[];
  /** Inputs: `bell`, `exit-button`, `inside-button` (of the panel itself), `door-contact` (active: open), `tamper`. */
  inputs: { name: string; active: boolean }[];
  readers: { name: string; reportsRemoval: boolean }[];
  /** Where the board has a slot for a memory card. */
  cardSlot?: CardSlot;
}

/**
 * A slot whose card is simulated: its files lie in a directory of that name, and what is wrong with it is done to
 * whoever uses them. A real card is used by the path that it is mounted at.
 */
export const cardSlotSchema = z.strictObject({
  /** What the card in it is called; null where there is none. */
  card: z.string().regex(/^[a-z0-9-]{1,20}$/, { error: "1 to 20 lower case letters, digits and dashes" })
    .nullable(),
  /** How much it holds, bytes. */
  bytes: z.number().int().min(1_000_000).max(2 ** 41),
  /** How much of it other files take, bytes. */
  taken: z.number().int().min(0),
  writeProtected: z.boolean(),
  /** Each access fails. */
  wornOut: z.boolean(),
  /** Each write takes two seconds. */
  slow: z.boolean(),
});
/** What a simulated slot holds now. */
export type CardSlot = z.output<typeof cardSlotSchema>;

/** Somebody put a card in, took it out, or something about it changed. */
export const cardSlotChanged = defineEvent("card-slot.changed", z.strictObject({}), { audience: "internal" });

/** The hardware. Not from outside. */
export const boardService = defineService<BoardService>("board");

/** A debounced input changed. */
export const inputChanged = defineEvent(
  "input.changed",
  z.strictObject({ input: z.string().max(40), active: z.boolean() }),
);

/** An output changed, as the hardware reports it. */
export const outputChanged = defineEvent(
  "output.changed",
  z.strictObject({ output: z.string().max(40), level: z.number().min(0).max(1) }),
);

/** The number of a card, in upper case hexadecimal. A secret: never log it. */
export const uidSchema = z.string().regex(/^([0-9A-F]{2}){4,10}$/, {
  error: "4 to 10 bytes in upper case hexadecimal",
});

/** A card came into a reader's field. Holds the number: never leaves the bus, never logged. */
export const cardPresent = defineEvent(
  "reader.present",
  z.strictObject({
    reader: z.string().max(40),
    uid: uidSchema,
    cardKind: z.enum(["iso14443a", "em4100", "unknown"]),
    /** Whether `reader.removed` will follow. */
    reportsRemoval: z.boolean(),
  }),
  { audience: "internal" },
);

/** A card left a reader's field. */
export const cardRemoved = defineEvent(
  "reader.removed",
  z.strictObject({ reader: z.string().max(40), uid: uidSchema }),
  { audience: "internal" },
);

/** The link to the hardware was lost or came back. */
export const boardLink = defineEvent("board.link-changed", z.strictObject({ up: z.boolean() }), {
  audience: "household",
});

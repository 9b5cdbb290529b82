import { z } from "zod";
import { defineService } from "../plugin/keys.ts";
import { type Actor, cardKindSchema, holderNameSchema, termsSchema } from "./model.ts";

/** A card as panels that belong together share it: all that a decision needs, and not its number. */
export const sharedCardSchema = z.strictObject({
  /** Its number, hashed with the key that the panels share: the same card at each of them. */
  mark: z.string().regex(/^[0-9a-f]{32}$/),
  holderName: holderNameSchema,
  lastDigits: z.string().max(4),
  cardKind: cardKindSchema,
  validity: termsSchema.shape.validity.unwrap(),
  accessPoints: termsSchema.shape.accessPoints,
  suspended: z.boolean(),
  createdAt: z.number().int(),
});
/** A card as panels of one site tell it to each other. */
export type SharedCard = z.output<typeof sharedCardSchema>;

/**
 * Cards from panel to panel. It gives away the key to the hashes of card numbers: for plugins in the panel's own process
 * only. Every resolved change is durable, logged and in force.
 */
export interface CardSharingService {
  /** The key that hashes this panel's cards, in hexadecimal. A secret. */
  key(): Promise<string>;
  /**
   * Hashes cards with another panel's key from now on.
   * @throws {LatchkeyError} `cards-not-empty` (409) where there are cards: they would not be known any more
   */
  adoptKey(key: string): Promise<void>;
  /** Undefined where there is no such card, or its uses are counted: panels that are apart can't count together. */
  describe(id: string): Promise<SharedCard | undefined>;
  /** The id of the card with this mark. */
  find(mark: string): Promise<string | undefined>;
  /**
   * Adds the card, or makes it as this one is; does nothing where it is. Access points that are not here are kept.
   * @param over what it takes the place of, as it was described; undefined: none
   * @returns whether that was still so: where the card was changed meanwhile, nothing is done
   */
  put(card: SharedCard, over: SharedCard | undefined, actor: Actor, why: string): Promise<boolean>;
  /** Takes it away where it is. */
  remove(mark: string, actor: Actor, why: string): Promise<void>;
}

/** Cards that several panels have in common. Built-in plugins only. */
export const cardSharingService = defineService<CardSharingService>("card-sharing");

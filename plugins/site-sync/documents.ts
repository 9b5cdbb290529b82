import { z } from "zod";
import { sharedCardSchema } from "../../core/mod.ts";

const publicKey = z.string().regex(/^[\w-]{43}$/);
const siteId = z.string().regex(/^[0-9a-f]{32}$/);
const panelId = z.string().regex(/^[0-9a-f]{8,64}$/);
const mark = sharedCardSchema.shape.mark;
const version = z.number().int().min(1);
/** How often the key that cards are encrypted with has been changed. */
const epoch = z.number().int().min(1);
/** What a row is known by: hashed with the site's secret, so that it tells nobody else anything; empty for none. */
const logMark = z.string().regex(/^([0-9a-f]{32})?$/);
/** Encrypted, by RFC 7516. */
const secret = z.string().max(300_000);

/** How many cards a site shares at most: the register, which names each, is one message. What is more stays where it is. */
export const MOST_CARDS = 2_000;
export const MOST_PANELS = 32;

export const panelSchema = z.strictObject({
  id: panelId,
  name: z.string().min(1).max(60),
  /** What it signs with, and what secrets for it are sealed to. */
  signer: publicKey,
  box: publicKey,
});
export type SitePanel = z.output<typeof panelSchema>;

/** What holds at the site, by the panel that keeps its key: who belongs to it, and the version of each card. */
export const registerSchema = z.strictObject({
  site: siteId,
  version,
  epoch,
  panels: z.array(panelSchema.extend({
    /** The number of its last wish that was taken: it goes on from there where it was set back. */
    taken: z.number().int().min(0),
    /** The secrets, for it alone. */
    sealed: secret,
  })).max(MOST_PANELS),
  cards: z.record(mark, version),
});
export type Register = z.output<typeof registerSchema>;

/** What each panel's `sealed` holds. */
export const secretsSchema = z.strictObject({
  epoch,
  /** Encrypts cards and logs. */
  data: z.string().regex(/^[0-9a-f]{64}$/),
  /** Hashes card numbers. */
  cards: z.string().regex(/^[0-9a-f]{64}$/),
});
export type Secrets = z.output<typeof secretsSchema>;

/** A card as it is at the site, by the panel that keeps its key. */
export const cardSchema = z.strictObject({
  site: siteId,
  mark,
  version,
  epoch,
  /** The panel that changed it last. */
  by: panelId,
  locked: secret,
});
export type CardDocument = z.output<typeof cardSchema>;

/** A change that was made at a panel, by that panel. */
export const wishSchema = z.strictObject({
  site: siteId,
  panel: panelId,
  /** Rises with each that it sends: none is taken twice. */
  n: z.number().int().min(1),
  mark,
  /** The version that it was made from; 0 for a new card. */
  base: z.number().int().min(0),
  epoch,
  /** Null where it was taken away. */
  locked: secret.nullable(),
  /** Whether another panel wished it first: then it is nothing to a card that has changed since. */
  witnessed: z.boolean(),
});
export type Wish = z.output<typeof wishSchema>;

/** A panel that wants to belong to the site, by itself; `mac` shows that it was given the code. */
export const joinSchema = z.strictObject({
  site: siteId,
  panel: panelSchema,
  mac: z.string().regex(/^[0-9a-f]{64}$/),
});
export type Join = z.output<typeof joinSchema>;

/** Rows of a panel's access log, by that panel. */
export const rowsSchema = z.strictObject({
  site: siteId,
  panel: panelId,
  from: z.number().int().min(1),
  to: z.number().int().min(1),
  epoch,
  /** The mark of the newest row of it that the panel that keeps the key has: nothing is taken twice, or with a gap. */
  behind: logMark,
  /** That of its own row before these: where it is not the same, the log was set back. */
  after: logMark,
  locked: secret,
});

/** How far the panel that keeps the key has another's log. */
export const seenSchema = z.strictObject({
  site: siteId,
  panel: panelId,
  epoch,
  /** Rows that it has: the newest, and where `far` ones ever farther back, to find the last that both have. */
  marks: z.array(z.strictObject({ row: z.number().int().min(1), mark: logMark })).max(32),
  far: z.boolean(),
});
export type Seen = z.output<typeof seenSchema>;

export const KINDS = {
  register: "latchkey-register",
  card: "latchkey-card",
  wish: "latchkey-wish",
  join: "latchkey-join",
  rows: "latchkey-rows",
  seen: "latchkey-seen",
} as const;

export const SITES = "latchkey-site";

export interface SiteTopics {
  all: string;
  /** Nothing is meant by it. */
  echo: string;
  /** What a panel says to itself when it comes. */
  hello(panel: string): string;
  register: string;
  join: string;
  card(mark: string): string;
  wish(panel: string, mark: string): string;
  rows(panel: string): string;
  seen(panel: string): string;
}

export function topicsOf(site: string): SiteTopics {
  const base = `${SITES}/${site}`;
  return {
    all: `${base}/#`,
    echo: `${base}/echo`,
    hello: (panel) => `${base}/hello/${panel}`,
    register: `${base}/register`,
    join: `${base}/join`,
    card: (mark) => `${base}/card/${mark}`,
    wish: (panel, mark) => `${base}/wish/${panel}/${mark}`,
    rows: (panel) => `${base}/rows/${panel}`,
    seen: (panel) => `${base}/seen/${panel}`,
  };
}

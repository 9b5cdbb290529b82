import { z } from "zod";
import { defineEvent, definePoint, defineService } from "../plugin/keys.ts";
import {
  type Actor,
  type CardChange,
  type Code,
  type Credential,
  type Holder,
  logKindSchema,
  type LogRow,
  logRowSchema,
  type NewCode,
  type Reason,
  type ReleaseAnswer,
  type ReleaseRequest,
  releaseRequestSchema,
  type Terms,
  type Via,
} from "./model.ts";

/** What a reader saw, for deciding which credential it is. The number is hashed at once and never stored. */
export interface CardReading {
  /** Hexadecimal, upper case, without separators: 4 to 10 bytes. A secret: never log it. */
  uid: string;
  cardKind: "iso14443a" | "em4100" | "unknown";
}

/** A card that is to be added. */
export interface NewCard extends CardReading {
  holderName: string;
  /** An existing holder; made new with `holderName` where absent. */
  holderId?: string;
  terms: Terms;
}

/** A fact for the access log, as it is recorded. */
export interface LogEntry {
  kind: LogRow["kind"];
  outcome: string;
  actor: Actor;
  via: LogRow["via"];
  accessPoint?: string;
  reason?: Reason;
  credentialId?: string;
  requestId?: string;
  detail?: LogRow["detail"];
}

/** Which rows of the access log are asked for. */
export interface LogQuery {
  /** Rows older than this one only. */
  before?: number | undefined;
  /** At most this many, newest first; 1 to 500, 100 unless told. */
  limit?: number | undefined;
  kind?: LogRow["kind"] | undefined;
}

/** Card holders and their credentials. Every resolved change is durable, logged and in force. */
export interface CredentialService {
  /** What the card could open now, before anything is asked: the access points its terms name. Undefined: unknown card. */
  identify(reading: CardReading): Promise<Credential | undefined>;
  list(query?: { after?: string | undefined; limit?: number | undefined }): Promise<Credential[]>;
  /** @throws {LatchkeyError} `card-unknown` (404) */
  get(id: string): Promise<Credential>;
  /** @throws {LatchkeyError} `card-known` (409) with whose it is; `unknown-access-point` (400) */
  addCard(card: NewCard, actor: Actor): Promise<Credential>;
  /** @throws {LatchkeyError} `card-unknown` (404), `unknown-access-point` (400) */
  change(id: string, change: CardChange, actor: Actor): Promise<Credential>;
  /** @throws {LatchkeyError} `card-unknown` (404) */
  remove(id: string, actor: Actor): Promise<void>;
  holders(): Promise<Holder[]>;
}

/** Somebody entered a code. */
export interface EnteredCode {
  /** The code as it was typed or read: a secret, never log it. */
  text: string;
  /** Where it was entered: an address, a device, a keypad. Each source waits for its own wrong codes only. */
  source: string;
  via: Via;
}

/** Somebody entered a code to open something. */
export interface Redemption extends EnteredCode {
  accessPoint: string;
  /** As for `ReleaseRequest`. */
  requestId: string;
}

/** One-time and limited codes for guests and deliveries. Every resolved change is durable, logged and in force. */
export interface CodeService {
  list(): Promise<Code[]>;
  /**
   * Makes a code; `text` is it, and can't be had again.
   * @throws {LatchkeyError} `code-invalid`, `unknown-access-point` (400), `codes-full` (409)
   */
  add(code: NewCode, actor: Actor): Promise<{ code: Code; text: string }>;
  /** @throws {LatchkeyError} `code-unknown` (404) */
  remove(id: string, actor: Actor): Promise<void>;
  /**
   * Says what a code is good for, to whoever has it. A wrong one counts as one that was to open something.
   * @throws {LatchkeyError} as `redeem`
   */
  check(entered: EnteredCode): Promise<Code>;
  /**
   * Releases with a code. A known one is decided as everyone's request is.
   * @throws {LatchkeyError} `code-wrong` (403); `code-wait` (429) with the seconds in `retryAfter`
   */
  redeem(redemption: Redemption): Promise<ReleaseAnswer>;
}

/** The one door to every output that opens something: decides, logs durably, then moves. */
export interface AccessService {
  /** Never throws for a denial: the answer says why. */
  release(request: ReleaseRequest): Promise<ReleaseAnswer>;
  /** The access points that can be released now. */
  accessPoints(): Promise<AccessPointState[]>;
  /** Adds a fact to the access log; resolved means durable. */
  record(entry: LogEntry): Promise<LogRow>;
  log(query?: LogQuery): Promise<LogRow[]>;
}

/** How something that can be released is doing. */
export interface AccessPointState {
  id: string;
  name: string;
  /** A pulse or a hold is under way. */
  released: boolean;
  /** The pulse, ms. */
  pulseMs: number;
}

/** What a plugin contributes to make something releasable. Only the access service calls `open`. */
export interface AccessPoint {
  id: string;
  name: string;
  /** Length of the pulse, ms: at most 10,000. */
  pulseMs(): number;
  /** Whether a pulse or hold is under way: a release then is answered "already released". */
  released(): boolean;
  /**
   * Moves the output. Resolved once the pulse has begun; `cause` is the request id, for the hardware's own record.
   * @throws {LatchkeyError} `output-failed` where the hardware refuses.
   */
  open(cause: string): Promise<void>;
}

/** A contributed reason not to open. It can only deny: an answer, an error or no answer in 500 ms never grants. */
export interface Denial {
  id: string;
  /** The reason that is answered; `denied-by-plugin` unless told. */
  reason?: "denied-by-plugin" | "enrolling";
  /** Resolves to a sentence that says why not, or to undefined where there is no objection. */
  objection(request: ReleaseRequest): string | undefined | Promise<string | undefined>;
}

/**
 * Knows what devices show of the visitor, by proof and not by what they say: a monitor releases only while it shows a
 * live picture. Only plugins in the panel's own process contribute here.
 */
export interface Sight {
  id: string;
  /** How long ago the device last presented a picture, ms; undefined where that is not known. */
  shownMs(deviceId: string): Promise<number | undefined>;
}

/**
 * A system of the home that asks through a built-in bridge, not by the API. It is decided as a service of this id with
 * these scopes, looked up at each request; the owner's settings of the bridge are what grants them. Only plugins in the
 * panel's own process contribute here.
 */
export interface Integration {
  /** The bridge's plugin id. */
  id: string;
  name: string;
  /** As a service's. */
  scopes: readonly string[];
}

const logQuerySchema = z.strictObject({
  before: z.int().optional(),
  limit: z.int().min(1).max(500).optional(),
  kind: logKindSchema.optional(),
});

const redemptionSchema = z.strictObject({
  text: z.string().max(200),
  ...releaseRequestSchema.omit({ actor: true, deviceId: true }).shape,
  source: z.string().max(80),
});

/** From outside: a plugin asks as itself, and writes nothing into the log. */
export const accessService = defineService<AccessService>("access", {
  outside: {
    release: {
      args: z.tuple([releaseRequestSchema]),
      as: ([request], actor) => [{ ...request as ReleaseRequest, actor, via: "plugin" }],
    },
    accessPoints: { args: z.tuple([]) },
    log: { args: z.tuple([logQuerySchema.optional()]) },
  },
});
/** Not from outside: who adds a card grants. */
export const credentialService = defineService<CredentialService>("credentials");
/** From outside: a keypad, whose wrong codes are counted as its own. */
export const codeService = defineService<CodeService>("codes", {
  outside: {
    redeem: {
      args: z.tuple([redemptionSchema]),
      as: ([given], { id }) => [{ ...given as Redemption, source: `plugin:${id}`, via: "plugin" }],
    },
  },
});
/** What can be released. Built-in plugins only. */
export const accessPointsPoint = definePoint<AccessPoint>("access-points");
/** Reasons not to open. Where `denials` was granted. */
export const denialsPoint = definePoint<Denial>("denials");
/** What devices show of the visitor. Built-in plugins only. */
export const sightsPoint = definePoint<Sight>("sights");
/** Bridges that ask in a name of their own. Built-in plugins only. */
export const integrationsPoint = definePoint<Integration>("integrations");

/** A row was added to the access log; it is durable. */
export const accessLogged = defineEvent<LogRow>("access.logged", logRowSchema, { coreOnly: true });

/** Cards or holders changed; a page fetches its list again. */
export const credentialsChanged = defineEvent(
  "credentials.changed",
  z.strictObject({ id: z.string(), change: z.enum(["added", "changed", "removed"]) }),
  { coreOnly: true },
);

import { z } from "zod";

/** An id of the panel: 1 to 64 lower case letters, digits and dashes. */
export const idSchema = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, {
  error: "an id of 1 to 64 lower case letters, digits and dashes",
});

/** Something that can be released: `lock`, `gate`, or what another plugin contributes. */
export const accessPointIdSchema = idSchema;

/** Who does something. */
export const actorSchema = z.strictObject({
  kind: z.enum(["card", "code", "person", "monitor", "service", "plugin", "input", "schedule", "system"]),
  /** Which one: a credential's id, a token's id, a plugin's id, an input's name. */
  id: z.string().max(80),
  /** What to call it on a page or in the log. */
  name: z.string().max(120).optional(),
  /** What it may do; empty means nothing beyond its kind. */
  scopes: z.array(z.string().max(80)).max(32).default([]),
});
/** Who does something. */
export type Actor = z.output<typeof actorSchema>;

/** By which way a request came. `integration`: from a system of the home, by the bridge to it. */
export const viaSchema = z.enum([
  "reader",
  "app",
  "monitor",
  "api",
  "input",
  "schedule",
  "plugin",
  "integration",
]);
/** By which way a request came. */
export type Via = z.output<typeof viaSchema>;

const minuteSchema = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, {
  error: "a time of day such as 08:30",
});
/** A day of the week: `mon` to `sun`. */
export const weekdaySchema = z.enum(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]);
/** A day of the week: `mon` to `sun`. */
export type Weekday = z.output<typeof weekdaySchema>;
/** An IANA time zone this machine knows. */
export const zoneSchema = z.string().max(64).refine(isKnownZone, {
  error: "an IANA time zone such as Europe/Rome",
});
/** A date and time with its offset, such as 2026-05-01T08:00:00Z. */
export const instantSchema = z.iso.datetime({
  offset: true,
  error: "a date and time such as 2026-05-01T08:00:00Z",
});

/** Part of a week: from `from` up to, not including, `to`, local time; over midnight where `to` is not after `from`. */
export const weekWindowSchema = z.strictObject({
  days: z.array(weekdaySchema).min(1).max(7),
  from: minuteSchema,
  to: minuteSchema,
});
/** Part of a week. */
export type WeekWindow = z.output<typeof weekWindowSchema>;

/** When a credential may be used. */
export const validitySchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("always") }),
  z.strictObject({ kind: z.literal("period"), from: instantSchema, until: instantSchema })
    .refine((v) => Date.parse(v.from) < Date.parse(v.until), {
      path: ["until"],
      error: "a time after `from`",
    }),
  z.strictObject({
    kind: z.literal("weekly"),
    zone: zoneSchema,
    windows: z.array(weekWindowSchema).min(1).max(32),
    /** The schedule may also have a beginning and an end. */
    from: instantSchema.optional(),
    until: instantSchema.optional(),
  }).refine((v) => !v.from || !v.until || Date.parse(v.from) < Date.parse(v.until), {
    path: ["until"],
    error: "a time after `from`",
  }),
]);
/** When a credential may be used. */
export type Validity = z.output<typeof validitySchema>;

/** What a holder, or whoever a code is for, is called. */
export const holderNameSchema = z.string().trim().min(1).max(60);

/** Kinds of card technology; none of these has more than its number checked here. */
export const cardKindSchema = z.enum(["iso14443a", "em4100", "unknown"]);

/** The terms under which a credential opens: what the enrolment wizard asks and what may be changed later. */
export const termsSchema = z.strictObject({
  validity: validitySchema.default({ kind: "always" }),
  /** Which access points it may release. */
  accessPoints: z.array(accessPointIdSchema).min(1).max(16),
  /** How many releases are left; null is no limit. */
  usesLeft: z.number().int().min(0).max(1_000_000).nullable().default(null),
  suspended: z.boolean().default(false),
});
/** When, where and how often a credential opens. */
export type Terms = z.output<typeof termsSchema>;

/** What of the terms may be changed; what is left out stays as it is, so there are no defaults here. */
export const termsChangeSchema = z.strictObject({
  validity: validitySchema.optional(),
  accessPoints: termsSchema.shape.accessPoints.optional(),
  usesLeft: termsSchema.shape.usesLeft.unwrap().optional(),
  suspended: termsSchema.shape.suspended.unwrap().optional(),
});

/** What may be changed of a card; what is left out stays as it is. */
export const cardChangeSchema = termsChangeSchema.extend({ holderName: holderNameSchema.optional() });
/** What may be changed of a card; what is left out stays as it is. */
export type CardChange = z.output<typeof cardChangeSchema>;

/** A card and its terms, without its number. */
export const credentialSchema = z.strictObject({
  id: idSchema,
  kind: z.literal("card"),
  holderId: idSchema,
  holderName: holderNameSchema,
  /** The last digits of its number: enough to tell two cards apart, not enough to copy one. */
  lastDigits: z.string().max(4),
  cardKind: cardKindSchema,
  /** What the kind proves, for people: "number only: can be cloned". */
  assurance: z.string(),
  ...termsSchema.shape,
  createdAt: z.number(),
  lastUsedAt: z.number().nullable(),
});
/** A card and its terms, without its number. */
export type Credential = z.output<typeof credentialSchema>;

/** Whose cards these are. */
export const holderSchema = z.strictObject({
  id: idSchema,
  name: holderNameSchema,
  createdAt: z.number(),
});
/** Whose cards these are. */
export type Holder = z.output<typeof holderSchema>;

/** A code for a guest or a delivery: digits to type (`pin`), or more than anyone can guess, to be shown as a QR code (`qr`). */
export const newCodeSchema = z.strictObject({
  /** Whom or what it is for. */
  name: holderNameSchema,
  form: z.enum(["pin", "qr"]).default("pin"),
  terms: termsSchema,
});
/** A code that is to be made. */
export type NewCode = z.output<typeof newCodeSchema>;

/** A code as it is kept: the code itself is shown once, when it is made. */
export const codeSchema = z.strictObject({
  id: idSchema,
  ...newCodeSchema.shape,
  createdAt: z.number(),
  lastUsedAt: z.number().nullable(),
});
/** A code for a guest or a delivery, without the code itself. */
export type Code = z.output<typeof codeSchema>;

/** Why a request was denied; `granted` where it was not. Stable words: pages translate them. */
export const reasonSchema = z.enum([
  "granted",
  "unknown-credential",
  "unknown-access-point",
  "no-right",
  "suspended",
  "not-yet-valid",
  "expired",
  "outside-schedule",
  "used-up",
  "clock-untrusted",
  "enrolling",
  "denied-by-plugin",
  "already-released",
  "not-allowed",
  "not-watching",
  "log-unavailable",
  "output-failed",
]);
/** Why a request was denied; `granted` where it was not. */
export type Reason = z.output<typeof reasonSchema>;

/** A wish to open an access point. The same `requestId` sent again gets the same answer and moves nothing. */
export const releaseRequestSchema = z.strictObject({
  requestId: z.string().regex(/^[\w.:-]{1,80}$/, { error: "1 to 80 letters, digits and . _ : -" }),
  accessPoint: accessPointIdSchema,
  actor: actorSchema,
  via: viaSchema,
  /** The device that asks, where one does. */
  deviceId: z.string().max(80).optional(),
});
/** A wish to open something. */
export type ReleaseRequest = z.output<typeof releaseRequestSchema>;

/** What came of a wish to open something. */
export const releaseAnswerSchema = z.strictObject({
  requestId: z.string(),
  accessPoint: z.string(),
  /** released: the pulse began. already-released: a pulse was under way, nothing moved. denied. failed: granted, but the output refused. */
  outcome: z.enum(["released", "already-released", "denied", "failed"]),
  reason: reasonSchema,
  /** A sentence for a person. */
  message: z.string(),
  /** The access-log row. */
  seq: z.number().int(),
  /** Whether this answer was given before, for the same request id. */
  repeated: z.boolean(),
});
/** What came of a wish to open something. */
export type ReleaseAnswer = z.output<typeof releaseAnswerSchema>;

/** What kind of fact an access-log row holds. */
export const logKindSchema = z.enum([
  "release", // a decision on a release request, granted or denied
  "release-failed", // the output refused after a grant
  "hold-open", // scheduled hold-open began or ended
  "card-added",
  "card-changed",
  "card-removed",
  "holder-added",
  "holder-changed",
  "holder-removed",
  "enrolment",
  "alarm", // door forced, held open, tamper
  "clock", // time lost or gained trust
  "settings",
  "system", // started, stopped
  "claim", // the panel got its first owner, or was opened to be claimed again
  "member-added",
  "member-changed",
  "member-removed",
  "device-added",
  "device-changed",
  "device-removed",
  "code-added",
  "code-removed",
  "site", // panels that share cards: one was founded, joined, left, or a panel was removed from it
]);

/** A row of the access log. */
export const logRowSchema = z.strictObject({
  seq: z.number().int(),
  /** Wall time, ms, as the panel believed it; see `clockTrusted`. */
  at: z.number(),
  clockTrusted: z.boolean(),
  kind: logKindSchema,
  accessPoint: z.string().nullable(),
  outcome: z.string(),
  reason: z.string().nullable(),
  actor: actorSchema,
  via: z.string(),
  credentialId: z.string().nullable(),
  requestId: z.string().nullable(),
  /** Further facts; no secrets. */
  detail: z.record(z.string(), z.json()),
});
/** A row of the access log. */
export type LogRow = z.output<typeof logRowSchema>;

function isKnownZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return /^[A-Za-z]/.test(zone);
  } catch {
    return false;
  }
}

import { z } from "zod";
import { type Part, partEventsSchema, partKindSchema, partValueSchema } from "../parts.ts";

/**
 * What the panel and a plugin in a process of its own say to each other: one JSON object a line, over the process's
 * standard input and output. The panel believes nothing that does not fit these schemas.
 */
export const PROTOCOLS: readonly number[] = [1];

/** The longest line that the panel takes from a plugin, bytes; a plugin takes eight times as much. */
export const LINE_BYTES = 256 * 1024;
/** The most that an event of a plugin, a state of a part or a settings' schema may hold, characters of JSON. */
export const VALUE_CHARS = 16 * 1024;
/** How deep JSON from a plugin may be nested. */
export const DEEPEST = 32;
/** Calls that one side may have waiting for the other. */
export const MOST_CALLS = 64;

const number = z.int().min(0);
const handle = z.int().min(1).max(1_000);
const name = z.string().min(1).max(80);
/** JSON by its making: it comes out of `JSON.parse`. */
const json = z.unknown();
const jsonSchema = z.record(z.string(), json);
const args = z.array(json).max(8);
const methodName = z.string().regex(/^(?!(?:then|constructor|toJSON)$)[a-z][A-Za-z0-9]{0,39}$/);

export const wireErrorSchema = z.strictObject({
  code: z.string().regex(/^[a-z][a-z0-9-]{0,59}$/),
  message: z.string().max(2_000),
  status: z.int().min(400).max(599),
  faults: z.array(z.strictObject({
    field: z.string().max(120),
    value: z.json().optional(),
    message: z.string().max(500),
  })).max(20).optional(),
  details: z.record(z.string(), z.json()).optional(),
});
export type WireError = z.output<typeof wireErrorSchema>;

const routeOfferSchema = z.strictObject({
  method: z.enum(["get", "post", "put", "patch", "delete"]),
  path: z.string().max(120),
  access: z.enum(["anyone", "owner", "residents", "household", "members"]),
  scope: z.string().max(80).optional(),
  summary: z.string().max(120),
  description: z.string().max(1_000).optional(),
  /** Whether success has a body. */
  answers: z.boolean(),
  status: z.union([z.literal(200), z.literal(201), z.literal(202), z.literal(204)]).optional(),
  refusals: z.record(z.string().regex(/^[45]\d\d$/), z.string().max(200)).optional(),
});

/** What a plugin contributes or provides; the panel calls it back by its handle. */
export const offerSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("service"), name, methods: z.array(methodName).max(32) }),
  z.strictObject({
    kind: z.literal("part"),
    id: name,
    part: partKindSchema,
    name: z.string().min(1).max(60),
    values: z.record(z.string().max(64), partValueSchema).optional(),
    events: partEventsSchema.optional(),
    /** JSON Schema of each command's arguments. */
    commands: z.record(methodName, jsonSchema),
  }),
  z.strictObject({ kind: z.literal("denial"), id: name }),
  z.strictObject({ kind: z.literal("host-name"), name: z.string().max(253) }),
  z.strictObject({ kind: z.literal("routes"), routes: z.array(routeOfferSchema).max(64) }),
]);
export type Offer = z.output<typeof offerSchema>;

/** Whom a plugin calls. */
export const targetSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("service"), service: name, method: methodName }),
  z.strictObject({ kind: z.literal("state"), method: z.enum(["get", "set", "delete"]) }),
  /** A part that it was told of: its state, or a command of it. */
  z.strictObject({ kind: z.literal("part"), handle: number, command: z.string().max(64).nullable() }),
]);
export type Target = z.output<typeof targetSchema>;

/** What a plugin says. */
export const fromPluginSchema = z.discriminatedUnion("t", [
  z.strictObject({ t: z.literal("hello"), protocols: z.array(number).min(1).max(16) }),
  /** What its module exports, told before its `setup`. */
  z.strictObject({
    t: z.literal("described"),
    id: z.string().max(80),
    api: z.int(),
    uses: z.array(name).max(32),
    /** JSON Schema of its settings. */
    settings: jsonSchema,
    /** What its settings are, defaults included. */
    values: z.record(z.string(), json),
  }),
  z.strictObject({ t: z.literal("ready") }),
  z.strictObject({ t: z.literal("failed"), error: wireErrorSchema }),
  z.strictObject({ t: z.literal("stopped") }),
  z.strictObject({ t: z.literal("pong"), n: number }),
  z.strictObject({
    t: z.literal("log"),
    level: z.enum(["debug", "info", "warn", "error"]),
    message: z.string().max(1_000),
    fields: z.record(z.string().max(40), json),
  }),
  /** An error in one of its listeners or timers; a log line says which. */
  z.strictObject({ t: z.literal("fault") }),
  z.strictObject({
    t: z.literal("emit"),
    name,
    audience: z.enum(["household", "residents", "internal"]),
    value: json.optional(),
  }),
  z.strictObject({ t: z.literal("listen"), name }),
  z.strictObject({ t: z.literal("watch"), point: z.literal("parts") }),
  z.strictObject({ t: z.literal("offer"), handle, offer: offerSchema }),
  /** Takes back what it has contributed. */
  z.strictObject({ t: z.literal("withdraw"), handle }),
  z.strictObject({ t: z.literal("call"), id: number, to: targetSchema, args }),
  z.strictObject({ t: z.literal("answer"), id: number, value: json.optional() }),
  z.strictObject({ t: z.literal("failure"), id: number, error: wireErrorSchema }),
]);
export type FromPlugin = z.output<typeof fromPluginSchema>;

/** What the panel says. */
export type FromPanel =
  | { t: "welcome"; protocol: number; id: string; config: unknown; grant: Grant }
  | { t: "refused"; message: string }
  | { t: "ping"; n: number }
  /** `missed`: how many before it were dropped, because the plugin did not read. */
  | { t: "event"; name: string; value: unknown; missed: number }
  | { t: "call"; id: number; handle: number; method: string; args: unknown[] }
  | { t: "answer"; id: number; value: unknown }
  | { t: "failure"; id: number; error: WireError }
  | { t: "part-added"; handle: number; owner: string; part: PartSeen }
  | { t: "part-removed"; handle: number }
  | { t: "stop" };

/** What was granted, so that an honest plugin is told at once where it goes too far. */
export interface Grant {
  /** Methods by service. */
  services: Record<string, string[]>;
  events: string[];
  denials: boolean;
  parts: "none" | "read" | "control";
  hostNames: boolean;
  anyone: boolean;
}

export interface PartSeen {
  id: string;
  kind: z.output<typeof partKindSchema>;
  name: string;
  values?: Part["values"];
  events?: Part["events"];
  commands: Record<string, unknown>;
}

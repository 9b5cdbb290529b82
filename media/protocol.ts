import { z } from "zod";
import {
  cameraSpecSchema,
  definitionSchema,
  detectedSchema,
  LARGEST_SOUND_BYTES,
  soundSpecSchema,
  watchSchema,
} from "./spec.ts";

const id = z.string().min(1).max(64);
const key = z.string().regex(/^[\w-]{22}$/);
const nothing = z.null();
const sdp = z.string().max(64_000);
const session = z.strictObject({ session: id, answer: sdp });
const sound = z.base64().max(Math.ceil(LARGEST_SOUND_BYTES / 3) * 4);
const place = { camera: id, definition: definitionSchema };

/** What the runtime may ask of the media process, and what it answers. */
export const commands = {
  /** These cameras and no others; resolved when nobody is shown a picture of the settings before. */
  configure: {
    args: z.strictObject({
      cameras: z.array(cameraSpecSchema).max(16),
      /** Where live video is sent from; null for wherever the machine has an address. */
      address: z.ipv4().or(z.ipv6()).nullable(),
    }),
    result: nothing,
  },
  view: {
    args: z.strictObject({ ...place, offer: sdp }),
    result: session,
  },
  /** Shows a viewer another definition, on the same connection. */
  choose: { args: z.strictObject({ session: id, definition: definitionSchema }), result: nothing },
  /** How long ago at most a viewer presented a picture, ms, by proof; null where there is none. */
  presented: {
    args: z.strictObject({ session: id }),
    result: z.strictObject({ ms: z.number().nullable() }),
  },
  leave: { args: z.strictObject({ session: id }), result: nothing },
  snapshot: { args: z.strictObject(place), result: z.strictObject({ key }) },
  /** Keeps the last of a definition, ms, for recordings to begin with; 0 ends it. */
  keep: {
    args: z.strictObject({ ...place, ms: z.number().int().min(0).max(30_000), sound: z.boolean() }),
    result: nothing,
  },
  /** Looks at a definition all the time, in place of what it did before; null ends it. */
  detect: {
    args: z.strictObject({ ...place, watch: watchSchema.nullable() }),
    result: nothing,
  },
  /** A fragmented MP4, until its bytes are taken no more. */
  record: {
    args: z.strictObject({ ...place, sound: z.boolean() }),
    result: z.strictObject({ key }),
  },
  jpegs: {
    args: z.strictObject({ ...place, fps: z.number().int().min(1).max(15) }),
    result: z.strictObject({ key }),
  },
  /** This loudspeaker and microphone, in place of those before; null for none. */
  sound: { args: z.strictObject({ spec: soundSpecSchema.nullable() }), result: nothing },
  /** Lets one be heard at the loudspeaker, in place of whoever is. */
  talk: { args: z.strictObject({ offer: sdp }), result: session },
  /** Lets one speak into the simulated microphone, in place of whoever does. */
  speak: { args: z.strictObject({ offer: sdp }), result: session },
  /** What the simulated loudspeaker gives, as Ogg, until its bytes are taken no more. */
  overhear: { args: z.strictObject({}), result: z.strictObject({ key }) },
  /** Makes what can be played of a file with sound: Ogg with Opus. */
  convert: {
    args: z.strictObject({ sound }),
    result: z.strictObject({ key, ms: z.number().int() }),
  },
  /** Plays Ogg with Opus at the loudspeaker, in place of whoever is heard; a session until it is over. */
  play: { args: z.strictObject({ sound }), result: z.strictObject({ session: id, ms: z.number().int() }) },
};

export type CommandName = keyof typeof commands;
export type CommandArgs<Name extends CommandName> = z.output<(typeof commands)[Name]["args"]>;
export type CommandResult<Name extends CommandName> = z.output<(typeof commands)[Name]["result"]>;
export type Handlers = { [Name in CommandName]: (args: CommandArgs<Name>) => Promise<CommandResult<Name>> };

/**
 * One line to the process. After `listen` a connection hears events, the state first. With `take` it becomes the way
 * of the bytes behind this key, until they end.
 */
export const requestSchema = z.union([
  z.strictObject({ listen: z.literal(true) }),
  z.strictObject({
    id: z.number().int().min(0),
    do: z.enum(Object.keys(commands) as [CommandName, ...CommandName[]]),
    args: z.unknown(),
  }),
  z.strictObject({ take: key }),
]);

export const mediaEventSchema = z.discriminatedUnion("event", [
  /** The first that is told, and told again whenever it changes. */
  z.strictObject({
    event: z.literal("state"),
    /** What this machine lacks and how to get it; empty where nothing is missing. */
    missing: z.string().max(300),
  }),
  /** Why a camera gives no picture; empty once it gives one. */
  z.strictObject({ event: z.literal("camera"), camera: id, fault: z.string().max(500) }),
  /** Told again every two seconds while it goes on. */
  z.strictObject({ event: z.literal("detected"), camera: id, what: detectedSchema }),
  /** Why loudspeaker or microphone does not work; empty once it does. */
  z.strictObject({ event: z.literal("sound"), fault: z.string().max(500) }),
  z.strictObject({ event: z.literal("session-ended"), session: id, why: z.string().max(200) }),
]);
export type MediaEvent = z.output<typeof mediaEventSchema>;

/** One line from the process: an answer or an event. */
export const messageSchema = z.union([
  z.strictObject({ id: z.number().int(), ok: z.unknown() }),
  z.strictObject({
    id: z.number().int(),
    error: z.strictObject({
      code: z.string().max(60),
      message: z.string().max(1_000),
      status: z.number().int().min(400).max(599),
    }),
  }),
  ...mediaEventSchema.options,
]);

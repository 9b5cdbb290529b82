import { z } from "zod";
import { defineEvent, defineService } from "../plugin/keys.ts";
import { type Actor, actorSchema } from "../access/model.ts";

/** A call, from the ring to its end. Times are wall time, ms. */
export const callSchema = z.strictObject({
  id: z.string(),
  /** Where it rang: `bell`. */
  source: z.string(),
  state: z.enum(["ringing", "answered", "missed", "rejected", "ended"]),
  /** What became of it: open until it is over. */
  outcome: z.enum(["open", "answered", "missed", "rejected", "interrupted"]),
  startedAt: z.number(),
  answeredAt: z.number().nullable(),
  endedAt: z.number().nullable(),
  answeredBy: actorSchema.nullable(),
  /** Access points released during it. */
  released: z.array(z.string()),
});
/** A call, from the ring to its end. */
export type Call = z.output<typeof callSchema>;

/** One press of the bell until it is answered, missed, rejected or ended. One call at a time. */
export interface CallService {
  /** Opens a call, or gives the one under way: a press then extends nothing. */
  ring(source: string): Promise<{ call: Call; opened: boolean }>;
  current(): Promise<Call | undefined>;
  /** @throws {LatchkeyError} `call-unknown` (404), `call-taken` (409) with who answered, `call-over` (409) */
  answer(id: string, actor: Actor): Promise<Call>;
  /** @throws {LatchkeyError} as `answer` */
  reject(id: string, actor: Actor): Promise<Call>;
  /** @throws {LatchkeyError} `call-unknown` (404), `call-over` (409), `call-ringing` (409) */
  end(id: string, actor: Actor): Promise<Call>;
  /**
   * The call log, newest first: at most `limit` calls (1 to 500, 100 unless told), older than the call `before`.
   * @throws {LatchkeyError} `call-unknown` (404) where there is no call `before`
   */
  list(query?: { before?: string | undefined; limit?: number | undefined }): Promise<Call[]>;
}

const idField = z.string().max(80);
const asPlugin = {
  args: z.tuple([idField, actorSchema]),
  as: ([id]: unknown[], plugin: Actor) => [id, plugin],
};
const listQuerySchema = z.strictObject({
  before: idField.optional(),
  limit: z.int().min(1).max(500).optional(),
});

/** From outside: a plugin rings, answers and ends as itself. */
export const callService = defineService<CallService>("calls", {
  outside: {
    ring: { args: z.tuple([z.string().max(80)]), as: (_, { id }) => [id] },
    current: { args: z.tuple([]) },
    answer: asPlugin,
    reject: asPlugin,
    end: asPlugin,
    list: { args: z.tuple([listQuerySchema.optional()]) },
  },
});

/** A call began or changed its state. Durable before it is told. */
export const callChanged = defineEvent<Call>("call.changed", callSchema, {
  coreOnly: true,
  audience: "household",
});

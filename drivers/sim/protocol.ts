import { z } from "zod";
import { LatchkeyError, RELEASE_CAP_MS } from "../../core/mod.ts";
import { boardStateSchema, cardSchema, edgePageSchema, faultSchema, slotChangeSchema } from "./keys.ts";
import type { BoardModel } from "./model.ts";

const name = z.string().min(1).max(40);
const cause = z.string().max(120);
const ms = z.number().int().min(1).max(RELEASE_CAP_MS);
const nothing = z.null();

function command<A extends z.ZodType, R extends z.ZodType>(
  args: A,
  result: R,
  run: (board: BoardModel, args: z.output<A>) => z.output<R>,
) {
  return { args, result, run };
}

function order<A extends z.ZodType>(args: A, run: (board: BoardModel, args: z.output<A>) => void) {
  return command(args, nothing, (board, given) => {
    run(board, given);
    return null;
  });
}

/** All that can be asked of the simulated board, over its socket or in-process. */
export const commands = {
  pulse: command(
    z.strictObject({ output: name, ms, cause }),
    z.boolean(),
    (board, a) => board.pulse(a.output, a.ms, a.cause),
  ),
  set: order(
    z.strictObject({ output: name, level: z.number().min(0).max(1), leaseMs: ms.optional(), cause }),
    (board, a) => board.set(a.output, a.level, a.leaseMs, a.cause),
  ),
  pattern: order(
    z.strictObject({ output: name, onOffMs: z.array(ms).min(1).max(64) }),
    (board, a) => board.pattern(a.output, a.onOffMs),
  ),
  allOff: order(z.strictObject({ cause }), (board, a) => board.allOff(a.cause)),
  state: command(z.strictObject({}), boardStateSchema, (board) => board.state()),
  edges: command(
    z.strictObject({
      since: z.number().int().min(0).optional(),
      limit: z.number().int().min(1).max(10_000).default(100),
    }),
    edgePageSchema,
    (board, a) => board.edges(a.since, a.limit),
  ),
  press: order(
    z.strictObject({ input: name, ms: ms.optional() }),
    (board, a) => board.press(a.input, a.ms),
  ),
  setInput: order(
    z.strictObject({ input: name, active: z.boolean() }),
    (board, a) => board.setInput(a.input, a.active),
  ),
  present: order(
    z.strictObject({ reader: name, card: cardSchema }),
    (board, a) => board.present(a.reader, a.card),
  ),
  remove: order(z.strictObject({ reader: name }), (board, a) => board.remove(a.reader)),
  sendFrames: order(
    z.strictObject({ reader: name, frames: z.array(z.string().max(1000)).max(10_000) }),
    (board, a) => board.sendFrames(a.reader, a.frames),
  ),
  setSlot: order(slotChangeSchema, (board, a) => board.setSlot(a)),
  setFault: order(
    z.strictObject({ fault: faultSchema, active: z.boolean() }),
    (board, a) => board.setFault(a.fault, a.active),
  ),
  clearFaults: order(z.strictObject({}), (board) => board.clearFaults()),
};

export type CommandName = keyof typeof commands;
export type CommandArgs<Name extends CommandName> = z.input<(typeof commands)[Name]["args"]>;
export type CommandResult<Name extends CommandName> = z.output<(typeof commands)[Name]["result"]>;

/** One line to the board. */
export const requestSchema = z.strictObject({
  id: z.number().int().min(0),
  do: z.enum(Object.keys(commands) as [CommandName, ...CommandName[]]),
  args: z.unknown(),
});

/** One line from the board: an answer or an event. */
export const messageSchema = z.union([
  z.strictObject({ id: z.number().int(), ok: z.unknown() }),
  z.strictObject({
    id: z.number().int(),
    error: z.strictObject({ code: z.string(), message: z.string(), status: z.number().int() }),
  }),
  /** The first line of a connection. Until it came, the board may be standing still and must not be asked anything. */
  z.strictObject({ event: z.literal("ready") }),
  z.strictObject({ event: z.literal("output"), output: name, level: z.number().min(0).max(1) }),
  z.strictObject({ event: z.literal("input"), input: name, active: z.boolean() }),
  z.strictObject({ event: z.literal("slot") }),
  z.strictObject({ event: z.literal("reader"), reader: name, frame: z.string().max(1000) }),
]);

/**
 * Runs one command on a board.
 * @throws {LatchkeyError} `invalid-command`, and what the board itself refuses
 */
export function runCommand<Name extends CommandName>(
  board: BoardModel,
  name: Name,
  args: unknown,
): CommandResult<Name> {
  const { args: schema, run } = commands[name];
  const given = schema.safeParse(args);
  if (!given.success) {
    throw new LatchkeyError("invalid-command", `Cannot run "${name}": ${z.prettifyError(given.error)}`);
  }
  return (run as (board: BoardModel, args: unknown) => CommandResult<Name>)(board, given.data);
}

import { type Cancel, type Clock, LatchkeyError } from "../../core/mod.ts";
import { SocketLink } from "../../core/socket_link.ts";
import type { BoardPort, PortListener } from "./port.ts";
import {
  type CommandArgs,
  type CommandName,
  type CommandResult,
  commands,
  messageSchema,
} from "./protocol.ts";

const ANSWER_MS = 2_000;
const FIRST_WAIT_MS = 25;

/** The board's socket seen from the runtime. Comes back by itself; nothing asked while it is away is done later. */
export class SocketPort implements BoardPort {
  readonly #link;

  constructor(path: string, clock: Clock) {
    this.#link = new SocketLink({
      path,
      clock,
      answerMs: ANSWER_MS,
      firstWaitMs: FIRST_WAIT_MS,
      endsWhenLate: true,
      message: messageSchema,
      isReady: ({ event }) => event === "ready",
      failure: (why) =>
        new LatchkeyError("output-failed", `The board can't be reached: ${why}`, { status: 502 }),
      why: {
        noLink: "there is no link",
        late: `no answer in ${ANSWER_MS} ms`,
        nonsense: "its answer makes no sense",
        broken: "the link broke",
      },
    });
  }

  open(listener: PortListener): Cancel {
    return this.#link.open(listener);
  }

  call<Name extends CommandName>(name: Name, args: CommandArgs<Name>): Promise<CommandResult<Name>> {
    return this.#link.call(name, args, commands[name].result) as Promise<CommandResult<Name>>;
  }
}

import type { Buffer } from "node:buffer";
import { connect, type Socket } from "node:net";
import { type Cancel, type Clock, LatchkeyError } from "../core/mod.ts";
import { SocketLink } from "../core/socket_link.ts";
import type { MediaListener, MediaPort } from "./port.ts";
import {
  type CommandArgs,
  type CommandName,
  type CommandResult,
  commands,
  messageSchema,
} from "./protocol.ts";

/** The first picture of a camera may take some seconds. */
const ANSWER_MS = 10_000;
const FIRST_WAIT_MS = 50;

function away(why: string): LatchkeyError {
  return new LatchkeyError("media-away", `There is no picture now: ${why}`, { status: 503 });
}

/** The media process seen from the runtime. Comes back by itself; what was asked before is then to be asked anew. */
export class SocketMediaPort implements MediaPort {
  readonly #path: string;
  readonly #link;

  constructor(path: string, clock: Clock) {
    this.#path = path;
    this.#link = new SocketLink({
      path,
      clock,
      answerMs: ANSWER_MS,
      firstWaitMs: FIRST_WAIT_MS,
      greeting: '{"listen":true}',
      endsWhenLate: false,
      message: messageSchema,
      failure: away,
      why: {
        noLink: "the media process does not answer yet",
        late: `no answer in ${ANSWER_MS / 1_000} s`,
        nonsense: "the media process answers what makes no sense",
        broken: "the media process has ended",
      },
    });
  }

  open(listener: MediaListener): Cancel {
    return this.#link.open(listener);
  }

  call<Name extends CommandName>(name: Name, args: CommandArgs<Name>): Promise<CommandResult<Name>> {
    return this.#link.call(name, args, commands[name].result) as Promise<CommandResult<Name>>;
  }

  take(key: string): Promise<ReadableStream<Uint8Array>> {
    const socket = connect(this.#path);
    return new Promise((done, fail) => {
      socket.once("error", () => fail(away("the media process does not answer")));
      socket.once("connect", () => {
        socket.write(JSON.stringify({ take: key }) + "\n");
        done(bytesOf(socket));
      });
    });
  }
}

/** Reads no faster than it is read. */
function bytesOf(socket: Socket): ReadableStream<Uint8Array> {
  let over = false;
  return new ReadableStream<Uint8Array>({
    start(controller) {
      socket.pause();
      socket.on("data", (chunk: Buffer) => {
        controller.enqueue(new Uint8Array(chunk));
        if ((controller.desiredSize ?? 0) <= 0) socket.pause();
      });
      socket.once("close", () => {
        if (!over) controller.close();
        over = true;
      });
      socket.on("error", () => {});
    },
    pull: () => void socket.resume(),
    cancel() {
      over = true;
      socket.destroy();
    },
  });
}

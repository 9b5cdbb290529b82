import type { z } from "zod";
import { connect, type Socket } from "node:net";
import { type Cancel, type Clock, LatchkeyError } from "../../core/mod.ts";
import { onLines, parseJson } from "../../core/lines.ts";
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
const LONGEST_WAIT_MS = 1_000;

type Answer = Exclude<z.output<typeof messageSchema>, { event: string }>;

interface Pending {
  resolve(result: unknown): void;
  reject(error: LatchkeyError): void;
  cancelTimeout: Cancel;
}

function unreachable(why: string): LatchkeyError {
  return new LatchkeyError("output-failed", `The board can't be reached: ${why}`, { status: 502 });
}

/** The board's socket seen from the runtime. Comes back by itself; nothing asked while it is away is done later. */
export class SocketPort implements BoardPort {
  readonly #path: string;
  readonly #clock: Clock;
  readonly #pending = new Map<number, Pending>();
  #socket: Socket | undefined;
  #up = false;
  #lastId = 0;

  constructor(path: string, clock: Clock) {
    this.#path = path;
    this.#clock = clock;
  }

  open(listener: PortListener): Cancel {
    let wait = FIRST_WAIT_MS;
    let cancelRetry: Cancel = () => {};

    const dial = () => {
      const socket = connect(this.#path);
      this.#socket = socket;
      onLines(socket, (text) => {
        const message = messageSchema.safeParse(parseJson(text)).data;
        if (!message || this.#socket !== socket) return;
        if (!("event" in message)) return this.#answered(message);
        if (message.event !== "ready") return listener.event(message);
        wait = FIRST_WAIT_MS;
        this.#up = true;
        listener.link(true);
      });
      socket.on("error", () => {});
      socket.on("close", () => {
        if (this.#socket !== socket) return;
        if (this.#hangUp()) listener.link(false);
        cancelRetry = this.#clock.after(wait, dial);
        wait = Math.min(wait * 2, LONGEST_WAIT_MS);
      });
    };

    dial();
    return () => {
      cancelRetry();
      this.#socket?.destroy();
      this.#hangUp();
    };
  }

  call<Name extends CommandName>(name: Name, args: CommandArgs<Name>): Promise<CommandResult<Name>> {
    const socket = this.#socket;
    if (!socket || !this.#up) return Promise.reject(unreachable("there is no link"));
    const id = ++this.#lastId;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const cancelTimeout = this.#clock.after(ANSWER_MS, () => {
      reject(unreachable(`no answer in ${ANSWER_MS} ms`));
      socket.destroy();
    });
    this.#pending.set(id, { resolve, reject, cancelTimeout });
    socket.write(JSON.stringify({ id, do: name, args }) + "\n");
    return promise.then((result) => {
      const parsed = commands[name].result.safeParse(result);
      if (parsed.success) return parsed.data as CommandResult<Name>;
      throw unreachable("its answer makes no sense");
    });
  }

  #answered(message: Answer): void {
    const pending = this.#pending.get(message.id);
    if (!pending) return;
    this.#pending.delete(message.id);
    pending.cancelTimeout();
    if ("ok" in message) return pending.resolve(message.ok);
    const { code, message: reason, status } = message.error;
    pending.reject(new LatchkeyError(code, reason, { status }));
  }

  /** Whether there was a link. */
  #hangUp(): boolean {
    const wasUp = this.#up;
    this.#up = false;
    this.#socket = undefined;
    for (const { reject, cancelTimeout } of this.#pending.values()) {
      cancelTimeout();
      reject(unreachable("the link broke"));
    }
    this.#pending.clear();
    return wasUp;
  }
}

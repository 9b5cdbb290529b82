import type { Buffer } from "node:buffer";
import { connect, type Socket } from "node:net";
import type { z } from "zod";
import { type Cancel, type Clock, LatchkeyError } from "../core/mod.ts";
import { onLines, parseJson } from "../core/lines.ts";
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
const LONGEST_WAIT_MS = 1_000;

type Answer = Exclude<z.output<typeof messageSchema>, { event: string }>;

interface Pending {
  resolve(result: unknown): void;
  reject(error: LatchkeyError): void;
  cancelTimeout: Cancel;
}

function away(why: string): LatchkeyError {
  return new LatchkeyError("media-away", `There is no picture now: ${why}`, { status: 503 });
}

/** The media process seen from the runtime. Comes back by itself; what was asked before is then to be asked anew. */
export class SocketMediaPort implements MediaPort {
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

  open(listener: MediaListener): Cancel {
    let wait = FIRST_WAIT_MS;
    let cancelRetry: Cancel = () => {};

    const dial = () => {
      const socket = connect(this.#path);
      this.#socket = socket;
      socket.once("connect", () => void socket.write('{"listen":true}\n'));
      onLines(socket, (text) => {
        const message = messageSchema.safeParse(parseJson(text)).data;
        if (!message || this.#socket !== socket) return;
        if (!("event" in message)) return this.#answered(message);
        if (!this.#up) {
          wait = FIRST_WAIT_MS;
          this.#up = true;
          listener.link(true);
        }
        listener.event(message);
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
    if (!socket || !this.#up) return Promise.reject(away("the media process does not answer yet"));
    const id = ++this.#lastId;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const cancelTimeout = this.#clock.after(ANSWER_MS, () => {
      this.#pending.delete(id);
      reject(away(`no answer in ${ANSWER_MS / 1_000} s`));
    });
    this.#pending.set(id, { resolve, reject, cancelTimeout });
    socket.write(JSON.stringify({ id, do: name, args }) + "\n");
    return promise.then((result) => {
      const parsed = commands[name].result.safeParse(result);
      if (parsed.success) return parsed.data as CommandResult<Name>;
      throw away("the media process answers what makes no sense");
    });
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
      reject(away("the media process has ended"));
    }
    this.#pending.clear();
    return wasUp;
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

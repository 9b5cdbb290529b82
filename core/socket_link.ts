import { connect, type Socket } from "node:net";
import type { z } from "zod";
import type { Cancel, Clock } from "./clock.ts";
import { LatchkeyError } from "./errors.ts";
import { onLines, parseJson } from "./lines.ts";

const LONGEST_WAIT_MS = 1_000;

/** What was asked for, or why not. */
export type SocketAnswer =
  & { id: number }
  & ({ ok?: unknown } | { error: { code: string; message: string; status: number } });

export interface SocketLinkOptions<Event> {
  path: string;
  clock: Clock;
  /** Time that an answer has, ms. */
  answerMs: number;
  /** From one try to the next, doubled up to a second, ms. */
  firstWaitMs: number;
  /** What is said first on each connection: one line. */
  greeting?: string;
  /** Whether a command that is not answered in time ends the connection. */
  endsWhenLate: boolean;
  /** A line as it is believed; what it does not take is left out. */
  message: z.ZodType<SocketAnswer | Event>;
  /** The event that says that the other side is there, and nothing else. Without it any event says so. */
  isReady?(event: Event): boolean;
  failure(why: string): LatchkeyError;
  /** Why a command fails. */
  why: { noLink: string; late: string; nonsense: string; broken: string };
}

export interface SocketListener<Event> {
  event(event: Event): void;
  /** The other side can be reached, or no longer. Not told when the link is closed by this side. */
  link(up: boolean): void;
}

interface Pending {
  resolve(result: unknown): void;
  reject(error: LatchkeyError): void;
  cancelTimeout: Cancel;
}

/** A process of the panel's own, asked line by line over its socket. Comes back by itself; nothing asked while it is away is done later. */
export class SocketLink<Event extends { event: string }> {
  readonly #options: SocketLinkOptions<Event>;
  readonly #pending = new Map<number, Pending>();
  #socket: Socket | undefined;
  #up = false;
  #lastId = 0;

  constructor(options: SocketLinkOptions<Event>) {
    this.#options = options;
  }

  /** Connects, and stays connected until cancelled. */
  open(listener: SocketListener<Event>): Cancel {
    const { path, clock, firstWaitMs, greeting, message, isReady } = this.#options;
    let wait = firstWaitMs;
    let cancelRetry: Cancel = () => {};

    const begin = () => {
      wait = firstWaitMs;
      this.#up = true;
      listener.link(true);
    };
    const dial = () => {
      const socket = connect(path);
      this.#socket = socket;
      if (greeting !== undefined) socket.once("connect", () => void socket.write(`${greeting}\n`));
      onLines(socket, (text) => {
        const heard = message.safeParse(parseJson(text)).data;
        if (!heard || this.#socket !== socket) return;
        if (!("event" in heard)) return this.#answered(heard);
        if (isReady?.(heard)) return begin();
        if (!isReady && !this.#up) begin();
        listener.event(heard);
      });
      socket.on("error", () => {});
      socket.on("close", () => {
        if (this.#socket !== socket) return;
        if (this.#hangUp()) listener.link(false);
        cancelRetry = clock.after(wait, dial);
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

  /** @throws {LatchkeyError} `failure` where it can't be reached, and what it refuses */
  call<Result extends z.ZodType>(name: string, args: unknown, result: Result): Promise<z.output<Result>> {
    const { clock, answerMs, endsWhenLate, failure, why } = this.#options;
    const socket = this.#socket;
    if (!socket || !this.#up) return Promise.reject(failure(why.noLink));
    const id = ++this.#lastId;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const cancelTimeout = clock.after(answerMs, () => {
      this.#pending.delete(id);
      reject(failure(why.late));
      if (endsWhenLate) socket.destroy();
    });
    this.#pending.set(id, { resolve, reject, cancelTimeout });
    socket.write(JSON.stringify({ id, do: name, args }) + "\n");
    return promise.then((answer) => {
      const parsed = result.safeParse(answer);
      if (parsed.success) return parsed.data;
      throw failure(why.nonsense);
    });
  }

  #answered(answer: SocketAnswer): void {
    const pending = this.#pending.get(answer.id);
    if (!pending) return;
    this.#pending.delete(answer.id);
    pending.cancelTimeout();
    if (!("error" in answer)) return pending.resolve(answer.ok);
    const { code, message, status } = answer.error;
    pending.reject(new LatchkeyError(code, message, { status }));
  }

  /** Whether there was a link. */
  #hangUp(): boolean {
    const { failure, why } = this.#options;
    const wasUp = this.#up;
    this.#up = false;
    this.#socket = undefined;
    for (const { reject, cancelTimeout } of this.#pending.values()) {
      cancelTimeout();
      reject(failure(why.broken));
    }
    this.#pending.clear();
    return wasUp;
  }
}

import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Log } from "../log.ts";

/** More than any request may hold, its body and the encryption around it included. */
const MOST_BYTES = 256 * 1_024;
const LOOK_EVERY_MS = 100;

/**
 * Cuts connections on which more comes while a request is under way than a request may hold. Deno 2.9.6 keeps on
 * reading from a connection with TLS, and keeps what it has read, however little of it is taken: a client that goes on
 * sending after a request for the event stream could fill the memory.
 */
export class UnreadGuard {
  readonly #log: Log;
  /** Requests under way: their connection, and how much had come on it when they began. */
  readonly #open = new Map<ServerResponse, { socket: Socket; before: number }>();
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(log: Log) {
    this.#log = log;
  }

  watch({ socket }: IncomingMessage, response: ServerResponse): void {
    this.#open.set(response, { socket, before: socket.bytesRead });
    this.#timer ??= setInterval(() => this.#look(), LOOK_EVERY_MS);
    response.once("close", () => {
      this.#open.delete(response);
      if (this.#open.size > 0) return;
      clearInterval(this.#timer);
      this.#timer = undefined;
    });
  }

  #look(): void {
    for (const { socket, before } of this.#open.values()) {
      if (socket.bytesRead - before <= MOST_BYTES) continue;
      this.#log.debug("Cut a connection on which too much came unread", { address: socket.remoteAddress });
      socket.destroy();
    }
  }
}

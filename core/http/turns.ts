import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Log } from "../log.ts";

/** So much is parsed before it is looked whether to go on, bytes: some twenty requests of the shortest kind. */
const PIECE = 512;
/** More than any request may hold: headers, a body, and what chunks add. */
export const MOST_BYTES = 256 * 1_024;

/** The parser that Deno and Node keep at a socket; it reads by itself until it is told not to. */
type ParsedSocket = Socket & { parser?: { unconsume?(): void } };

/**
 * One request at a time on each connection, and none of more than 256 KiB. Whoever sends ahead is cut: the parser makes
 * requests of all that has come at once, so that a few connections full of them would hold up everyone else for seconds.
 * No browser sends ahead, nor does any other client of today.
 */
export class Turns {
  readonly #log: Log;
  readonly #underWay = new WeakMap<Socket, { response: ServerResponse; bytes: number }>();

  constructor(log: Log) {
    this.#log = log;
  }

  /** To be told of each connection once its parser is there. */
  feed(socket: ParsedSocket): void {
    const readers = socket.listeners("data") as ((piece: Uint8Array) => void)[];
    socket.parser?.unconsume?.();
    socket.removeAllListeners("data");
    socket.on("data", (all: Uint8Array) => {
      for (let at = 0; at < all.length; at += PIECE) {
        if (socket.destroyed || socket.writableEnded) return;
        if (socket.isPaused()) return socket.unshift(all.subarray(at));
        const piece = all.subarray(at, at + PIECE);
        if (this.#isTooMuch(socket, piece.length)) return this.#cut(socket, "Cut a request without an end");
        for (const read of readers) read.call(socket, piece);
      }
    });
  }

  /** Whether the request is to be answered. */
  take({ socket }: IncomingMessage, response: ServerResponse): boolean {
    if (socket.destroyed) return false;
    const before = this.#underWay.get(socket);
    if (before && !before.response.writableEnded) {
      this.#cut(socket, "Cut a connection on which requests were sent ahead");
      return false;
    }
    this.#underWay.set(socket, { response, bytes: 0 });
    return true;
  }

  #isTooMuch(socket: Socket, bytes: number): boolean {
    const current = this.#underWay.get(socket);
    return current !== undefined && (current.bytes += bytes) > MOST_BYTES;
  }

  #cut(socket: Socket, why: string): void {
    this.#log.debug(why, { address: socket.remoteAddress });
    socket.destroy();
  }
}

import { Buffer } from "node:buffer";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { LatchkeyError } from "../errors.ts";
import type { Log } from "../log.ts";
import { problemOf } from "./problem.ts";

/** So much is parsed before it is looked whether to go on, bytes: some twenty requests of the shortest kind. */
const PIECE = 512;
/** More than a request may hold, headers and body, unless it is let: of one that was refused no more is taken. */
const MOST_BYTES = 256 * 1_024;

/** The parser that Deno and Node keep at a socket; it reads by itself until it is told not to. */
type ParsedSocket = Socket & { parser?: { unconsume?(): void } };

/**
 * One request at a time on each connection, and none in chunks. The parser makes requests, or chunks, of all that has
 * come at once, so that a few connections full of small ones would hold up everyone else for seconds. No browser sends
 * ahead, or in chunks what it has in hand.
 */
export class Turns {
  readonly #log: Log;
  readonly #underWay = new WeakMap<Socket, { response: ServerResponse; bytes: number; most: number }>();
  /** Connections of which nothing more is read. */
  readonly #deaf = new WeakSet<Socket>();

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
        if (socket.destroyed || socket.writableEnded || this.#deaf.has(socket)) return;
        if (socket.isPaused()) return socket.unshift(all.subarray(at));
        const piece = all.subarray(at, at + PIECE);
        const current = this.#underWay.get(socket);
        if (current && (current.bytes += piece.length) > current.most) return void socket.destroy();
        for (const read of readers) read.call(socket, piece);
      }
    });
  }

  /** Whether the request is to be answered. */
  take({ socket, headers }: IncomingMessage, response: ServerResponse): boolean {
    if (socket.destroyed) return false;
    if (this.#underWay.get(socket)?.response.writableEnded === false) {
      this.#log.debug("Cut a connection on which requests were sent ahead", {
        address: socket.remoteAddress,
      });
      socket.destroy();
      return false;
    }
    this.#underWay.set(socket, { response, bytes: 0, most: MOST_BYTES });
    if (headers["transfer-encoding"] === undefined) return true;
    this.end(socket);
    refuse(response, new LatchkeyError("length-missing", MISSING, { status: 411 }));
    return false;
  }

  /** Lets the body of the request that is under way be that long, bytes. */
  expect(socket: Socket, bytes: number): void {
    const current = this.#underWay.get(socket);
    if (current) current.most = MOST_BYTES + bytes;
  }

  /** Reads no more of a connection: its last answer is on the way. */
  end(socket: Socket): void {
    this.#deaf.add(socket);
  }
}

const MISSING = "Bodies are taken whole: send Content-Length, and no Transfer-Encoding";

/** The last answer on its connection. */
function refuse(response: ServerResponse, error: LatchkeyError): void {
  const { status, headers, text } = problemOf(error);
  response.writeHead(status, {
    ...headers,
    "connection": "close",
    "content-length": Buffer.byteLength(text),
  });
  response.end(text);
}

import type { Buffer } from "node:buffer";
import type { Socket } from "node:net";
import { LatchkeyError } from "./errors.ts";

const NEWLINE = 0x0a;
/** Longest line either side of a socket accepts, bytes: 10,000 edges with room to spare. */
const LONGEST = 4 * 1024 * 1024;

/** Hands on each line that `socket` sends. What is no line, such as one without end, closes the connection. */
export function onLines(socket: Socket, line: (text: string) => void): void {
  const reader = new LineReader(LONGEST);
  socket.on("data", (piece: Buffer) => {
    const lines = linesOf(reader, piece);
    if (!lines) return void socket.destroy();
    for (const text of lines) line(text);
  });
}

/** The value of a line, or undefined where it is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Makes lines of bytes that come in any pieces. What is no UTF-8, or too long, is refused: it is no message. */
export class LineReader {
  readonly #longest: number;
  readonly #decoder = new TextDecoder("utf-8", { fatal: true });
  #rest: Uint8Array[] = [];
  #bytes = 0;

  /** @param longest bytes of a line */
  constructor(longest: number) {
    this.#longest = longest;
  }

  /**
   * The lines that these bytes complete.
   * @throws {LatchkeyError} `line-refused`
   */
  push(piece: Uint8Array): string[] {
    const lines: string[] = [];
    let from = 0;
    for (let end = piece.indexOf(NEWLINE); end >= 0; end = piece.indexOf(NEWLINE, from)) {
      this.#keep(piece.subarray(from, end));
      lines.push(this.#take());
      from = end + 1;
    }
    if (from < piece.length) this.#keep(piece.slice(from));
    return lines;
  }

  #keep(part: Uint8Array): void {
    this.#rest.push(part);
    this.#bytes += part.length;
    if (this.#bytes > this.#longest) throw refused(`longer than ${this.#longest} bytes`);
  }

  #take(): string {
    const parts = this.#rest;
    const whole = parts.length === 1 ? parts[0]! : joined(parts, this.#bytes);
    this.#rest = [];
    this.#bytes = 0;
    try {
      return this.#decoder.decode(whole);
    } catch {
      throw refused("no UTF-8");
    }
  }
}

function linesOf(reader: LineReader, piece: Uint8Array): string[] | undefined {
  try {
    return reader.push(piece);
  } catch {
    return undefined;
  }
}

function joined(parts: readonly Uint8Array[], bytes: number): Uint8Array {
  const whole = new Uint8Array(bytes);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function refused(what: string): LatchkeyError {
  return new LatchkeyError("line-refused", `It sent a line that is ${what}`);
}

import { Buffer } from "node:buffer";

export interface Answer {
  /** 0: the connection was closed without an answer. */
  status: number;
  /** By name in lower case. */
  headers: Record<string, string>;
  text: string;
  // deno-lint-ignore no-explicit-any -- a test reads whatever was answered
  body: any;
}

/** Whether an answer has come to its end on a connection that is kept. */
export function isWhole(came: string): boolean {
  const end = came.indexOf("\r\n\r\n");
  if (end < 0) return false;
  const { status, headers } = readAnswer(came.slice(0, end + 4));
  if (status === 204 || status === 304) return true;
  const length = headers["content-length"];
  if (length === undefined) return came.endsWith("\r\n0\r\n\r\n");
  return Buffer.byteLength(came.slice(end + 4)) >= Number(length);
}

/** The first answer in what came over a connection that was closed after it. */
export function readAnswer(came: string): Answer {
  const end = came.indexOf("\r\n\r\n");
  const [first = "", ...lines] = came.slice(0, Math.max(0, end)).split("\r\n");
  const headers = Object.fromEntries(lines.map((line) => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  }));
  const rest = end < 0 ? "" : came.slice(end + 4);
  const text = headers["transfer-encoding"] === "chunked" ? unchunked(rest) : rest;
  const body = /json/.test(headers["content-type"] ?? "") && text !== "" ? JSON.parse(text) : undefined;
  return { status: Number(/^HTTP\/1\.1 (\d{3}) /.exec(first)?.[1] ?? 0), headers, text, body };
}

/** For text of one byte a letter, as the panel's answers of unknown length are. */
function unchunked(coded: string): string {
  let text = "";
  for (let at = 0;;) {
    const line = coded.indexOf("\r\n", at);
    const size = line < 0 ? 0 : parseInt(coded.slice(at, line), 16);
    if (!(size > 0)) return text;
    text += coded.slice(line + 2, line + 2 + size);
    at = line + 2 + size + 2;
  }
}

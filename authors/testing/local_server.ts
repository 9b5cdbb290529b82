import { Buffer } from "node:buffer";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

/** A request as the server got it. */
export interface SeenRequest {
  method: string;
  /** Path and query. */
  path: string;
  headers: { [name: string]: string | string[] | undefined };
  body: string;
}

/** What is answered; undefined never answers. */
export type LocalAnswer = { status?: number; body?: string; headers?: Record<string, string> } | undefined;

/** Answers a request. */
export type LocalAnswerer = (request: SeenRequest) => LocalAnswer | Promise<LocalAnswer>;

/** A web server on this machine, in the place of one that the plugin reaches. */
export interface LocalServer extends AsyncDisposable {
  /** Such as `http://127.0.0.1:40123`. */
  readonly origin: string;
  /** All that came, oldest first. */
  readonly requests: readonly SeenRequest[];
  /** What it answers from now on. */
  answer: LocalAnswerer;
}

/** Starts a web server on a free port of this machine; gone at the end of the block that `await using` stands in. */
export async function startLocalServer(answer: LocalAnswerer): Promise<LocalServer> {
  const requests: SeenRequest[] = [];
  const server = createServer(async (incoming, outgoing) => {
    const request = await seen(incoming);
    requests.push(request);
    const answered = await local.answer(request);
    if (!answered) return;
    // Nobody keeps a connection that a test would have to wait for.
    outgoing.writeHead(answered.status ?? 200, { connection: "close", ...answered.headers });
    outgoing.end(answered.body ?? "");
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  const local: LocalServer = {
    answer,
    origin: `http://127.0.0.1:${port}`,
    requests,
    [Symbol.asyncDispose]: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
  return local;
}

async function seen(incoming: IncomingMessage): Promise<SeenRequest> {
  const pieces: Uint8Array[] = [];
  for await (const piece of incoming) pieces.push(piece);
  const { method = "", url = "", headers } = incoming;
  return { method, path: url, headers, body: Buffer.concat(pieces).toString() };
}

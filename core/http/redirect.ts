import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Log } from "../log.ts";
import { ConnectionCap } from "./connection_cap.ts";
import { type Address, nameOf, ownHosts } from "./guards.ts";
import { close, listen } from "./listen.ts";
import { Turns } from "./turns.ts";

/** Ends first where a flood comes: the panel itself is on the other port. */
const CONNECTIONS = 32;
const CONNECTIONS_PER_ADDRESS = 8;
const TIME_MS = 5_000;
/** A request with one of these holds a secret, which must not become a habit to send in clear. */
const SECRETS = ["authorization", "dpop", "cookie"];

export interface RedirectOptions {
  /** What the panel listens on and which further names are its own. */
  address: Address;
  /** Where to listen; 0 takes a free one. */
  port: number;
  /** Where the panel speaks TLS. */
  securePort: number;
  log: Log;
}

export interface Redirect {
  port: number;
  close(): Promise<void>;
}

/**
 * Answers plain HTTP with the way to the port that speaks TLS, and with nothing else.
 * @throws {LatchkeyError} `port-busy`, `address-unknown`, `port-refused`
 */
export async function startRedirect({ address, port, securePort, log }: RedirectOptions): Promise<Redirect> {
  const isOwn = ownHosts(address);
  const suffix = securePort === 443 ? "" : `:${securePort}`;
  const turns = new Turns(log);
  const server = createServer({
    headersTimeout: TIME_MS,
    requestTimeout: TIME_MS,
    connectionsCheckingInterval: 1_000,
  }, (request, response) => {
    if (!turns.take(request, response)) return;
    // One answer for each connection, and no look at what else was sent.
    turns.end(request.socket);
    const { host = "" } = request.headers;
    if (!isOwn(host)) return refuse(response, 421);
    if (!isPlainVisit(request)) return refuse(response, 403);
    answer(response, 308, { location: `https://${nameOf(host)}${suffix}${request.url}` });
  });
  server.maxConnections = CONNECTIONS;
  const cap = new ConnectionCap(CONNECTIONS_PER_ADDRESS, log);
  server.on("connection", (socket: Socket) => {
    cap.admit(socket);
    turns.feed(socket);
  });
  const taken = await listen(server, { host: address.host, port, field: "tls.redirectPort" });
  return { port: taken, close: () => close(server, cap, 0) };
}

/** A page asked for, with nothing that anybody else should not see. */
function isPlainVisit({ method, url = "", headers }: IncomingMessage): boolean {
  return (method === "GET" || method === "HEAD") && /^\/[!-~]*$/.test(url) && !url.startsWith("//") &&
    !SECRETS.some((name) => name in headers);
}

function refuse(response: ServerResponse, status: number): void {
  answer(response, status, {});
}

/** Without a body, and the last on its connection: a body that is still to come is not read. */
function answer(response: ServerResponse, status: number, headers: Record<string, string>): void {
  response.writeHead(status, {
    ...headers,
    "connection": "close",
    "content-length": "0",
    "cache-control": "no-store",
  });
  response.end();
}

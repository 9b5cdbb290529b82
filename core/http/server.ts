import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createSecureServer, type Server as SecureServer } from "node:https";
import type { Socket } from "node:net";
import { getRequestListener } from "@hono/node-server";
import type { Log } from "../log.ts";
import { ConnectionCap } from "./connection_cap.ts";
import type { Api } from "./deps.ts";
import { type AnyServer, close, listen } from "./listen.ts";
import { Turns } from "./turns.ts";
import { UnreadGuard } from "./unread_guard.ts";

export interface ServerLimits {
  /** Open connections altogether. Leaves most of 1,024 file descriptors to the rest of the program. */
  connections: number;
  /** Open connections from one address: one visitor can't lock the others out. */
  connectionsPerAddress: number;
  /** A request's headers must have come by then, ms. */
  headersMs: number;
  /** A whole request must have come by then, ms. */
  requestMs: number;
  /** How long an idle connection is kept, ms. */
  keepAliveMs: number;
  /** How long a connection is kept on which nothing moves, ms: one who asks and does not read the answer. */
  silentMs: number;
  /** Requests under way get this long when the server closes, ms. */
  closeMs: number;
}

export const DEFAULT_LIMITS: ServerLimits = {
  connections: 256,
  connectionsPerAddress: 64,
  headersMs: 10_000,
  requestMs: 30_000,
  keepAliveMs: 5_000,
  silentMs: 120_000,
  closeMs: 2_000,
};

export interface ServerOptions {
  fetch: Api["fetch"];
  host: string;
  /** 0 takes a free one. */
  port: number;
  log: Log;
  limits?: Partial<ServerLimits>;
  /** Certificate and private key as PEM; without them it speaks plain HTTP. */
  tls?: { cert: string; key: string } | undefined;
}

export interface RunningServer {
  host: string;
  port: number;
  /** Shows another certificate from the next connection on; those that are open stay. */
  renew(tls: { cert: string; key: string }): void;
  /** Takes no more connections, lets requests under way end, then cuts what is left. */
  close(): Promise<void>;
}

/**
 * Serves `fetch` over HTTP/1.1 on node:http or node:https; why not another server: docs/adr/0004-http-server.md.
 * @throws {LatchkeyError} `port-busy`, `address-unknown`, `port-refused`
 */
export async function startServer(
  { fetch, host, port, log, limits, tls }: ServerOptions,
): Promise<RunningServer> {
  const limit = { ...DEFAULT_LIMITS, ...limits };
  const turns = new Turns(log);
  const guard = new UnreadGuard(log);
  const listener = getRequestListener((request, { incoming }) => {
    const socket = incoming.socket as Socket;
    const address = socket.remoteAddress ?? "";
    return fetch(request, {
      address,
      secure: tls !== undefined,
      isWhole: () => incoming.complete,
      expect: (bytes) => turns.expect(socket, bytes),
      hangUp: () => void socket.destroy(),
    });
  }, { overrideGlobalObjects: false });
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    if (!turns.take(request, response)) return;
    if (tls) guard.watch(request, response);
    void listener(request, response);
  };
  const options = {
    headersTimeout: limit.headersMs,
    requestTimeout: limit.requestMs,
    keepAliveTimeout: limit.keepAliveMs,
    connectionsCheckingInterval: Math.min(2_000, limit.headersMs),
  };
  const server: AnyServer = tls
    ? createSecureServer(
      { ...options, ...tls, minVersion: "TLSv1.2", handshakeTimeout: limit.headersMs },
      answer,
    )
    : createServer(options, answer);
  server.maxConnections = limit.connections;
  server.setTimeout(limit.silentMs);
  const cap = new ConnectionCap(limit.connectionsPerAddress, log);
  server.on("connection", (socket: Socket) => cap.admit(socket));
  server.on(tls ? "secureConnection" : "connection", (socket: Socket) => turns.feed(socket));
  const taken = await listen(server, { host, port, field: "port" });
  return {
    host,
    port: taken,
    renew(next) {
      if (tls) (server as SecureServer).setSecureContext({ ...next, minVersion: "TLSv1.2" });
    },
    close: () => close(server, cap, limit.closeMs),
  };
}

import type { Server } from "node:http";
import { createServer as createSecureServer, type Server as SecureServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import { LatchkeyError } from "../errors.ts";
import type { Log } from "../log.ts";
import { ConnectionCap } from "./connection_cap.ts";
import type { Api } from "./deps.ts";

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
  /** Requests under way get this long when the server closes, ms. */
  closeMs: number;
}

export const DEFAULT_LIMITS: ServerLimits = {
  connections: 256,
  connectionsPerAddress: 64,
  headersMs: 10_000,
  requestMs: 30_000,
  keepAliveMs: 5_000,
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
  const server = createAdaptorServer(
    {
      fetch: (request, env) => {
        const socket = env.incoming.socket as Socket;
        return fetch(request, { address: socket.remoteAddress ?? "", hangUp: () => void socket.destroy() });
      },
      overrideGlobalObjects: false,
      serverOptions: {
        headersTimeout: limit.headersMs,
        requestTimeout: limit.requestMs,
        keepAliveTimeout: limit.keepAliveMs,
        connectionsCheckingInterval: Math.min(2_000, limit.headersMs),
        ...(tls ? { ...tls, minVersion: "TLSv1.2", handshakeTimeout: limit.headersMs } : {}),
      },
      ...(tls ? { createServer: createSecureServer } : {}),
    } as Parameters<typeof createAdaptorServer>[0],
  ) as Server | SecureServer;
  server.maxConnections = limit.connections;
  const cap = new ConnectionCap(limit.connectionsPerAddress, log);
  server.on("connection", (socket: Socket) => cap.admit(socket));
  await listen(server, host, port);
  return {
    host,
    port: (server.address() as AddressInfo).port,
    renew(next) {
      if ("setSecureContext" in server) server.setSecureContext({ ...next, minVersion: "TLSv1.2" });
    },
    close: () => close(server, cap, limit.closeMs),
  };
}

function listen(server: Server | SecureServer, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(refusal(error, host, port)));
    server.listen({ host, port, backlog: 512 }, resolve);
  });
}

/** EINVAL is what Deno 2.9.6 says in place of EADDRNOTAVAIL. */
const ADDRESS_UNKNOWN = ["EADDRNOTAVAIL", "EINVAL", "ENOTFOUND"];

function refusal(error: NodeJS.ErrnoException, host: string, port: number): LatchkeyError {
  const at = `${host}:${port}`;
  if (error.code === "EADDRINUSE") {
    return new LatchkeyError(
      "port-busy",
      `Port ${port} on ${host} is taken by another program; end it, or choose another port with --port`,
      { cause: error, faults: [{ field: "port", value: port, message: "A port that is free" }] },
    );
  }
  if (ADDRESS_UNKNOWN.includes(error.code ?? "")) {
    return new LatchkeyError(
      "address-unknown",
      `This machine has no address "${host}"; choose one of its own with --host`,
      { cause: error, faults: [{ field: "host", value: host, message: "An address of this machine" }] },
    );
  }
  return new LatchkeyError("port-refused", `Cannot listen on ${at}: ${error.message}`, { cause: error });
}

async function close(server: Server | SecureServer, cap: ConnectionCap, graceMs: number): Promise<void> {
  const closed = new Promise<void>((done) => server.close(() => done()));
  const timer = setTimeout(() => cap.cutAll(), graceMs);
  await closed;
  clearTimeout(timer);
}

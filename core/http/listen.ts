import type { Server } from "node:http";
import type { Server as SecureServer } from "node:https";
import { type AddressInfo, createServer, type Server as NetServer } from "node:net";
import { LatchkeyError } from "../errors.ts";
import type { ConnectionCap } from "./connection_cap.ts";

export type AnyServer = Server | SecureServer;

export interface Place {
  host: string;
  /** 0 takes a free one. */
  port: number;
  /** The setting that names the port. */
  field: "port" | "tls.redirectPort";
}

/**
 * @returns the port
 * @throws {LatchkeyError} `port-busy`, `address-unknown`, `port-refused`
 */
export function listen(server: NetServer, place: Place): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(refusal(error, place)));
    server.listen({ host: place.host, port: place.port, backlog: 512 }, () => {
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/**
 * Sees that one could listen there, and lets go of it again.
 * @throws {LatchkeyError} as `listen` does
 */
export async function assertFree(place: Place): Promise<void> {
  const server = createServer();
  await listen(server, place);
  await new Promise<void>((done) => server.close(() => done()));
}

/** Takes no more connections, lets requests under way end, then cuts what is left. */
export async function close(server: AnyServer, cap: ConnectionCap, graceMs: number): Promise<void> {
  const closed = new Promise<void>((done) => server.close(() => done()));
  const timer = setTimeout(() => cap.cutAll(), graceMs);
  await closed;
  clearTimeout(timer);
}

/** EINVAL is what Deno 2.9.6 says in place of EADDRNOTAVAIL. */
const ADDRESS_UNKNOWN = ["EADDRNOTAVAIL", "EINVAL", "ENOTFOUND"];

function refusal(error: NodeJS.ErrnoException, { host, port, field }: Place): LatchkeyError {
  if (error.code === "EADDRINUSE") {
    return new LatchkeyError(
      "port-busy",
      `Port ${port} on ${host} is taken by another program; end it, or choose another port with --${field}`,
      { cause: error, faults: [{ field, value: port, message: "A port that is free" }] },
    );
  }
  if (ADDRESS_UNKNOWN.includes(error.code ?? "")) {
    return new LatchkeyError(
      "address-unknown",
      `This machine has no address "${host}"; choose one of its own with --host`,
      { cause: error, faults: [{ field: "host", value: host, message: "An address of this machine" }] },
    );
  }
  const at = `${host}:${port}`;
  return new LatchkeyError("port-refused", `Cannot listen on ${at}: ${error.message}`, { cause: error });
}

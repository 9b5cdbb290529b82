import type { Socket } from "node:net";
import type { Log } from "../log.ts";

/** Keeps any one address from taking all connections; cuts what goes over. */
export class ConnectionCap {
  readonly #most: number;
  readonly #log: Log;
  readonly #open = new Map<string, Set<Socket>>();
  readonly #warned = new Set<string>();

  constructor(most: number, log: Log) {
    this.#most = most;
    this.#log = log;
  }

  admit(socket: Socket): void {
    const address = groupOf(socket.remoteAddress ?? "");
    const sockets = this.#open.get(address) ?? new Set();
    if (sockets.size >= this.#most) {
      this.#warn(address);
      socket.destroy();
      return;
    }
    this.#open.set(address, sockets.add(socket));
    socket.once("close", () => {
      sockets.delete(socket);
      if (sockets.size > 0) return;
      this.#open.delete(address);
      this.#warned.delete(address);
    });
  }

  cutAll(): void {
    for (const sockets of this.#open.values()) for (const socket of sockets) socket.destroy();
  }

  /** Once for each address until all its connections are gone: a flood must not fill the log. */
  #warn(address: string): void {
    if (this.#warned.has(address)) return;
    this.#warned.add(address);
    this.#log.warn("Too many connections from one address", { address, most: this.#most });
  }
}

/** An IPv4 address as it is; of IPv6 the first 64 bits, since one machine commonly has all the rest. */
export function groupOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped) return mapped[1]!;
  if (!address.includes(":")) return address;
  const [head = "", tail] = address.split("%")[0]!.split("::");
  const before = head.split(":").filter(Boolean);
  const after = tail?.split(":").filter(Boolean) ?? [];
  const zeros = Array<string>(Math.max(0, 8 - before.length - after.length)).fill("0");
  return [...before, ...(tail === undefined ? [] : zeros), ...after].slice(0, 4).join(":");
}

import type { Socket } from "node:net";
import type { Log } from "../log.ts";

/** Addresses of an IPv6 network that together may have as many connections as they like; beyond, the network is full. */
const NETWORK_ADDRESSES = 3;

/**
 * Keeps any one address from taking all connections, and any one IPv6 network, since one machine can have all the
 * addresses of its network; cuts what goes over.
 */
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
    const address = socket.remoteAddress ?? "";
    const network = groupOf(address);
    const isFull = this.#count(address) >= this.#most ||
      this.#count(network) >= (isNetwork(network) ? NETWORK_ADDRESSES : 1) * this.#most;
    if (isFull) {
      this.#warn(network);
      socket.destroy();
      return;
    }
    for (const key of new Set([address, network])) this.#add(key, socket);
  }

  cutAll(): void {
    for (const sockets of this.#open.values()) for (const socket of sockets) socket.destroy();
  }

  #count(key: string): number {
    return this.#open.get(key)?.size ?? 0;
  }

  #add(key: string, socket: Socket): void {
    const sockets = this.#open.get(key) ?? new Set();
    this.#open.set(key, sockets.add(socket));
    socket.once("close", () => {
      sockets.delete(socket);
      if (sockets.size > 0) return;
      this.#open.delete(key);
      this.#warned.delete(key);
    });
  }

  /** Once for each address or network until all its connections are gone: a flood must not fill the log. */
  #warn(address: string): void {
    if (this.#warned.has(address)) return;
    this.#warned.add(address);
    this.#log.warn("Too many connections from one address", { address, most: this.#most });
  }
}

function isNetwork(group: string): boolean {
  return group.includes(":");
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

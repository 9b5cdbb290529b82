import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { connect as secureConnect } from "node:tls";
import type { TestDevice } from "../../testing/device.ts";

/** A server that does nothing must not hang the tests, ms. */
const PATIENCE_MS = 15_000;

/** What a device's request over a wire must have in its headers: these name no port. */
export function signed(
  device: TestDevice,
  method: string,
  path: string,
  scheme = "http",
): Record<string, string> {
  return device.headers(method, `${scheme}://127.0.0.1${path}`);
}

/** A connection to a server on this machine on which a test writes what it likes. */
export class Wire {
  readonly socket: Socket;
  /** All that has come. */
  text = "";
  readonly #waiting = new Set<() => void>();
  /** What is under the encryption; the socket itself without. */
  readonly #transport: Socket;
  #closed = false;
  #gaveUp = false;

  private constructor(socket: Socket, transport = socket) {
    this.socket = socket;
    this.#transport = transport;
    socket.setEncoding("utf8");
    socket.on("data", (text: string) => {
      this.text += text;
      this.#wake();
    });
    socket.on("error", () => {});
    socket.on("close", () => {
      this.#closed = true;
      this.#wake();
    });
  }

  /** @param localAddress where it comes from: any of 127.0.0.0/8 */
  static async open(port: number, localAddress = "127.0.0.1"): Promise<Wire> {
    const socket = connect({ host: "127.0.0.1", port, localAddress });
    const wire = new Wire(socket);
    await once(socket, "connect", { signal: AbortSignal.timeout(PATIENCE_MS) });
    return wire;
  }

  /** The same over TLS by someone who trusts that root. */
  static async secure(port: number, root: string, localAddress = "127.0.0.1"): Promise<Wire> {
    const socket = connect({ host: "127.0.0.1", port, localAddress });
    await once(socket, "connect", { signal: AbortSignal.timeout(PATIENCE_MS) });
    const secure = secureConnect({ socket, ca: root, servername: "localhost" });
    const wire = new Wire(secure, socket);
    await once(secure, "secureConnect", { signal: AbortSignal.timeout(PATIENCE_MS) });
    return wire;
  }

  send(text: string): void {
    this.socket.write(text);
  }

  /** Reads no more, for good, down to the network: on Deno a paused TLS socket goes on reading. */
  stall(): void {
    this.#transport.pause();
    this.socket.pause();
  }

  /** A request without a body, for this server. */
  get(path: string, headers: Record<string, string> = {}, method = "GET"): void {
    const lines = Object.entries({ host: "127.0.0.1", ...headers }).map(([name, value]) =>
      `${name}: ${value}`
    );
    this.send([`${method} ${path} HTTP/1.1`, ...lines, "", ""].join("\r\n"));
  }

  /** Resolved once all that has come matches. */
  async until(pattern: RegExp | ((text: string) => boolean)): Promise<string> {
    const fits = () => typeof pattern === "function" ? pattern(this.text) : pattern.test(this.text);
    await this.#until(() => fits() || this.#closed);
    if (fits()) return this.text;
    throw new Error(`The connection was closed; all that came: ${JSON.stringify(this.text)}`);
  }

  /** Resolved with all that has come once the server has closed the connection. */
  async end(): Promise<string> {
    await this.#until(() => this.#closed);
    return this.text;
  }

  close(): Promise<string> {
    this.socket.destroy();
    return this.end();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #until(done: () => boolean): Promise<void> {
    const timer = setTimeout(() => this.#giveUp(), PATIENCE_MS);
    while (!done()) {
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
      if (this.#gaveUp) throw new Error(`Nothing more came; all that came: ${JSON.stringify(this.text)}`);
    }
    clearTimeout(timer);
  }

  #giveUp(): void {
    this.#gaveUp = true;
    this.socket.destroy();
    this.#wake();
  }

  #wake(): void {
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }
}

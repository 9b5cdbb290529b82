import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import process from "node:process";
import { mediaFlags, mediaSocketPath } from "../../core/boot/permissions.ts";
import { systemClock } from "../../core/clock.ts";
import { SocketMediaPort } from "../../media/link.ts";
import type { MediaEvent } from "../../media/protocol.ts";
import { ROOT } from "../boot/panel_process.ts";

/** The media process with the flags and the environment that the supervisor gives it, and the runtime's way to it. */
export class MediaProcess implements AsyncDisposable {
  readonly child: ChildProcess;
  port: SocketMediaPort;
  readonly events: MediaEvent[] = [];
  #up = false;
  #wake = () => {};
  readonly #socket: string;
  #close: () => void;
  readonly #gone: Promise<unknown>;

  /** @param withhold a permission that it is not given */
  constructor(data: string, path: string = process.env["PATH"] ?? "", withhold?: string) {
    const outline = {
      data,
      host: "127.0.0.1",
      port: 0,
      config: join(data, "panel.yaml"),
      certificate: [],
      hasConfig: false,
      explains: false,
      given: () => undefined,
    };
    const socket = this.#socket = mediaSocketPath(data);
    const flags = mediaFlags(outline, ROOT).filter((flag) => !withhold || !flag.startsWith(withhold));
    this.child = spawn(
      process.execPath,
      ["run", ...flags, join(ROOT, "media/process.ts"), socket],
      { stdio: ["pipe", "ignore", "inherit"], env: { PATH: path } },
    );
    this.#gone = once(this.child, "exit");
    this.port = new SocketMediaPort(socket, systemClock);
    this.#close = this.#open();
  }

  #open(): () => void {
    return this.port.open({
      event: (event) => {
        this.events.push(event);
        this.#wake();
      },
      link: (up) => {
        this.#up = up;
        this.#wake();
      },
    });
  }

  async link(up: boolean): Promise<void> {
    while (this.#up !== up) await new Promise<void>((done) => this.#wake = done);
  }

  /** The first event that fits, of those that came and those to come. */
  async hears<Name extends MediaEvent["event"]>(
    name: Name,
    fits: (event: Extract<MediaEvent, { event: Name }>) => boolean = () => true,
  ): Promise<Extract<MediaEvent, { event: Name }>> {
    for (;;) {
      const found = this.events.find((event) =>
        event.event === name && fits(event as Extract<MediaEvent, { event: Name }>)
      );
      if (found) return found as Extract<MediaEvent, { event: Name }>;
      await new Promise<void>((done) => this.#wake = done);
    }
  }

  /** All bytes behind a key, or the first of them: at least `most`. */
  async bytes(key: string, most = Infinity): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    const reader = (await this.port.take(key)).getReader();
    let size = 0;
    while (size < most) {
      const { done, value } = await reader.read();
      if (done) break;
      parts.push(value);
      size += value.length;
    }
    await reader.cancel();
    return new Uint8Array(await new Blob(parts as BlobPart[]).arrayBuffer());
  }

  /** As the supervisor does it. */
  async end(): Promise<void> {
    this.child.stdin?.end();
    await this.#gone;
  }

  /** The runtime is gone, the process is not; another runtime comes. */
  async succeed(): Promise<void> {
    this.#close();
    this.#up = false;
    this.port = new SocketMediaPort(this.#socket, systemClock);
    this.#close = this.#open();
    await this.link(true);
  }

  kill(): void {
    process.kill(this.child.pid!, "SIGKILL");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#close();
    if (this.child.exitCode === null && this.child.signalCode === null) await this.end();
  }
}

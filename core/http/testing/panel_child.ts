import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { LogLine } from "../../log.ts";
import { TestDevice } from "../../testing/device.ts";
import { signed, Wire } from "./wire.ts";

const PROGRAM = fileURLToPath(new URL("./panel_process.ts", import.meta.url));

export interface Report {
  rss: number;
  lines: LogLine[];
}

/** A panel in a process of its own with at most so many open files. */
export class PanelChild {
  readonly port: number;
  /** The owner's. */
  readonly device: TestDevice;
  readonly pid: number;
  /** What its visitors trust; undefined where it speaks plain HTTP. */
  readonly root: string | undefined;
  readonly #child: Deno.ChildProcess;
  readonly #lines: ReadableStreamDefaultReader<string>;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  #rest = "";
  #stopped = false;

  private constructor(
    child: Deno.ChildProcess,
    lines: ReadableStreamDefaultReader<string>,
    hello: { port: number; root?: string; device: string; pid: number },
    rest: string,
  ) {
    this.#child = child;
    this.#lines = lines;
    this.#input = child.stdin.getWriter();
    this.#rest = rest;
    ({ port: this.port, pid: this.pid, root: this.root } = hello);
    this.device = TestDevice.unpack(hello.device);
  }

  static async start(openFiles: number, speaks: "plain" | "tls" = "plain"): Promise<PanelChild> {
    const child = new Deno.Command("sh", {
      args: [
        "-c",
        `ulimit -n ${openFiles} && exec "$0" run --frozen -A "$1" "$2"`,
        Deno.execPath(),
        PROGRAM,
        speaks,
      ],
      env: { DENO_NO_UPDATE_CHECK: "1" },
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    const lines = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
    const { line, rest } = await nextLine(lines, "");
    return new PanelChild(child, lines, JSON.parse(line), rest);
  }

  /** A connection on which requests can be sent. */
  connect(localAddress?: string): Promise<Wire> {
    return this.root === undefined
      ? Wire.open(this.port, localAddress)
      : Wire.secure(this.port, this.root, localAddress);
  }

  /** What a request of its owner must have in its headers. */
  signed(method: string, path: string): Record<string, string> {
    return signed(this.device, method, path, this.root === undefined ? "http" : "https");
  }

  openFiles(): number {
    return readdirSync(`/proc/${this.pid}/fd`).length;
  }

  /** What the process uses and has logged by now. */
  async report(): Promise<Report> {
    await this.#input.write(new TextEncoder().encode("\n"));
    const { line, rest } = await nextLine(this.#lines, this.#rest);
    this.#rest = rest;
    return JSON.parse(line);
  }

  /** @returns its exit code */
  async stop(): Promise<number> {
    this.#stopped = true;
    await this.#input.close();
    const { code } = await this.#child.status;
    await this.#lines.cancel();
    return code;
  }

  /** Kills it where a test has failed before its `stop`. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#stopped) return;
    this.#child.kill("SIGKILL");
    await this.#child.status;
    await this.#lines.cancel().catch(() => {});
    await this.#input.abort().catch(() => {});
  }
}

async function nextLine(
  reader: ReadableStreamDefaultReader<string>,
  rest: string,
): Promise<{ line: string; rest: string }> {
  let text = rest;
  while (!text.includes("\n")) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`The panel's process has ended; it said ${JSON.stringify(text)}`);
    text += value;
  }
  const end = text.indexOf("\n");
  return { line: text.slice(0, end), rest: text.slice(end + 1) };
}

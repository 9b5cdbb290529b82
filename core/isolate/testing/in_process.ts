import type { Clock } from "../../clock.ts";
import type { Plugin } from "../../plugin/plugin.ts";
import { systemRandom } from "../../random.ts";
import { runChild } from "../child/run.ts";
import { LineReader } from "../../lines.ts";
import type { FromPanel } from "../protocol.ts";
import type { LaunchOrder, PluginProcess, ProcessEnd } from "../process.ts";

const encoder = new TextEncoder();

/** Bytes from one side to the other; each piece waits until it is taken. */
export class Pipe {
  readonly #pieces: { bytes: Uint8Array; taken: () => void }[] = [];
  #reading: ((piece: Uint8Array | undefined) => void) | undefined;
  #closed = false;

  send = (bytes: Uint8Array): Promise<void> => {
    if (this.#closed) return Promise.resolve();
    return new Promise((taken) => {
      this.#pieces.push({ bytes, taken });
      this.#move();
    });
  };

  read = (): Promise<Uint8Array | undefined> =>
    new Promise((done) => {
      this.#reading = done;
      this.#move();
    });

  close(): void {
    this.#closed = true;
    for (const { taken } of this.#pieces.splice(0)) taken();
    this.#move();
  }

  #move(): void {
    if (!this.#reading || (this.#pieces.length === 0 && !this.#closed)) return;
    const next = this.#pieces.shift();
    const reading = this.#reading;
    this.#reading = undefined;
    reading(next?.bytes);
    next?.taken();
  }
}

/** A process that does what a test tells it to. */
export class FakeProcess implements PluginProcess {
  readonly order: LaunchOrder;
  readonly toPlugin = new Pipe();
  readonly toPanel = new Pipe();
  readonly ended: Promise<ProcessEnd>;
  readonly #end: (end: ProcessEnd) => void;
  /** What the panel has said, as far as it was read. */
  readonly heard: FromPanel[] = [];
  killed = false;

  constructor(order: LaunchOrder) {
    this.order = order;
    const { promise, resolve } = Promise.withResolvers<ProcessEnd>();
    this.ended = promise;
    this.#end = resolve;
  }

  read = this.toPanel.read;
  send = this.toPlugin.send;

  kill(): void {
    this.killed = true;
    this.die({ status: null, signal: "SIGKILL", lastWords: "" });
  }

  die(end: Partial<ProcessEnd> = {}): void {
    this.toPanel.close();
    this.toPlugin.close();
    this.#end({ status: 1, signal: null, lastWords: "", ...end });
  }

  /** Reads what the panel says, from now on; until then it takes nothing. */
  async listen(): Promise<void> {
    const lines = new LineReader(Infinity);
    for (let piece = await this.toPlugin.read(); piece; piece = await this.toPlugin.read()) {
      for (const line of lines.push(piece)) this.heard.push(JSON.parse(line));
    }
  }

  /** Says it as the plugin, whatever it is. */
  say(message: unknown): void {
    this.toPanel.send(encoder.encode(`${typeof message === "string" ? message : JSON.stringify(message)}\n`));
  }
}

/** Has the plugin talk as those in processes of their own do, but in this one, on the test's clock. */
export function runInProcess(process: FakeProcess, clock: Clock, plugin: Plugin): void {
  runChild({
    clock,
    random: systemRandom,
    read: process.toPlugin.read,
    send: process.toPanel.send,
    load: () => Promise.resolve({ default: plugin }),
    useLog: () => {},
  });
}

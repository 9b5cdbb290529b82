import type { Duplex } from "node:stream";
import { z } from "zod";
import type { Launch, LaunchOrder, PluginProcess, ProcessEnd } from "../process.ts";
import {
  type Frame,
  FrameReader,
  jsonIn,
  takenIn,
  WINDOW,
  writeFrame,
  writeJson,
  writeTaken,
} from "./frames.ts";

/** A piece of what is sent. */
const PIECE = 16 * 1_024;

const endSchema = z.strictObject({
  status: z.number().nullable(),
  signal: z.string().nullable(),
  lastWords: z.string(),
  changed: z.boolean().optional(),
});
const GONE: ProcessEnd = { status: 1, signal: null, lastWords: "The supervisor is gone" };

/** The runtime's side: has the supervisor at the other end of `link` start plugins' processes. */
export function remoteLaunch(link: Duplex): Launch {
  const runs = new Map<number, RemoteProcess>();
  const reader = new FrameReader();
  let last = 0;
  link.on("data", (piece: Uint8Array) => {
    for (const frame of reader.push(piece)) {
      runs.get(frame.run)?.take(frame);
      if (frame.kind === "end") runs.delete(frame.run);
    }
  });
  link.on("error", () => {});
  link.on("close", () => {
    for (const run of runs.values()) run.end(GONE);
    runs.clear();
  });
  return (order) => {
    const run = ++last;
    const process = new RemoteProcess(run, link);
    runs.set(run, process);
    process.start(order);
    return process;
  };
}

class RemoteProcess implements PluginProcess {
  readonly ended: Promise<ProcessEnd>;
  readonly #run: number;
  readonly #link: Duplex;
  readonly #resolveEnd: (end: ProcessEnd) => void;
  readonly #pieces: Uint8Array[] = [];
  #reading: ((piece: Uint8Array | undefined) => void) | undefined;
  #room = WINDOW;
  #roomMade: (() => void) | undefined;
  #over = false;

  constructor(run: number, link: Duplex) {
    this.#run = run;
    this.#link = link;
    const { promise, resolve } = Promise.withResolvers<ProcessEnd>();
    this.ended = promise;
    this.#resolveEnd = resolve;
  }

  start(order: LaunchOrder): void {
    if (this.#link.destroyed) return this.end(GONE);
    writeJson(this.#link, "start", this.#run, order);
  }

  read(): Promise<Uint8Array | undefined> {
    const piece = this.#pieces.shift();
    if (piece) return Promise.resolve(this.#taken(piece));
    if (this.#over) return Promise.resolve(undefined);
    return new Promise((done) => this.#reading = done);
  }

  async send(bytes: Uint8Array): Promise<void> {
    for (let from = 0; from < bytes.length; from += PIECE) {
      const piece = bytes.subarray(from, from + PIECE);
      while (this.#room < piece.length && !this.#over) {
        await new Promise<void>((made) => this.#roomMade = made);
      }
      if (this.#over) return;
      this.#room -= piece.length;
      writeFrame(this.#link, "data", this.#run, piece);
    }
  }

  kill(): void {
    if (!this.#over) writeFrame(this.#link, "kill", this.#run);
  }

  take(frame: Frame): void {
    switch (frame.kind) {
      case "data": {
        if (!this.#reading) return void this.#pieces.push(frame.payload);
        const done = this.#reading;
        this.#reading = undefined;
        return done(this.#taken(frame.payload));
      }
      case "taken":
        this.#room += takenIn(frame);
        return this.#roomMade?.();
      case "end":
        return this.end(endSchema.parse(jsonIn(frame)));
    }
  }

  end(end: ProcessEnd): void {
    this.#over = true;
    this.#reading?.(undefined);
    this.#roomMade?.();
    this.#resolveEnd(end);
  }

  /** Only what is taken makes room for more. */
  #taken(piece: Uint8Array): Uint8Array {
    if (!this.#over) writeTaken(this.#link, this.#run, piece.length);
    return piece;
  }
}

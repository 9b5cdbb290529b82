import type { Duplex } from "node:stream";
import { z } from "zod";
import { LatchkeyError } from "../../errors.ts";
import { errorText } from "../../log.ts";
import { grantedPluginSchema, pluginManifestSchema, wantsSchema } from "../manifest.ts";
import type { LaunchOrder, ProcessEnd } from "../process.ts";
import {
  type Frame,
  FrameReader,
  jsonIn,
  LONGEST_PAYLOAD,
  takenIn,
  WINDOW,
  writeFrame,
  writeJson,
  writeTaken,
} from "./frames.ts";
import type { Spawn, Spawned } from "./spawn.ts";

const MOST_PROCESSES = 32;
/** What `Spawn` throws where the folder is not what was let in. */
const FOLDER_CODES = new Set(["plugin-folder", "plugin-changed"]);

/** All that the runtime can ask for: a plugin of the panel's own folder, by its id. Which permissions that means is decided here. */
const orderSchema = z.strictObject({
  ...pluginManifestSchema.pick({ id: true, entry: true }).shape,
  ...grantedPluginSchema.pick({ digest: true }).shape,
  ...wantsSchema.pick({ net: true, memoryMb: true }).shape,
});

interface Run {
  child: Spawned;
  /** Bytes of its output that the runtime has not taken. */
  outgoing: number;
  /** Bytes for its input that it has not taken. */
  incoming: number;
}

/** The supervisor's side: starts plugins' processes for the runtime, carries their bytes unread, and ends them with it. */
export class PluginDesk {
  readonly #link: Duplex;
  readonly #spawn: Spawn;
  readonly #say: (line: string) => void;
  readonly #runs = new Map<number, Run>();
  /** Those whose files are being looked at; whether each is to end as soon as it has begun. */
  readonly #starting = new Map<number, { killed: boolean }>();
  readonly #reader = new FrameReader();

  constructor({ link, spawn, say }: { link: Duplex; spawn: Spawn; say(line: string): void }) {
    this.#link = link;
    this.#spawn = spawn;
    this.#say = say;
    link.on("data", (piece: Uint8Array) => this.#hear(piece));
    link.on("error", () => {});
    link.on("close", () => this.close());
  }

  /** Ends all of them. */
  close(): void {
    for (const { child } of this.#runs.values()) child.kill();
    for (const start of this.#starting.values()) start.killed = true;
    this.#link.destroy();
  }

  #hear(piece: Uint8Array): void {
    try {
      for (const frame of this.#reader.push(piece)) this.#take(frame);
    } catch (error) {
      this.#say(
        `The runtime asks for what makes no sense, and gets no plugins any more: ${errorText(error)}`,
      );
      this.close();
    }
  }

  #take(frame: Frame): void {
    if (frame.kind === "start") return this.#start(frame);
    const start = this.#starting.get(frame.run);
    if (start) return this.#takeEarly(frame, start);
    const run = this.#runs.get(frame.run);
    // It may have ended meanwhile.
    if (!run) return;
    switch (frame.kind) {
      case "kill":
        return run.child.kill();
      case "data":
        return this.#give(frame, run);
      case "taken":
        run.outgoing -= takenIn(frame);
        if (run.outgoing < WINDOW) run.child.stdout.resume();
        return;
      default:
        throw new RangeError(`"${frame.kind}" is not the runtime's to say`);
    }
  }

  #takeEarly({ kind }: Frame, start: { killed: boolean }): void {
    if (kind !== "kill") throw new RangeError(`it says "${kind}" to what has not begun`);
    start.killed = true;
  }

  #start(frame: Frame): void {
    if (this.#runs.has(frame.run) || this.#starting.has(frame.run)) {
      throw new RangeError(`run ${frame.run} is there already`);
    }
    void this.#launch(frame.run, () => orderSchema.parse(jsonIn(frame)));
  }

  async #launch(id: number, orderOf: () => LaunchOrder): Promise<void> {
    const start = { killed: false };
    const others = this.#runs.size + this.#starting.size;
    this.#starting.set(id, start);
    let child: Spawned;
    try {
      if (others >= MOST_PROCESSES) throw new RangeError(`${MOST_PROCESSES} plugins run already`);
      child = await this.#spawn(orderOf());
    } catch (error) {
      const changed = error instanceof LatchkeyError && FOLDER_CODES.has(error.code);
      const lastWords = errorText(error);
      return this.#end(id, { status: 126, signal: null, lastWords, ...(changed ? { changed } : {}) });
    } finally {
      this.#starting.delete(id);
    }
    this.#carry(id, child);
    if (start.killed) child.kill();
  }

  #carry(id: number, child: Spawned): void {
    const run: Run = { child, outgoing: 0, incoming: 0 };
    this.#runs.set(id, run);
    child.stdout.on("data", (piece: Uint8Array) => {
      run.outgoing += piece.length;
      if (run.outgoing >= WINDOW) child.stdout.pause();
      for (let from = 0; from < piece.length; from += LONGEST_PAYLOAD) {
        writeFrame(this.#link, "data", id, piece.subarray(from, from + LONGEST_PAYLOAD));
      }
    });
    child.ended.then((end) => this.#end(id, end));
  }

  #give({ run: id, payload }: Frame, run: Run): void {
    run.incoming += payload.length;
    if (run.incoming > WINDOW) throw new RangeError("it sends more than there is room for");
    run.child.stdin.write(payload, () => {
      run.incoming -= payload.length;
      writeTaken(this.#link, id, payload.length);
    });
  }

  #end(run: number, end: ProcessEnd): void {
    this.#runs.delete(run);
    writeJson(this.#link, "end", run, end);
  }
}

import { setImmediate } from "node:timers";
import { type Cancel, type Clock, repeat } from "../clock.ts";
import { LatchkeyError } from "../errors.ts";
import { deeperThan } from "../json.ts";
import { errorText } from "../log.ts";
import { Calls } from "./calls.ts";
import { LineReader } from "../lines.ts";
import { Outbox } from "./outbox.ts";
import { Pace } from "./pace.ts";
import type { PluginProcess, ProcessEnd } from "./process.ts";
import {
  DEEPEST,
  type FromPanel,
  type FromPlugin,
  fromPluginSchema,
  type Grant,
  LINE_BYTES,
  PROTOCOLS,
} from "./protocol.ts";
import { fromWire } from "./wire_error.ts";

/** Until its first word, ms: Deno has to start, perhaps for several on a slow board; nothing of the plugin runs before. */
const HELLO_MS = 20_000;
const PING_MS = 1_000;
/** Pings in a row that may go unanswered. One that hangs is killed 5 to 6 s after its last sign of life. */
const MOST_UNANSWERED = 5;
/** For undoing what it did, ms: less than the host waits for. */
const STOP_MS = 4_000;
/** How fast a plugin is read: a message and each KiB of one cost 1. */
const READ_PER_SECOND = 2_000;
/** Messages after which others get a turn. */
const TURN = 64;
/** The longest that a plugin takes, characters; see `LINE_BYTES`. */
const LONGEST = 4 * LINE_BYTES;

/** Of a plugin's last words, characters. */
const LONGEST_WORDS = 300;

/** What a plugin says beside what the session itself is about. */
export type BorderMessage = Exclude<
  FromPlugin,
  { t: "hello" | "described" | "ready" | "failed" | "stopped" | "pong" | "answer" | "failure" }
>;

export interface SessionOptions {
  process: PluginProcess;
  clock: Clock;
  id: string;
  config: unknown;
  grant: Grant;
  /** @throws {LatchkeyError} where the plugin is not what was granted */
  described(said: Extract<FromPlugin, { t: "described" }>): void;
  /** @throws {LatchkeyError} where it goes beyond what was granted */
  take(message: BorderMessage): void;
  /** Whether the line is one of so many that it is dropped unread: what is not made needs not be cleared away. */
  drops(line: string): boolean;
  /** Told of what it did that it may not, and went on. */
  offended(error: unknown): void;
}

export interface SessionEnd {
  reason: string;
  /** Whether it had been asked to, or had said so itself. */
  orderly: boolean;
  /** Whether it was not even started, as its files are others. */
  changed: boolean;
}

type Phase = "greeting" | "loading" | "running" | "stopping" | "over";

/** The talk with one process, from its start to its end. */
export class Session {
  /** Resolved when the plugin is set up. @throws {LatchkeyError} `plugin-crashed`, or what its `setup` has thrown */
  readonly ready: Promise<void>;
  readonly ended: Promise<SessionEnd>;
  readonly #options: SessionOptions;
  readonly #outbox: Outbox;
  readonly #pace: Pace;
  readonly #calls: Calls;
  readonly #ready = Promise.withResolvers<void>();
  readonly #stopped = Promise.withResolvers<void>();
  #phase: Phase = "greeting";
  #reason: string | undefined;
  #orderly = false;
  #ping = 0;
  #unanswered = 0;
  #missed = 0;
  #endWatch: Cancel;

  constructor(options: SessionOptions) {
    const { process, clock } = this.#options = options;
    this.#outbox = new Outbox((bytes) => process.send(bytes));
    this.#pace = new Pace({ clock, perSecond: READ_PER_SECOND, burst: READ_PER_SECOND });
    this.#calls = new Calls(clock);
    this.ready = this.#ready.promise;
    this.ready.catch(() => {});
    this.#endWatch = clock.after(HELLO_MS, () => this.break(`It said nothing for ${HELLO_MS / 1_000} s`));
    this.ended = process.ended.then((end) => this.#over(end));
    this.#listen();
  }

  /** @param droppable whether it may be left out where the plugin does not read; how many were is told with the next */
  send(message: FromPanel, droppable = false): void {
    if (this.#phase === "over") return;
    const line = JSON.stringify(message);
    if (line.length > LONGEST && message.t === "answer") {
      const error = {
        code: "answer-too-large",
        message: "The answer is too large; ask for less",
        status: 413,
      };
      return this.send({ t: "failure", id: message.id, error });
    }
    try {
      if (!this.#outbox.push(line, droppable)) this.#missed++;
    } catch (error) {
      this.break(errorText(error));
    }
  }

  /** Tells of an event. @param droppable as for `send` */
  tell(name: string, value: unknown, droppable: boolean): void {
    const missed = this.#missed;
    this.send({ t: "event", name, value, missed }, droppable);
    if (this.#missed === missed) this.#missed = 0;
  }

  /** Calls what the plugin has offered. @throws {LatchkeyError} `plugin-silent`, `plugin-busy`, or as it answers */
  ask(handle: number, method: string, args: unknown[], ms: number): Promise<unknown> {
    return this.#calls.ask((id) => this.send({ t: "call", id, handle, method, args }), ms);
  }

  /** Asks it to undo what it did and to end; ends it where it takes too long. */
  async stop(): Promise<void> {
    if (this.#phase === "running") {
      this.#phase = "stopping";
      this.send({ t: "stop" });
      const late = this.#options.clock.after(STOP_MS, () => this.#stopped.resolve());
      await this.#stopped.promise;
      late();
    }
    this.#orderly = true;
    this.break("It was stopped");
    await this.ended;
  }

  /** Ends it at once. */
  break(reason: string): void {
    if (this.#phase === "over") return;
    this.#reason ??= reason;
    this.#options.process.kill();
  }

  async #listen(): Promise<void> {
    const { process } = this.#options;
    const lines = new LineReader(LINE_BYTES);
    let count = 0;
    try {
      for (let piece = await process.read(); piece; piece = await process.read()) {
        for (const line of lines.push(piece)) {
          await this.#pace.spend(1 + line.length / 1_024);
          if (++count % TURN === 0) await new Promise<void>((go) => setImmediate(go));
          if (this.#reason !== undefined) return;
          if (!this.#options.drops(line)) this.#take(parse(line));
        }
      }
    } catch (error) {
      this.break(errorText(error));
    }
  }

  #take(message: FromPlugin): void {
    try {
      this.#handle(message);
    } catch (error) {
      // What is wrong from the beginning is not let in; what goes wrong later is named, and goes no further.
      if (this.#phase === "greeting" || this.#phase === "loading") this.#fail(error);
      else this.#options.offended(error);
    }
  }

  #handle(message: FromPlugin): void {
    switch (message.t) {
      case "hello":
        return this.#greet(message.protocols);
      case "described":
        return this.#options.described(message);
      case "ready":
        if (this.#phase === "loading") this.#phase = "running";
        return this.#ready.resolve();
      case "failed":
        return this.#fail(fromWire(message.error));
      case "stopped":
        return this.#stopped.resolve();
      case "pong":
        if (message.n === this.#ping) this.#unanswered = 0;
        return;
      case "answer":
        return this.#calls.answered(message.id, message.value);
      case "failure":
        return this.#calls.failed(message.id, message.error);
      default:
        if (this.#phase === "greeting") {
          throw new LatchkeyError("plugin-rude", "It spoke before it was greeted");
        }
        return this.#options.take(message);
    }
  }

  #greet(spoken: number[]): void {
    if (this.#phase !== "greeting") return;
    const protocol = PROTOCOLS.findLast((known) => spoken.includes(known));
    if (protocol === undefined) {
      const message = `It speaks version ${spoken.join(", ")} of the protocol, this panel ${
        PROTOCOLS.join(", ")
      }`;
      this.send({ t: "refused", message });
      throw new LatchkeyError("plugin-protocol", message);
    }
    const { id, config, grant, clock } = this.#options;
    this.#phase = "loading";
    this.#endWatch();
    this.#endWatch = repeat(clock, PING_MS, () => this.#watch());
    this.send({ t: "welcome", protocol, id, config, grant });
  }

  /** By count and not by time: while the panel itself stood still, nobody could answer. */
  #watch(): void {
    if (this.#unanswered >= MOST_UNANSWERED) {
      return this.break(`It did not answer for ${MOST_UNANSWERED * PING_MS / 1_000} s`);
    }
    if (this.#unanswered++ === 0) this.send({ t: "ping", n: ++this.#ping });
  }

  /** It is not let in. */
  #fail(error: unknown): void {
    this.#orderly = true;
    this.#ready.reject(error);
    this.break(errorText(error));
  }

  #over(end: ProcessEnd): SessionEnd {
    const changed = end.changed ?? false;
    const reason = this.#reason ?? (changed ? end.lastWords : endText(end));
    this.#phase = "over";
    this.#reason = reason;
    this.#endWatch();
    this.#pace.end();
    this.#outbox.end();
    this.#stopped.resolve();
    const message = changed ? reason : `${reason}${quoted(end.lastWords)}`;
    const error = new LatchkeyError("plugin-crashed", message, { status: 502 });
    this.#calls.end(error);
    this.#ready.reject(error);
    return { reason: error.message, orderly: this.#orderly, changed };
  }
}

function endText({ status, signal }: ProcessEnd): string {
  return signal === null ? `Its process ended with ${status}` : `Its process was ended by ${signal}`;
}

/** What it has said of its end, without where in the code. */
function quoted(words: string): string {
  const lines = words.split("\n").filter((line) => /^\S/.test(line) && line !== "#");
  const from = lines.findLastIndex((line) => /^(error: |# Fatal)/.test(line));
  const text = lines.slice(Math.max(from, 0)).join(" ").slice(0, LONGEST_WORDS);
  return text === "" ? "" : `; it said: ${text}`;
}

/** @throws {LatchkeyError} `message-refused` */
function parse(line: string): FromPlugin {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw refused("is no JSON");
  }
  if (deeperThan(DEEPEST, value)) throw refused(`is nested more than ${DEEPEST} levels deep`);
  const message = fromPluginSchema.safeParse(value);
  if (message.success) return message.data;
  const [issue] = message.error.issues;
  throw refused(`is none of the protocol: ${issue?.path.join(".") || "t"}: ${issue?.message}`);
}

function refused(what: string): LatchkeyError {
  return new LatchkeyError("message-refused", `It sent a message that ${what}`);
}

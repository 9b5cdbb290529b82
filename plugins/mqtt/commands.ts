import { Buffer } from "node:buffer";
import {
  type Actor,
  type Context,
  errorText,
  type Json,
  LatchkeyError,
  type PartCommand,
} from "../../core/mod.ts";
import type { Message } from "./link.ts";
import type { PartBook } from "./part_book.ts";
import type { Pictures } from "./pictures.ts";
import { Rate } from "./rate.ts";
import { Refusal } from "./refusal.ts";
import type { ReleaseDesk } from "./releases.ts";
import type { Topics, Wish } from "./topics.ts";

const LONGEST = 4_096;
/** A command that has come to no end by then is answered without it, ms. */
const RUN_MS = 6_000;

type Answer = { ok: boolean; [key: string]: Json };

export interface CommandDeskParts {
  ctx: Pick<Context, "clock" | "log">;
  topics: Topics;
  book: PartBook;
  releases: ReleaseDesk;
  actor: Actor;
  /** Undefined where none are told. */
  pictures: Pick<Pictures, "commandOf"> | undefined;
  /** Whether parts may be driven. */
  commands: boolean;
  /** Tells what became of a command. */
  reply(topic: string, payload: string): void;
}

/** Does what messages ask for, one after the other, and tells what came of each. */
export class CommandDesk {
  readonly #parts: CommandDeskParts;
  /** Each release is a row in the log, for whatever reason; a dimmer is dragged. */
  readonly #rates: Record<Wish["kind"], Rate>;
  /** Of lines in the panel's own log: whoever may write to the broker may send without end. */
  readonly #lines: Rate;

  constructor(parts: CommandDeskParts) {
    this.#parts = parts;
    const { clock } = parts.ctx;
    this.#lines = new Rate(clock, 10, 5_000);
    this.#rates = { release: new Rate(clock, 10, 5_000), command: new Rate(clock, 30, 200) };
  }

  /** Resolved when it is done with; never rejects. */
  async heard({ topic, payload, retain }: Message): Promise<void> {
    const { topics, ctx, reply } = this.#parts;
    const wish = topics.wish(topic);
    if (!wish) return;
    const subject = wish.kind === "release" ? wish.accessPoint : wish.part;
    const about = { command: wish.kind === "release" ? "release" : wish.command };
    let id: Json = null;
    let answer: Answer;
    try {
      if (!this.#rates[wish.kind].take()) throw new Refusal("too-many", "Too many commands in a short time");
      const body = bodyOf(payload);
      id = idOf(body);
      answer = await this.#within(this.#do(wish, body, retain));
    } catch (error) {
      answer = refused(error);
      if (this.#lines.take()) {
        ctx.log.warn("A command is refused", { topic: topic.slice(0, 200), reason: answer["reason"] ?? "" });
      }
    }
    reply(topics.reply(subject), JSON.stringify({ ...about, id, ...answer }));
  }

  async #do(wish: Wish, body: Json, retain: boolean): Promise<Answer> {
    if (wish.kind === "release") {
      return await this.#parts.releases.release(wish.accessPoint, body, retain) as Answer;
    }
    if (!this.#parts.commands) {
      throw new Refusal("not-allowed", "Parts are not driven by MQTT: see the settings");
    }
    if (retain) {
      throw new Refusal("retained", "A command is not to be retained: it would come again and again");
    }
    const { part: id, command: name } = wish;
    const command = this.#commandOf(id, name);
    if (!command) throw new Refusal("unknown", `There is no command "${name}" of a part "${id}"`);
    const args = command.args.safeParse(body);
    if (!args.success) {
      throw new Refusal(
        "invalid",
        args.error.issues.map(({ message }) => message).join("; "),
      );
    }
    await command.run(args.data, this.#parts.actor);
    return { ok: true };
  }

  #commandOf(id: string, name: string): PartCommand | undefined {
    const { book, pictures } = this.#parts;
    const part = book.get(id);
    if (!part) return undefined;
    const { commands } = part;
    return commands && Object.hasOwn(commands, name) ? commands[name] : pictures?.commandOf(part, name);
  }

  #within(work: Promise<Answer>): Promise<Answer> {
    return new Promise((done, fail) => {
      const cancel = this.#parts.ctx.clock.after(
        RUN_MS,
        () => fail(new Refusal("no-answer", `It has come to no end in ${RUN_MS / 1_000} s`)),
      );
      work.then(done, fail).finally(cancel);
    });
  }
}

/** JSON; nothing is no arguments. */
function bodyOf(payload: Uint8Array): Json {
  if (payload.length > LONGEST) throw new Refusal("invalid", `A command has at most ${LONGEST} bytes`);
  const text = Buffer.from(payload).toString("utf8").trim();
  if (text === "") return {};
  try {
    return JSON.parse(text) as Json;
  } catch {
    // Words such as UNLOCK say too little; what takes the command says what it misses.
    return text;
  }
}

function idOf(body: Json): Json {
  const id = typeof body === "object" && body !== null && !Array.isArray(body) ? body["id"] : undefined;
  return typeof id === "string" ? id.slice(0, 80) : null;
}

function refused(error: unknown): Answer {
  if (error instanceof Refusal || error instanceof LatchkeyError) {
    return { ok: false, reason: error.code, message: error.message };
  }
  return { ok: false, reason: "failed", message: errorText(error).slice(0, 200) };
}

import type { Cancel, Clock } from "../../core/mod.ts";
import { type Reply, without } from "./answer.ts";
import { Budget, SentLog } from "./limits.ts";
import { MDNS_PORT, type Port, type Source } from "./network.ts";
import { type Message, writeGoodbyes, writeLegacyResponse, writeResponses } from "./packet.ts";
import { idOf, type OwnRecord, sameName } from "./records.ts";

export interface SpeakerOptions {
  clock: Clock;
  /** From 0 to 1. */
  random(): number;
  port: Port;
  /** Whether it may send to one address alone. */
  unicast: boolean;
  /** A packet could not be sent. */
  failed(error: unknown): void;
}

/** RFC 6762, 6: a record goes to everyone once a second at most, and four times to defend a name. */
const SAME_AGAIN_MS = 1_000;
const DEFEND_AGAIN_MS = 250;
/** So that not all who have something to say do so at once. */
const SHARED_DELAY_MS = { least: 20, most: 120 };
/** RFC 6762, 7.2: more of what is known may follow. */
const TRUNCATED_DELAY_MS = { least: 400, most: 500 };
const AT_ONCE = { least: 0, most: 0 };
/** Answers to one alone, which nobody else hears: a packet in makes one out. */
const ALONE = { perSecond: 10, most: 20 };
const MOST_WAITING = 32;

interface Waiting {
  reply: Reply;
  from: Source;
  cancel: Cancel;
}

/** What is said on a link, and how often. */
export class Speaker {
  readonly #options: SpeakerOptions;
  readonly #sent: SentLog;
  readonly #alone: Budget;
  readonly #waiting = new Set<Waiting>();

  constructor(options: SpeakerOptions) {
    this.#options = options;
    this.#sent = new SentLog(options.clock);
    this.#alone = new Budget(options.clock, ALONE);
  }

  async send(packet: Uint8Array, to?: Source): Promise<void> {
    try {
      await this.#options.port.send(packet, to);
    } catch (error) {
      this.#options.failed(error);
    }
  }

  /** To everyone, asked or not. Those that were told less than `againMs` ago are left out. */
  tell(answers: readonly OwnRecord[], additionals: readonly OwnRecord[] = [], againMs = SAME_AGAIN_MS): void {
    const due = this.#sent.due(answers, againMs);
    if (due.length === 0) return;
    const further = this.#sent.due(additionals, againMs);
    this.#sent.note([...due, ...further]);
    for (const packet of writeResponses(due, further)) void this.send(packet);
  }

  /** They are none of its records any more. */
  forget(records: readonly OwnRecord[]): void {
    this.#sent.forget(records);
  }

  /** Has everyone forget these. */
  async takeBack(records: readonly OwnRecord[]): Promise<void> {
    if (records.length > 0) await Promise.all(writeGoodbyes(records).map((packet) => this.send(packet)));
  }

  /** Has waiting answers forgotten. */
  hush(): void {
    for (const { cancel } of this.#waiting) cancel();
    this.#waiting.clear();
  }

  answer(message: Message, from: Source, reply: Reply): void {
    if (message.questions.length === 0) this.#learn(message, from);
    if (reply.answers.length === 0) return;
    if (from.port !== MDNS_PORT) this.#answerLegacy(message, from, reply);
    else if (this.#mayAnswerAlone(message, reply)) this.#answerAlone(from, reply);
    else if (defends(message, reply)) this.tell(reply.answers, reply.additionals, DEFEND_AGAIN_MS);
    else this.#answerLater(message, from, reply);
  }

  /** Says again what somebody has made others forget, or will soon: RFC 6762, 6.6. */
  uphold({ answers, additionals }: Message, own: readonly OwnRecord[]): void {
    const heard = new Map([...answers, ...additionals].map((answer) => [
      idOf(answer),
      "ttl" in answer ? answer.ttl ?? 0 : 0,
    ]));
    this.tell(own.filter(({ id, ttl }) => (heard.get(id) ?? ttl) < ttl / 2));
  }

  #answerLegacy(message: Message, from: Source, { answers, additionals }: Reply): void {
    if (!this.#options.unicast || !this.#alone.take()) return;
    void this.send(writeLegacyResponse(message, answers, additionals), from);
  }

  #mayAnswerAlone({ questions }: Message, { answers }: Reply): boolean {
    return this.#options.unicast && questions.every(({ wantsUnicast }) => wantsUnicast) &&
      this.#sent.areFresh(answers);
  }

  #answerAlone(from: Source, { answers, additionals }: Reply): void {
    if (!this.#alone.take()) return;
    for (const packet of writeResponses(answers, additionals)) void this.send(packet, from);
  }

  #answerLater({ truncated }: Message, from: Source, reply: Reply): void {
    const shared = reply.answers.some(({ unique }) => !unique);
    const { least, most } = truncated ? TRUNCATED_DELAY_MS : shared ? SHARED_DELAY_MS : AT_ONCE;
    if (most === 0) {
      this.tell(reply.answers, reply.additionals);
      return;
    }
    if (this.#waiting.size >= MOST_WAITING) return;
    const { clock, random } = this.#options;
    const waiting: Waiting = {
      reply,
      from,
      cancel: clock.after(least + random() * (most - least), () => {
        this.#waiting.delete(waiting);
        this.tell(waiting.reply.answers, waiting.reply.additionals);
      }),
    };
    this.#waiting.add(waiting);
  }

  /** Who asked says what else it knows. */
  #learn({ answers: known }: Message, { address }: Source): void {
    for (const waiting of this.#waiting) {
      if (waiting.from.address !== address) continue;
      const { answers, additionals } = waiting.reply;
      waiting.reply = { answers: without(answers, known), additionals: without(additionals, known) };
    }
  }
}

/** Whether somebody is about to take a name that this answer names as the panel's. */
function defends({ authorities }: Message, { answers }: Reply): boolean {
  return authorities.some(({ name }) => answers.some((own) => own.unique && sameName(own.name, name)));
}

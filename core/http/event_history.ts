import { Buffer } from "node:buffer";
import type { Json } from "../json.ts";
import type { Audience } from "../plugin/keys.ts";

/** One event as it goes over the wire. */
export interface StreamMessage {
  id: string;
  /** The finished text of it. */
  text: string;
  bytes: number;
  audience: Audience;
}

const MOST_EVENTS = 1_000;
/** All of it must fit the queue of a client that resumes. */
const MOST_BYTES = 524_288;

/** The newest events, so that a client that lost its connection goes on where it was. Bounded in number and in size. */
export class EventHistory {
  readonly #run: string;
  readonly #messages: StreamMessage[] = [];
  #bytes = 0;
  #count = 0;

  /** @param run differs with each start of the panel: ids of an earlier run are unknown to this one */
  constructor(run: string) {
    this.#run = run;
  }

  /** Id of the newest event. */
  get latest(): string {
    return `${this.#run}-${this.#count}`;
  }

  add(name: string, value: Json, audience: Audience): StreamMessage {
    this.#count++;
    const text = messageText(name, value, this.latest);
    const message = { id: this.latest, text, bytes: Buffer.byteLength(text), audience };
    this.#messages.push(message);
    this.#bytes += message.bytes;
    while (this.#messages.length > MOST_EVENTS || this.#bytes > MOST_BYTES) {
      this.#bytes -= this.#messages.shift()!.bytes;
    }
    return message;
  }

  /** What came after the event with this id; undefined where that can't be told any more. */
  since(id: string): StreamMessage[] | undefined {
    if (id === this.latest) return [];
    const known = this.#messages.findIndex((message) => message.id === id);
    if (known >= 0) return this.#messages.slice(known + 1);
    const first = this.#count - this.#messages.length;
    return id === `${this.#run}-${first}` ? [...this.#messages] : undefined;
  }
}

/** An event in the wire format of server-sent events. JSON has no raw line breaks. */
export function messageText(name: string, value: Json, id: string): string {
  return `id: ${id}\nevent: ${name}\ndata: ${JSON.stringify(value)}\n\n`;
}

import { type Clock, repeat } from "../clock.ts";
import { LatchkeyError } from "../errors.ts";
import type { Json } from "../json.ts";
import { errorText, type Log } from "../log.ts";
import type { Bus } from "../plugin/bus.ts";
import { EventHistory, messageText } from "./event_history.ts";
import { StreamClient } from "./stream_client.ts";

export interface EventStreamOptions {
  bus: Bus;
  clock: Clock;
  log: Log;
  /** Differs with each start of the panel. */
  run: string;
  /** Ends every stream. */
  signal: AbortSignal;
}

const HEARTBEAT_MS = 15_000;
/** Streams at a time. */
export const MOST_STREAMS = 64;

const encoder = new TextEncoder();
const encode = (text: string) => encoder.encode(text);
const heartbeat = encode(": still here\n\n");

/**
 * Events for pages and programs of the home, as server-sent events: those with audience `home`, nothing else.
 * `Last-Event-ID` resumes; where the panel can't tell what was missed, a `reset` says to fetch everything again.
 */
export class EventStream {
  readonly #options: EventStreamOptions;
  readonly #history: EventHistory;
  readonly #clients = new Set<StreamClient>();

  constructor(options: EventStreamOptions) {
    this.#options = options;
    this.#history = new EventHistory(options.run);
    const { bus, clock, log, signal } = options;
    const untap = bus.tap((event, value) => {
      if (event.audience !== "home") return;
      try {
        this.#publish(event.name, value as Json);
      } catch (error) {
        log.error("An event can't be told to pages", { event: event.name, error: errorText(error) });
      }
    });
    const stopHeartbeat = repeat(clock, HEARTBEAT_MS, () => {
      for (const client of this.#clients) client.sendIfIdle(heartbeat);
    });
    signal.addEventListener("abort", () => {
      untap();
      stopHeartbeat();
      for (const client of [...this.#clients]) client.close();
    }, { once: true });
  }

  /** Streams open now. */
  get size(): number {
    return this.#clients.size;
  }

  /**
   * A new stream.
   * @throws {LatchkeyError} `streams-busy` (503), `stopping` (503)
   */
  open(lastId: string | null, hangUp?: () => void): ReadableStream<Uint8Array> {
    if (this.#options.signal.aborted) {
      throw new LatchkeyError("stopping", "The panel is stopping", { status: 503 });
    }
    if (this.#clients.size >= MOST_STREAMS) {
      throw new LatchkeyError("streams-busy", `${MOST_STREAMS} event streams are open already`, {
        status: 503,
      });
    }
    const client: StreamClient = new StreamClient(() => this.#clients.delete(client), hangUp);
    this.#clients.add(client);
    client.send(encode(this.#greeting(lastId)));
    return client.body;
  }

  /** All missed at once, so that resuming counts as one message in the client's queue. */
  #greeting(lastId: string | null): string {
    const missed = lastId === null ? undefined : this.#history.since(lastId);
    if (missed) return `retry: 2000\n\n${missed.map((message) => message.text).join("")}`;
    const first = lastId === null ? "ready" : "reset";
    return `retry: 2000\n\n${messageText(first, {}, this.#history.latest)}`;
  }

  #publish(name: string, value: Json): void {
    const bytes = encode(this.#history.add(name, value).text);
    for (const client of [...this.#clients]) {
      client.send(bytes);
      if (!this.#clients.has(client)) {
        this.#options.log.warn("Let go an event stream whose client does not read");
      }
    }
  }
}

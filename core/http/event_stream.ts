import { type Cancel, type Clock, repeat } from "../clock.ts";
import { LatchkeyError } from "../errors.ts";
import type { Json } from "../json.ts";
import { errorText, type Log } from "../log.ts";
import type { Bus } from "../plugin/bus.ts";
import type { Audience } from "../plugin/keys.ts";
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

export interface Subscriber {
  deviceId: string;
  /** What it may hear; nothing: it learns when its access ends or changes, by the end of its stream. */
  audiences: readonly Audience[];
  /** Whether it still has access. */
  still(): boolean;
  /** Cuts the connection, also one whose client has stopped reading. */
  hangUp?: (() => void) | undefined;
}

interface Listener {
  client: StreamClient;
  subscriber: Subscriber;
}

const HEARTBEAT_MS = 15_000;
/** How soon access that ends with time ends on a stream, too; what is revoked ends at once. */
const LOOK_MS = 1_000;
/** Streams at a time. */
export const MOST_STREAMS = 64;
/** Of these, streams of guests: they can't keep the home's out. */
export const MOST_GUEST_STREAMS = 16;

const encoder = new TextEncoder();
const encode = (text: string) => encoder.encode(text);
const heartbeat = encode(": still here\n\n");

/**
 * Events for pages and programs of the home, as server-sent events: to each what it may hear.
 * `Last-Event-ID` resumes; where the panel can't tell what was missed, a `reset` says to fetch everything again.
 */
export class EventStream {
  readonly #options: EventStreamOptions;
  readonly #history: EventHistory;
  readonly #clients = new Set<Listener>();
  #stopLooking: Cancel | undefined;

  constructor(options: EventStreamOptions) {
    this.#options = options;
    this.#history = new EventHistory(options.run);
    const { bus, clock, log, signal } = options;
    const untap = bus.tap((event, value) => {
      if (event.audience === "internal") return;
      try {
        this.#publish(event.name, value as Json, event.audience);
      } catch (error) {
        log.error("An event can't be told to pages", { event: event.name, error: errorText(error) });
      }
    });
    const stopHeartbeat = repeat(clock, HEARTBEAT_MS, () => {
      for (const { client } of this.#current()) client.sendIfIdle(heartbeat);
    });
    signal.addEventListener("abort", () => {
      untap();
      stopHeartbeat();
      for (const { client } of [...this.#clients]) client.close();
    }, { once: true });
  }

  /** Streams open now. */
  get size(): number {
    return this.#clients.size;
  }

  /**
   * A new stream.
   * @throws {LatchkeyError} `streams-busy`, `stopping` (503)
   */
  open(lastId: string | null, subscriber: Subscriber): ReadableStream<Uint8Array> {
    if (this.#options.signal.aborted) {
      throw new LatchkeyError("stopping", "The panel is stopping", { status: 503 });
    }
    this.#makeRoom(subscriber);
    const client = new StreamClient(() => this.#ended(listener), subscriber.hangUp);
    const listener: Listener = { client, subscriber };
    this.#clients.add(listener);
    this.#stopLooking ??= repeat(this.#options.clock, LOOK_MS, () => void this.#current());
    client.send(encode(this.#greeting(lastId, subscriber)));
    return client.body;
  }

  /** Ends the streams of devices that have lost access, or must show again that they have it. */
  end(devices: readonly string[]): void {
    for (const { client, subscriber } of [...this.#clients]) {
      if (devices.includes(subscriber.deviceId)) client.drop();
    }
  }

  /** A phone that loses its connection time and again leaves streams behind that nobody reads: no other pays for them. */
  #makeRoom({ audiences }: Subscriber): void {
    const guests = [...this.#clients].filter(({ subscriber }) => subscriber.audiences.length === 0).length;
    if (audiences.length === 0 && guests >= MOST_GUEST_STREAMS) {
      throw busy(`${MOST_GUEST_STREAMS} event streams of guests`);
    }
    if (this.#clients.size < MOST_STREAMS) return;
    const byDevice = Map.groupBy(this.#clients, ({ subscriber }) => subscriber.deviceId);
    const [oldest, second] = [...byDevice.values()].reduce((most, some) =>
      some.length > most.length ? some : most
    );
    if (!oldest || !second) throw busy(`${MOST_STREAMS} event streams`);
    oldest.client.drop();
  }

  #ended(listener: Listener): void {
    this.#clients.delete(listener);
    if (this.#clients.size > 0) return;
    this.#stopLooking?.();
    this.#stopLooking = undefined;
  }

  /** All missed at once, so that resuming counts as one message in the client's queue. */
  #greeting(lastId: string | null, { audiences }: Subscriber): string {
    const missed = lastId === null ? undefined : this.#history.since(lastId);
    if (missed) {
      return `retry: 2000\n\n${
        missed.filter(({ audience }) => audiences.includes(audience)).map(({ text }) => text).join("")
      }`;
    }
    const first = lastId === null ? "ready" : "reset";
    return `retry: 2000\n\n${messageText(first, {}, this.#history.latest)}`;
  }

  #publish(name: string, value: Json, audience: Audience): void {
    const bytes = encode(this.#history.add(name, value, audience).text);
    for (const listener of this.#current()) {
      if (!listener.subscriber.audiences.includes(audience)) continue;
      listener.client.send(bytes);
      if (!this.#clients.has(listener)) {
        this.#options.log.warn("Let go an event stream whose client does not read");
      }
    }
  }

  /** Those whose access has not ended meanwhile; the others are let go. */
  #current(): Listener[] {
    for (const { client, subscriber } of [...this.#clients]) if (!subscriber.still()) client.drop();
    return [...this.#clients];
  }
}

function busy(most: string): LatchkeyError {
  return new LatchkeyError("streams-busy", `${most} are open already`, { status: 503 });
}

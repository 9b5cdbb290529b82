import { Buffer } from "node:buffer";
import { errorText, LatchkeyError } from "../../core/mod.ts";
import type { Client, ClientOptions, PublishPacket, SubscribeOptions } from "./client.d.ts";
import type { Login } from "./login.ts";
import type { Broker } from "./settings.ts";

/** What came on a topic that was subscribed to. */
export interface Message {
  topic: string;
  payload: Uint8Array;
  /** The broker had kept it, or who sent it wanted it kept. */
  retain: boolean;
}

/** One connection to a broker, from its first word to its end. */
export interface Link {
  /** How many publications may wait for the broker's acknowledgement at once. */
  readonly window: number;
  /** Resolves with why it ended. */
  readonly ended: Promise<string>;
  /**
   * At least once: resolved when the broker has acknowledged it.
   * @throws {LatchkeyError} `mqtt-refused` where the broker will not have it, `mqtt-busy` where it can't now; an error when the link ends
   */
  publish(topic: string, payload: string | Uint8Array, retain: boolean): Promise<void>;
  /** Hears these topics too, and what the broker has kept of them. @throws where the broker does not let it */
  subscribe(filter: string): Promise<void>;
  /** Subscribes to everything anew without acknowledgements, which a broker of several machines that has lost one still can. */
  relax(): Promise<void>;
  /** Ends it, politely where the broker still listens. */
  close(polite: boolean): void;
}

export interface LinkOptions {
  broker: Broker;
  protocol: "v5" | "v3";
  clientId: string;
  login: Login;
  /** What the broker says in the panel's place when it loses it. */
  will: { topic: string; payload: string };
  /** Topics to hear; nothing that was kept is asked for. */
  subscriptions: readonly string[];
  /** Told of each message in turn; the next is not read before this one is done with. */
  heard(message: Message): Promise<void>;
  keepaliveSeconds: number;
  /** Gives the attempt up. */
  signal: AbortSignal;
}

export type OpenLink = (options: LinkOptions) => Promise<Link>;

/** MQTT 5 brokers keep longer packets to themselves; one that sends them is left before they fill the memory. */
const LONGEST_PACKET = 512 * 1024;
/** What may have been read of the next packets while one is being dealt with. */
const READ_AHEAD = 512 * 1024;
/** What a publication has beside its topic and its payload: 5 bytes of header, 2 + 2 + 1 of lengths and properties. */
const PACKET_BYTES = 10;
const MOST_IN_FLIGHT = 16;
/** Full, busy or unwell, by MQTT 5's codes: a later attempt may go well. */
const PASSING = new Set([128, 131, 137, 151]);

/** A connection by the package `mqtt`, which is loaded for it: it takes 23 MB and a third of a second. */
export async function openLink(options: LinkOptions): Promise<Link> {
  const { default: mqtt } = await import("./client.ts");
  const { signal, subscriptions, protocol } = options;
  signal.throwIfAborted();
  const client = mqtt.connect(clientOptions(options));
  const ended = endOf(client);
  const whileOpen = orUntil(ended);
  const giveUp = () => client.end(true);
  signal.addEventListener("abort", giveUp, { once: true });
  client.handleMessage = (packet: PublishPacket, done) => {
    const { topic, payload, retain } = packet;
    options.heard({ topic, payload, retain }).then(() => done(), done);
  };
  // No retained message is sent for it, and one that is being retained shows itself (MQTT 5).
  const own = protocol === "v5" ? { rh: 2, rap: true } : {};
  const filters = new Set<string>();
  const ask = (topics: Iterable<string>, how: SubscribeOptions) =>
    whileOpen(() => client.subscribeAsync([...topics], how));
  const subscribe = (topics: readonly string[], how: Omit<SubscribeOptions, "qos">) =>
    ask(topics, { ...how, qos: 1 }).catch(() => ask(topics, { ...how, qos: 0 }));
  try {
    await connected(client, ended);
    await subscribe(subscriptions, own);
  } catch (error) {
    client.end(true);
    throw error;
  } finally {
    signal.removeEventListener("abort", giveUp);
  }
  return {
    ended,
    window: Math.min(MOST_IN_FLIGHT, client.serverProperties?.receiveMaximum ?? MOST_IN_FLIGHT),
    async publish(topic, payload, retain) {
      const bytes = Buffer.from(payload);
      assertTaken(client, topic, bytes);
      try {
        await whileOpen(() => client.publishAsync(topic, bytes, { qos: 1, retain }));
      } catch (error) {
        throw refusal(topic, error);
      }
    },
    async subscribe(filter) {
      await subscribe([filter], {});
      filters.add(filter);
    },
    async relax() {
      await ask(subscriptions, { ...own, qos: 0 });
      if (filters.size > 0) await ask(filters, { qos: 0 });
    },
    close: (polite) => void client.end(!polite),
  };
}

function clientOptions(
  { broker, protocol, clientId, login, will, keepaliveSeconds }: LinkOptions,
): ClientOptions {
  const { secure, host, port } = broker;
  return {
    ...login,
    protocol: secure ? "mqtts" : "mqtt",
    host,
    port,
    clientId,
    protocolVersion: protocol === "v5" ? 5 : 4,
    // What was sent while the panel was away, nobody keeps for it.
    clean: true,
    ...(protocol === "v5"
      ? {
        properties: {
          sessionExpiryInterval: 0,
          maximumPacketSize: LONGEST_PACKET,
          receiveMaximum: MOST_IN_FLIGHT,
        },
      }
      : {}),
    will: { ...will, qos: 1, retain: true },
    keepalive: keepaliveSeconds,
    timerVariant: "native",
    reconnectPeriod: 0,
    resubscribe: false,
    queueQoSZero: false,
  };
}

/** The first thing that went wrong says more than that it then was closed. */
function endOf(client: Client): Promise<string> {
  let why: string | undefined;
  client.on("error", (error) => why ??= errorText(error));
  client.on(
    "disconnect",
    ({ reasonCode }) => why ??= `the broker ends it (reason ${reasonCode ?? "unknown"})`,
  );
  let unread = 0;
  client.on("packetreceive", () => void (unread = 0));
  client.stream.on("data", (chunk) => {
    unread += chunk.length;
    if (unread <= LONGEST_PACKET + READ_AHEAD) return;
    why ??= `the broker sends a message of more than ${LONGEST_PACKET / 1024} KiB`;
    client.end(true);
  });
  return new Promise((done) => client.once("close", () => done(why ?? "the connection was closed")));
}

/** What the client would wait for in another connection fails with this one's end. */
function orUntil(ended: Promise<string>): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting = new Set<(why: Error) => void>();
  let why: Error | undefined;
  void ended.then((text) => {
    why = new Error(text);
    for (const fail of waiting) fail(why);
  });
  return <T>(work: () => Promise<T>) =>
    new Promise<T>((done, fail) => {
      if (why) return fail(why);
      waiting.add(fail);
      work().then(done, fail).finally(() => waiting.delete(fail));
    });
}

async function connected(client: Client, ended: Promise<string>): Promise<void> {
  await Promise.race([
    new Promise<void>((done) => client.once("connect", () => done())),
    ended.then((why) => Promise.reject(new Error(why))),
  ]);
}

/** A broker ends the connection over what is too long for it. */
function assertTaken({ serverProperties }: Client, topic: string, payload: Uint8Array): void {
  const most = serverProperties?.maximumPacketSize ?? Infinity;
  const size = PACKET_BYTES + Buffer.byteLength(topic) + payload.length;
  if (size <= most) return;
  throw new LatchkeyError(
    "mqtt-refused",
    `The broker does not take "${topic}": ${size} bytes, and it takes ${most} at most`,
  );
}

function refusal(topic: string, error: unknown): unknown {
  const code = (error as { code?: unknown }).code;
  if (typeof code !== "number") return error;
  return new LatchkeyError(
    PASSING.has(code) ? "mqtt-busy" : "mqtt-refused",
    `The broker does not take "${topic}": ${errorText(error)} (${code})`,
  );
}

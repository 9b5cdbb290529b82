/**
 * What is used of the package `mqtt`. Its own types bring Node's along, which then hold for the whole program in place of
 * those that come with Deno, and differ from them.
 */
export interface ClientOptions {
  protocol: "mqtt" | "mqtts";
  host: string;
  port: number;
  clientId: string;
  username?: string;
  password?: string;
  ca?: string;
  cert?: string;
  key?: string;
  /** 4 is MQTT 3.1.1. */
  protocolVersion: 4 | 5;
  clean: boolean;
  properties?: {
    /** s */
    sessionExpiryInterval: number;
    /** bytes */
    maximumPacketSize: number;
    receiveMaximum: number;
  };
  will: { topic: string; payload: string; qos: 1; retain: boolean };
  /** s */
  keepalive: number;
  timerVariant: "native";
  /** ms; 0 is never. */
  reconnectPeriod: number;
  resubscribe: boolean;
  queueQoSZero: boolean;
}

export interface PublishPacket {
  topic: string;
  payload: Uint8Array;
  retain: boolean;
}

export interface SubscribeOptions {
  qos: 0 | 1;
  /** MQTT 5: 2 asks for nothing that was retained. */
  rh?: number;
  /** MQTT 5: the retain flag as it was sent. */
  rap?: boolean;
}

export interface Client {
  /** Of the server, once connected by MQTT 5. */
  readonly serverProperties?: { receiveMaximum?: number; maximumPacketSize?: number };
  /** Replaced, it holds up the reading until `done` is called. */
  handleMessage(packet: PublishPacket, done: (error?: Error) => void): void;
  once(event: "connect" | "close", listener: () => void): void;
  /** What the connection's bytes come from. */
  readonly stream: { on(event: "data", listener: (chunk: Uint8Array) => void): void };
  on(event: "packetreceive", listener: () => void): void;
  on(event: "error", listener: (error: Error) => void): void;
  on(event: "disconnect", listener: (packet: { reasonCode?: number }) => void): void;
  publishAsync(
    topic: string,
    payload: string | Uint8Array,
    options: { qos: 1; retain: boolean },
  ): Promise<unknown>;
  subscribeAsync(topics: string[], options: SubscribeOptions): Promise<unknown>;
  end(force: boolean): void;
}

declare const mqtt: { connect(options: ClientOptions): Client };
export default mqtt;

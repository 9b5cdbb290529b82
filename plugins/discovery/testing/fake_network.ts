import { Buffer } from "node:buffer";
import { type Answer, decode, encode, type Packet, type Question } from "dns-packet";
import type { Interface, Network, Place, Port, Source } from "../network.ts";

/** A packet that the panel sent. */
export interface Sent {
  interface: string;
  family: 4 | 6;
  /** To the group where there is none. */
  to: Source | undefined;
  type: string;
  id: number;
  questions: string[];
  answers: Answer[];
  authorities: Answer[];
  additionals: Answer[];
  bytes: number;
}

interface FakePort extends Place {
  hear(packet: Uint8Array, from: Source): void;
  open: boolean;
}

export const ETH: Interface = {
  name: "eth0",
  addresses: [{ address: "192.168.7.20", family: 4, prefix: 24, scope: 0 }],
};

/** A network on which only the panel and the test speak. */
export class FakeNetwork implements Network {
  list: Interface[];
  /** Makes the next looks and joins fail. */
  broken: Error | undefined;
  readonly sent: Sent[] = [];
  readonly ports: FakePort[] = [];

  constructor(list: Interface[] = [ETH]) {
    this.list = list;
  }

  interfaces(): Interface[] {
    if (this.broken) throw this.broken;
    return this.list;
  }

  join(place: Place, hear: FakePort["hear"]): Promise<Port> {
    if (this.broken) return Promise.reject(this.broken);
    const port: FakePort = { ...place, hear, open: true };
    this.ports.push(port);
    return Promise.resolve({
      send: (packet, to) => {
        if (!port.open) return Promise.reject(new Error("It was closed"));
        this.sent.push(read(place, Buffer.from(packet), to));
        return Promise.resolve();
      },
      close: () => {
        port.open = false;
        return Promise.resolve();
      },
    });
  }

  get open(): string[] {
    return this.ports.filter(({ open }) => open).map((port) => `${port.interface} ${port.family}`);
  }

  /** Takes what was sent since the last time. */
  take(): Sent[] {
    return this.sent.splice(0);
  }

  /** Has the panel hear a packet. */
  hear(packet: Uint8Array, from: Partial<Source> = {}, place: Partial<Place> = {}): void {
    const { interface: name = "eth0", family = 4 } = place;
    for (
      const port of this.ports.filter((one) => one.open && one.interface === name && one.family === family)
    ) {
      port.hear(packet, { address: "192.168.7.9", port: 5353, ...from });
    }
  }
}

export interface Query {
  ask: (string | { name: string; type: string; unicast?: boolean })[];
  known?: Answer[];
  /** A name that whoever asks wants for itself, with its records. */
  authorities?: Answer[];
  id?: number;
  truncated?: boolean;
}

/** `PTR _latchkey._tcp.local` in `ask`, or in full. */
export function query({ ask, known = [], authorities = [], id = 0, truncated = false }: Query): Buffer {
  const asked = ask.map((one) => {
    if (typeof one !== "string") return one;
    const [type = "", ...name] = one.split(" ");
    return { type, name: name.join(" ") };
  });
  const questions = asked.map(({ name, type }) => ({ name, type }) as Question);
  const flags = truncated ? 1 << 9 : 0;
  const packet = encode({ type: "query", id, flags, questions, answers: known, authorities });
  let end = 12;
  for (const one of asked) {
    end += Buffer.byteLength(one.name) + 2 + 4;
    if ("unicast" in one && one.unicast) packet[end - 2]! |= 0x80;
  }
  return packet;
}

export function response(answers: Answer[], additionals: Answer[] = []): Buffer {
  return encode({ type: "response", flags: 1 << 10, answers, additionals });
}

export function srv(name: string, target: string, port = 443): Answer {
  return {
    name,
    type: "SRV",
    ttl: 120,
    class: "IN",
    flush: true,
    data: { priority: 0, weight: 0, port, target },
  };
}

export function a(name: string, data: string, ttl = 120): Answer {
  return { name, type: "A", ttl, class: "IN", flush: true, data };
}

/** `SRV Front door._latchkey._tcp.local 120`, as short as a test can compare. */
export function short(answer: Answer): string {
  return `${answer.type} ${answer.name} ${"ttl" in answer ? answer.ttl : ""}`;
}

function read(place: Place, packet: Buffer, to: Source | undefined): Sent {
  const { type = "query", id = 0, questions = [], answers = [], authorities = [], additionals = [] }: Packet =
    decode(
      packet,
    );
  return {
    interface: place.interface,
    family: place.family,
    to,
    type,
    id,
    questions: questions.map(({ name, type }) => `${type} ${name}`),
    answers,
    authorities,
    additionals,
    bytes: packet.length,
  };
}

import { Buffer } from "node:buffer";
import type { Cancel, Clock } from "../../core/mod.ts";
import { replyTo } from "./answer.ts";
import { givesWay, takenBy } from "./conflict.ts";
import { Budget } from "./limits.ts";
import { MDNS_PORT, type Source } from "./network.ts";
import { type Message, readPacket, writeProbes } from "./packet.ts";
import type { OwnRecord } from "./records.ts";
import { Speaker, type SpeakerOptions } from "./speaker.ts";

export interface LinkOptions extends SpeakerOptions {
  /** Whether the panel says so on any of its links. */
  isOwn(id: string): boolean;
  /** Whether a packet from that address can't have come from further away. */
  isNear(address: string): boolean;
  /** The names are the panel's there, or are not sure to be any more. */
  settled(isSettled: boolean): void;
  /** Somebody else has these names, lower case. It is silent until told to begin anew. */
  taken(names: readonly string[]): void;
}

const PROBES = 3;
const PROBE_EVERY_MS = 250;
/** RFC 6762, 8.2: until then, who goes first has said so. */
const GIVE_WAY_MS = 1_000;
const ANNOUNCE_AGAIN_MS = 1_000;
/** Packets that anybody may have the panel read. One costs half a millisecond at most. */
const READING = { perSecond: 100, most: 200 };

/** The panel on one interface, in one family: asks whether its names are free, says that they are its own, answers. */
export class Link {
  readonly #options: LinkOptions;
  readonly #clock: Clock;
  readonly #speaker: Speaker;
  readonly #reading: Budget;
  readonly #timers = new Set<Cancel>();
  #stage: "silent" | "probing" | "settled" = "silent";
  #records: readonly OwnRecord[] = [];
  /** What others may still hold for true. */
  #said: readonly OwnRecord[] = [];
  /** One of these is in every packet that is about the panel. */
  #labels: readonly string[] = [];

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#clock = options.clock;
    this.#speaker = new Speaker(options);
    this.#reading = new Budget(options.clock, READING);
  }

  /** Asks whether the names of these are free, and announces them then. @param pauseMs how long to wait before it does */
  begin(records: readonly OwnRecord[], pauseMs = 0): void {
    this.fallSilent();
    this.#records = records;
    this.#labels = [...new Set(records.map(({ name }) => labelIn(name)))];
    this.#stage = "probing";
    const pause = pauseMs + this.#options.random() * PROBE_EVERY_MS;
    this.#after(pause, () => this.#probe(PROBES));
  }

  /** The same names have other records now. */
  change(records: readonly OwnRecord[]): void {
    this.#records = records;
    if (this.#stage !== "settled") return;
    const gone = this.#said.filter((one) => !records.some(({ id }) => id === one.id));
    const isNew = ({ id }: OwnRecord) => !this.#said.some((one) => one.id === id);
    // Those of a name and type that are nobody else's replace each other as a whole.
    const replaced = records.filter((one) => [...gone, ...records.filter(isNew)].some(sameSet(one)));
    this.#said = records;
    this.#speaker.forget(gone);
    void this.#speaker.takeBack(gone.filter((one) => !replaced.some(sameSet(one))));
    this.#announce(replaced);
  }

  /** Takes back what it has said and falls silent. Resolved when that was sent. */
  async withdraw(): Promise<void> {
    const said = this.#said;
    this.#said = [];
    this.fallSilent();
    await this.#speaker.takeBack(said);
  }

  fallSilent(): void {
    const wasSettled = this.#stage === "settled";
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
    this.#speaker.hush();
    this.#stage = "silent";
    if (wasSettled) this.#options.settled(false);
  }

  /** A packet from anybody. */
  hear(packet: Uint8Array, from: Source): void {
    if (this.#stage === "silent" || !this.#options.isNear(from.address)) return;
    if (!this.#isAboutUs(packet) || !this.#reading.take()) return;
    const message = readPacket(packet);
    if (message?.isQuery) this.#heardQuery(message, from);
    // RFC 6762, 11: from any other port it comes from no responder.
    else if (message && from.port === MDNS_PORT) this.#heardResponse(message);
  }

  #heardQuery(message: Message, from: Source): void {
    const records = this.#records;
    if (this.#stage === "settled") this.#speaker.answer(message, from, replyTo(message, records));
    else if (givesWay(message, records)) this.begin(records, GIVE_WAY_MS);
  }

  #heardResponse(message: Message): void {
    const probing = this.#stage === "probing";
    const taken = takenBy(message, this.#records, { isOwn: this.#options.isOwn, probing });
    if (taken.length === 0) {
      if (!probing) this.#speaker.uphold(message, this.#records);
    } else if (probing) {
      this.fallSilent();
      this.#options.taken(taken);
    } else {
      // RFC 6762, 9: whose the name is, is found out anew.
      this.begin(this.#records);
    }
  }

  #probe(left: number): void {
    if (left === 0) {
      this.#settle();
      return;
    }
    for (const packet of writeProbes(this.#records)) void this.#speaker.send(packet);
    this.#after(PROBE_EVERY_MS, () => this.#probe(left - 1));
  }

  #settle(): void {
    this.#stage = "settled";
    this.#said = this.#records;
    this.#announce(this.#records);
    this.#options.settled(true);
  }

  /** RFC 6762, 8.3: twice, since one may be lost. */
  #announce(records: readonly OwnRecord[]): void {
    this.#speaker.tell(records);
    this.#after(
      ANNOUNCE_AGAIN_MS,
      () => this.#speaker.tell(records.filter((one) => this.#said.includes(one))),
    );
  }

  /** Most of what a household's devices tell each other is not about the panel. */
  #isAboutUs(packet: Uint8Array): boolean {
    const text = Buffer.from(packet).toString("latin1").toLowerCase();
    return this.#labels.some((label) => text.includes(label));
  }

  #after(ms: number, action: () => void): void {
    const cancel = this.#clock.after(ms, () => {
      this.#timers.delete(cancel);
      action();
    });
    this.#timers.add(cancel);
  }
}

/** Of `Front door._latchkey._tcp.local` the kind of service, of `front-door.local` the host: ASCII both. */
function labelIn(name: string): string {
  const labels = name.toLowerCase().split(".");
  return labels.find((label) => label.startsWith("_")) ?? labels[0]!;
}

function sameSet(one: OwnRecord): (other: OwnRecord) => boolean {
  return ({ name, type, unique }) => unique && one.name === name && one.type === type;
}

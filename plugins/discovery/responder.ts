import { type Cancel, type Clock, errorText, type Log, repeat } from "../../core/mod.ts";
import { Link } from "./link.ts";
import { type Names, numbered, type Numbers } from "./names.ts";
import { type Network, onLink, type Port, type Source } from "./network.ts";
import { type Found, placesOf } from "./places.ts";
import { type Advert, hostName, type OwnRecord, recordsOf } from "./records.ts";

export interface ResponderOptions {
  network: Network;
  clock: Clock;
  log: Log;
  /** From 0 to 1. */
  random(): number;
  /** What the panel listens on. */
  host: string;
  wanted: Names;
  /** Those of the last time, where others had the names. */
  numbers: Numbers;
  /** Everything but the names. */
  advert: Omit<Advert, "names">;
  unicast: boolean;
  /** Its state is another one. */
  changed(): void;
}

/** How soon an interface that came, went or has another address is noticed. */
const LOOK_EVERY_MS = 5_000;
/** RFC 6762, 8.1: so many conflicts within ten seconds, and each further try waits for five. */
const CONFLICTS = { most: 15, withinMs: 10_000, pauseMs: 5_000 };

interface Joined {
  found: Found;
  port: Port;
  link: Link;
  records: readonly OwnRecord[];
  isNear: (address: string) => boolean;
}

/** The panel on all of its links: follows the machine's interfaces, and gives itself another name where one is taken. */
export class Responder {
  readonly #options: ResponderOptions;
  readonly #joined = new Map<string, Joined>();
  readonly #settled = new Set<string>();
  readonly #faults = new Map<string, string>();
  readonly #ids = new Set<string>();
  #advert: Advert;
  #numbers: Numbers;
  #conflicts: number[] = [];
  #turn: Promise<void> = Promise.resolve();
  #cancel: Cancel = () => {};
  #stopped = false;
  #upset = false;

  constructor(options: ResponderOptions) {
    const { wanted, numbers, advert } = options;
    this.#options = options;
    this.#numbers = numbers;
    this.#advert = { ...advert, names: numbered(wanted, numbers) };
  }

  get names(): Names {
    return this.#advert.names;
  }

  get numbers(): Numbers {
    return this.#numbers;
  }

  /** The interfaces on which the names are the panel's. */
  get interfaces(): string[] {
    const settled = [...this.#joined].filter(([key]) => this.#settled.has(key));
    return [...new Set(settled.map(([, { found }]) => found.place.interface))];
  }

  /** Why it is not found somewhere, a sentence each. */
  get faults(): string[] {
    return [...new Set(this.#faults.values())];
  }

  /** Resolved when each interface was tried. */
  async start(): Promise<void> {
    this.#cancel = repeat(this.#options.clock, LOOK_EVERY_MS, () => void this.#look());
    await this.#look();
  }

  /** Says something else of the panel from now on. */
  advertise(advert: Omit<Advert, "names">): void {
    this.#advert = { ...advert, names: this.names };
    this.#refresh();
  }

  /** Takes back what was said. Resolved when that was sent and nothing is left. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancel();
    await this.#turn;
    await Promise.all([...this.#joined].map(([key, { link, port }]) => {
      this.#joined.delete(key);
      return link.withdraw().then(() => port.close());
    }));
  }

  /** One look at a time. */
  #look(): Promise<void> {
    const turn = this.#turn.then(() => this.#follow());
    this.#turn = turn.catch((error) => this.#fault("", "The machine's interfaces can't be listed", error));
    return this.#turn;
  }

  async #follow(): Promise<void> {
    if (this.#stopped) return;
    const { network, host } = this.#options;
    const found = placesOf(network.interfaces(), host);
    this.#faults.delete("");
    const keys = new Set(found.map(({ key }) => key));
    for (const key of this.#faults.keys()) if (!keys.has(key)) this.#faults.delete(key);
    for (const [key, joined] of this.#joined) if (!keys.has(key)) await this.#leave(key, joined);
    for (const one of found) {
      const known = this.#joined.get(one.key);
      if (known) known.found = one;
      else if (!this.#stopped) await this.#join(one);
    }
    this.#refresh();
    this.#collect();
  }

  async #join(found: Found): Promise<void> {
    const { key, place } = found;
    try {
      const port = await this.#options.network.join(place, (packet, from) => this.#hear(key, packet, from));
      const joined = { found, port, records: this.#recordsOf(found), isNear: onLink(found.addresses) };
      this.#joined.set(key, { ...joined, link: this.#linkOn(key, port) });
      this.#faults.delete(key);
      this.#collect();
      this.#joined.get(key)?.link.begin(joined.records);
    } catch (error) {
      this.#fault(key, `Can't be found through ${place.interface} by IPv${place.family}`, error);
    }
  }

  /** Its address or the interface is gone, so there is nobody to take leave of. */
  async #leave(key: string, { link, port }: Joined): Promise<void> {
    this.#joined.delete(key);
    link.fallSilent();
    await port.close();
  }

  #linkOn(key: string, port: Port): Link {
    const { clock, random, unicast, log, changed } = this.#options;
    return new Link({
      clock,
      random,
      port,
      unicast,
      failed: (error) => log.debug("A packet could not be sent", { place: key, error: errorText(error) }),
      isOwn: (id) => this.#ids.has(id),
      isNear: (address) => this.#joined.get(key)?.isNear(address) ?? false,
      settled: (isSettled) => {
        if (isSettled) this.#settled.add(key);
        else this.#settled.delete(key);
        changed();
      },
      taken: (names) => this.#rename(names, this.#joined.get(key)?.found.place.interface),
    });
  }

  /** Whatever a packet does, it ends here. */
  #hear(key: string, packet: Uint8Array, from: Source): void {
    try {
      this.#joined.get(key)?.link.hear(packet, from);
    } catch (error) {
      // Once: who sent one can send many.
      if (this.#upset) return;
      this.#upset = true;
      this.#options.log.warn("A packet could not be handled", { place: key, error: errorText(error) });
    }
  }

  /** Puts changed records in force. */
  #refresh(): void {
    for (const joined of this.#joined.values()) {
      const records = this.#recordsOf(joined.found);
      joined.isNear = onLink(joined.found.addresses);
      if (!differ(records, joined.records)) continue;
      joined.records = records;
      this.#collect();
      joined.link.change(records);
    }
  }

  /** @param where the interface where whoever has the names is heard, and says itself what is to be forgotten */
  #rename(taken: readonly string[], where: string | undefined): void {
    const { clock, log, wanted, changed } = this.#options;
    const host = taken.includes(hostName(this.names).toLowerCase());
    const instance = taken.some((name) => name !== hostName(this.names).toLowerCase());
    for (const { link, found } of this.#joined.values()) {
      if (found.place.interface === where) link.fallSilent();
      else void link.withdraw();
    }
    this.#numbers = {
      instance: this.#numbers.instance + Number(instance),
      host: this.#numbers.host + Number(host),
    };
    this.#advert = { ...this.#advert, names: numbered(wanted, this.#numbers) };
    log.info("Another device has the panel's name on the network", { taken: [...taken], ...this.names });
    for (const joined of this.#joined.values()) joined.records = this.#recordsOf(joined.found);
    this.#collect();
    const now = clock.monotonic();
    this.#conflicts = [...this.#conflicts.filter((at) => now - at < CONFLICTS.withinMs), now];
    const pauseMs = this.#conflicts.length > CONFLICTS.most ? CONFLICTS.pauseMs : 0;
    for (const { link, records } of this.#joined.values()) link.begin(records, pauseMs);
    changed();
  }

  #recordsOf({ reached }: Found): OwnRecord[] {
    return recordsOf(this.#advert, reached);
  }

  #collect(): void {
    this.#ids.clear();
    for (const { records } of this.#joined.values()) for (const { id } of records) this.#ids.add(id);
  }

  /** Tried again at the next look, told once. */
  #fault(key: string, what: string, error: unknown): void {
    const text = (error as Error)?.name === "NotCapable"
      ? `${what}: the panel was started without leave to; start it again`
      : `${what}: ${errorText(error)}`;
    if (this.#faults.get(key) === text) return;
    this.#faults.set(key, text);
    this.#options.log.warn(text);
    this.#options.changed();
  }
}

function differ(a: readonly OwnRecord[], b: readonly OwnRecord[]): boolean {
  return a.length !== b.length || a.some(({ id }, i) => id !== b[i]?.id);
}

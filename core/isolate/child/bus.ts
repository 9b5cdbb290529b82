import { LatchkeyError } from "../../errors.ts";
import { parseOr } from "../../faults.ts";
import type { Log } from "../../log.ts";
import { partChanged, partOccurred } from "../../parts.ts";
import { Bus, type BusReport, type Listener } from "../../plugin/bus.ts";
import type { EventKey } from "../../plugin/keys.ts";
import { isOwnName } from "../names.ts";
import type { Grant } from "../protocol.ts";
import type { Connection } from "./connection.ts";

export interface RemoteBusParts {
  id: string;
  grant: Grant;
  connection: Connection;
  log: Log;
  report: BusReport;
}

/** The panel's events in a plugin's process. Schemas run here, at the border. */
export class RemoteBus {
  readonly #parts: RemoteBusParts;
  readonly #local: Bus;
  readonly #keys = new Map<string, EventKey<unknown>>();

  constructor(parts: RemoteBusParts) {
    this.#parts = parts;
    this.#local = new Bus(parts.report);
  }

  /** @throws {LatchkeyError} `event-not-own`, `event-invalid` */
  emit<T>(event: EventKey<T>, value: T): void {
    const { id, connection, log } = this.#parts;
    const { name, audience, schema } = event;
    if (name !== partChanged.name && name !== partOccurred.name && (!isOwnName(id, name) || name === id)) {
      throw new LatchkeyError(
        "event-not-own",
        `Plugin "${id}" can emit only its own events, "${id}.…", not "${name}"`,
      );
    }
    const dropped = connection.mention({
      t: "emit",
      name,
      audience,
      value: parseOr(schema, value, "event-invalid"),
    });
    if (dropped) log.warn("Events came too fast and were dropped", { dropped });
  }

  /** @throws {LatchkeyError} `event-not-granted` */
  on<T>(event: EventKey<T>, owner: string, listener: Listener<T>): () => void {
    const { id, grant, connection } = this.#parts;
    const { name } = event;
    if (!isOwnName(id, name) && !grant.events.includes(name)) {
      throw new LatchkeyError("event-not-granted", `Plugin "${id}" was not granted to hear "${name}"`);
    }
    const off = this.#local.on(event, owner, listener);
    if (!this.#keys.has(name)) connection.say({ t: "listen", name });
    this.#keys.set(name, event as EventKey<unknown>);
    return off;
  }

  /** Hands on what the panel has told. */
  heard(name: string, value: unknown, missed: number): void {
    if (missed > 0) this.#parts.log.warn("Events were missed: this plugin reads too slowly", { missed });
    const key = this.#keys.get(name);
    if (key) this.#local.emit(key, value);
  }
}

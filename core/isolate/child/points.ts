import { z } from "zod";
import type { Denial } from "../../access/keys.ts";
import { denialsPoint } from "../../access/keys.ts";
import type { Actor, ReleaseRequest } from "../../access/model.ts";
import { LatchkeyError } from "../../errors.ts";
import { parseOr } from "../../faults.ts";
import { hostNamesPoint } from "../../panel.ts";
import { type Part, type PartCommand, partsPoint } from "../../parts.ts";
import type { PointKey } from "../../plugin/keys.ts";
import type { PointWatcher } from "../../plugin/plugin.ts";
import type { FromPanel, Grant, PartSeen } from "../protocol.ts";
import type { Connection } from "./connection.ts";

interface Seen {
  part: Part;
  owner: string;
}

/** The panel's extension points in a plugin's process: those whose contributions can cross the border. */
export class RemotePoints {
  readonly #id: string;
  readonly #grant: Grant;
  readonly #connection: Connection;
  readonly #watchers = new Set<PointWatcher<Part>>();
  readonly #seen = new Map<number, Seen>();
  #watching = false;

  constructor(id: string, grant: Grant, connection: Connection) {
    this.#id = id;
    this.#grant = grant;
    this.#connection = connection;
  }

  /** @throws {LatchkeyError} `point-inside`, `point-not-granted` */
  contribute<T>(point: PointKey<T>, _owner: string, value: T): () => void {
    switch (point.name) {
      case partsPoint.name:
        return this.#offerPart(value as Part);
      case denialsPoint.name:
        return this.#offerDenial(value as Denial);
      case hostNamesPoint.name:
        if (!this.#grant.hostNames) throw this.#notGranted("to give the panel names");
        return this.#connection.offer({ kind: "host-name", name: value as string });
      default:
        throw new LatchkeyError("point-inside", `Only built-in plugins contribute to "${point.name}"`);
    }
  }

  /** @throws {LatchkeyError} `point-inside`, `point-not-granted` */
  watch<T>(point: PointKey<T>, watcher: PointWatcher<T>): () => void {
    if (point.name !== partsPoint.name) {
      throw new LatchkeyError("point-inside", `Only built-in plugins watch "${point.name}"`);
    }
    if (this.#grant.parts === "none") throw this.#notGranted("to see the home's parts");
    if (!this.#watching) this.#connection.say({ t: "watch", point: "parts" });
    this.#watching = true;
    const added = watcher as unknown as PointWatcher<Part>;
    this.#watchers.add(added);
    for (const { part, owner } of this.#seen.values()) added.added(part, owner);
    return () => void this.#watchers.delete(added);
  }

  partAdded({ handle, owner, part }: Extract<FromPanel, { t: "part-added" }>): void {
    const seen = { owner, part: this.#partOf(handle, part) };
    this.#seen.set(handle, seen);
    for (const watcher of this.#watchers) watcher.added(seen.part, owner);
  }

  partRemoved(handle: number): void {
    const seen = this.#seen.get(handle);
    this.#seen.delete(handle);
    if (!seen) return;
    for (const watcher of this.#watchers) watcher.removed?.(seen.part, seen.owner);
  }

  #partOf(handle: number, { id, kind, name, values, events, commands }: PartSeen): Part {
    const ask = (command: string | null, args: unknown[]) =>
      this.#connection.ask({ kind: "part", handle, command }, args);
    const run = (command: string, schema: unknown): [string, PartCommand] => [command, {
      // The panel checks it once more, by the schema itself.
      args: z.unknown().meta(schema as Record<string, unknown>),
      run: async (args) => void await ask(command, [args]),
    }];
    return {
      id,
      kind,
      name,
      ...(values ? { values } : {}),
      ...(events ? { events } : {}),
      state: () => ask(null, []) as ReturnType<Part["state"]>,
      commands: Object.fromEntries(Object.entries(commands).map(([command, schema]) => run(command, schema))),
    };
  }

  #offerPart({ id, kind, name, state, values, events, commands = {} }: Part): () => void {
    const schemas = Object.entries(commands).map(([command, { args }]) => [
      command,
      z.toJSONSchema(args, { io: "input", unrepresentable: "any" }) as Record<string, unknown>,
    ]);
    const meanings = { ...(values ? { values } : {}), ...(events ? { events } : {}) };
    const offer = {
      kind: "part",
      id,
      part: kind,
      name,
      ...meanings,
      commands: Object.fromEntries(schemas),
    } as const;
    return this.#connection.offer(offer, async (method, [args, actor]) => {
      if (method === "state") return await state();
      const command = commands[method.replace("command:", "")];
      if (!command) {
        throw new LatchkeyError("command-unknown", `The part "${id}" has no ${method}`, { status: 404 });
      }
      await command.run(parseOr(command.args, args, "input-invalid"), actor as Actor);
    });
  }

  #offerDenial(denial: Denial): () => void {
    if (!this.#grant.denials) throw this.#notGranted("to object to releases");
    return this.#connection.offer(
      { kind: "denial", id: denial.id },
      (_, [request]) => denial.objection(request as ReleaseRequest),
    );
  }

  #notGranted(what: string): LatchkeyError {
    return new LatchkeyError("point-not-granted", `Plugin "${this.#id}" was not granted ${what}`);
  }
}

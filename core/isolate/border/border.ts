import type { Actor } from "../../access/model.ts";
import { LatchkeyError } from "../../errors.ts";
import type { Bus } from "../../plugin/bus.ts";
import type { Context } from "../../plugin/plugin.ts";
import type { Provided } from "../../plugin/registry.ts";
import type { GrantedPlugin } from "../manifest.ts";
import type { FromPanel } from "../protocol.ts";

/** What of the host a plugin's border needs beside the plugin's own context. */
export interface Neighbours {
  bus: Pick<Bus, "tap">;
  provided(name: string): Provided | undefined;
  /** Characters of each value that a plugin keeps, by key. */
  stateSizes(id: string): Map<string, number>;
}

/** Where one plugin meets the panel: what it may is decided here, whatever its process says. */
export interface Border {
  readonly plugin: GrantedPlugin;
  readonly id: string;
  /** Who it is in the access log. */
  readonly actor: Actor;
  readonly ctx: Context;
  readonly neighbours: Neighbours;
  send(message: FromPanel): void;
  tell(event: string, value: unknown, droppable: boolean): void;
  /** Ends its process. */
  abandon(reason: string): void;
  /** Calls what the plugin has offered. */
  ask(handle: number, method: string, args: unknown[], ms: number): Promise<unknown>;
}

/** The time that a call into a plugin may take, ms. */
export const ASK_MS = 10_000;

/** It goes beyond what was granted. */
export function beyond(border: Pick<Border, "id">, what: string): LatchkeyError {
  return new LatchkeyError("plugin-not-granted", `Plugin "${border.id}" ${what}`, { status: 403 });
}

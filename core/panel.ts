import { z } from "zod";
import { definePoint, defineService } from "./plugin/keys.ts";
import type { Context } from "./plugin/plugin.ts";

/** What a plugin may know, and tell, of the panel that it runs in. */
export interface PanelDescription {
  /** Stays the same for the panel's life. */
  id: string;
  name: string;
  version: string;
  /** Whether it has an owner. */
  claimed: boolean;
  /** What it listens on: an IP address of the machine, one for all of them, or `localhost`. */
  host: string;
  port: number;
  /** Whether it speaks TLS. */
  secure: boolean;
}

/** Tells what a plugin may know of the panel. */
export interface PanelService {
  describe(): Promise<PanelDescription>;
}

/** What a plugin may know of the panel. */
export const panelService = defineService<PanelService>("panel", {
  outside: { describe: { args: z.tuple([]) } },
});

/**
 * A further host name under which others reach the panel, such as `front-door.local`, in lower case: the panel answers
 * to it, and its certificate covers it.
 */
export const hostNamesPoint = definePoint<string>("host-names");

export interface PanelParts {
  describe(): PanelDescription;
  /** Holds the names of the point; whoever looks at it sees them come and go. */
  hostNames: Set<string>;
}

/** Provides the panel's description, and gathers the names that plugins give it. */
export function setupPanel(core: Context, { describe, hostNames }: PanelParts): void {
  core.provide(panelService, { describe: () => Promise.resolve(describe()) });
  const given = new Map<string, number>();
  const count = (name: string, change: number) => {
    const now = (given.get(name) ?? 0) + change;
    given.set(name, now);
    if (now > 0) hostNames.add(name);
    else hostNames.delete(name);
  };
  core.watch(hostNamesPoint, { added: (name) => count(name, 1), removed: (name) => count(name, -1) });
}

import { z } from "zod";
import { zoneSchema } from "./access/model.ts";
import { defineService } from "./plugin/keys.ts";
import type { Context } from "./plugin/plugin.ts";

/** What a plugin with a schedule must know beside `ctx.clock`. */
export interface TimeService {
  /** The IANA zone of every schedule that names none. */
  zone(): Promise<string>;
  /** Whether the wall clock can be believed now. What opens something by time must ask each time. */
  trusted(): Promise<boolean>;
}

/** The house's time zone, and whether the clock can be believed. */
export const timeService = defineService<TimeService>("time", {
  outside: { zone: { args: z.tuple([]) }, trusted: { args: z.tuple([]) } },
});

export interface TimeParts {
  /** As configured; the machine's where absent. */
  zone: string | undefined;
  trust: { trusted(): boolean };
}

/** Provides the time service. */
export function setupTime(core: Context, { zone, trust }: TimeParts): void {
  let own = zone;
  core.provide(timeService, {
    zone: () => Promise.resolve(own ??= machinesZone()),
    trusted: () => Promise.resolve(trust.trusted()),
  });
}

function machinesZone(): string {
  return zoneSchema.safeParse(new Intl.DateTimeFormat().resolvedOptions().timeZone).data ?? "UTC";
}

import { z } from "zod";
import { defineEvent, definePoint } from "./plugin/keys.ts";
import type { Actor } from "./access/model.ts";
import type { Json } from "./json.ts";

/** The closed vocabulary of what a home can see and drive. */
export const partKindSchema = z.enum(["lock", "gate", "button", "light", "camera", "sensor", "event"]);
export type PartKind = z.output<typeof partKindSchema>;

/** What a plugin shows of itself to pages, MQTT and whatever else watches. */
export interface Part {
  /** Unique in a panel: `lock`, `nameplate`, `door-contact`. */
  id: string;
  kind: PartKind;
  name: string;
  /** Its state now, JSON, no secrets. */
  state(): Promise<{ [key: string]: Json }>;
  /** What it can be told to do, with the schema of the arguments. Opening something is not a command: see `access`. */
  commands?: Record<string, PartCommand>;
}

export interface PartCommand {
  args: z.ZodType;
  run(args: unknown, actor: Actor): Promise<void>;
}

export const partsPoint = definePoint<Part>("parts");

/** A part's state changed. */
export const partChanged = defineEvent(
  "part.changed",
  z.strictObject({ id: z.string().max(64), state: z.record(z.string(), z.json()) }),
  { audience: "household" },
);

/** An alarm a household should see: door forced, door held open, tamper, hardware lost. It is in the access log too. */
export const alarmRaised = defineEvent(
  "alarm.raised",
  z.strictObject({ alarm: z.string().max(40), active: z.boolean(), message: z.string().max(200) }),
  { audience: "household" },
);

import { z } from "zod";
import { formHints, weekdaySchema, weekScheduleSchema } from "../../core/mod.ts";

/** What decides whether the light is on. */
export const modeSchema = z.enum(["on", "off", "schedule"]);

/** Brightness while on: from barely lit to full. */
export const levelSchema = z.number().min(0.01).max(1);

export const settingsSchema = z.strictObject({
  name: z.string().trim().min(1).max(60).default("Nameplate").describe("What the household calls the light"),
  mode: modeSchema.default("on").describe("On, off, or on at the times of the schedule").meta(
    formHints({ title: "The light is", names: { on: "On", off: "Off", schedule: "On at the times below" } }),
  ),
  level: levelSchema.default(1).describe("How bright it is while on; 1 is full").meta(
    formHints({ title: "Brightness" }),
  ),
  schedule: weekScheduleSchema.partial({ zone: true })
    .default({ windows: [{ days: [...weekdaySchema.options], from: "17:00", to: "08:00" }] })
    .describe(
      "When it is on in mode schedule, by the clocks on the wall; in the panel's zone unless given",
    ).meta(formHints({ title: "Times", control: "week" })),
});

/** What someone who is not at the settings wants: kept until the settings change. */
export const wishSchema = z.strictObject({
  mode: modeSchema.optional(),
  level: levelSchema.optional(),
}).refine(({ mode, level }) => mode !== undefined || level !== undefined, { error: "`mode` or `level`" });

/** What the light is to do now. */
export const standingSchema = z.strictObject({ mode: modeSchema, level: levelSchema });

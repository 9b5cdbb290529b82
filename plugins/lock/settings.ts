import { z } from "zod";
import { formHints, RELEASE_CAP_MS, weekScheduleSchema } from "../../core/mod.ts";

const LIMITS =
  "LOCK drives a strike of at most 12 V / 1.1 A. One that needs more voltage or current needs an " +
  "external supply, switched by a relay that LOCK drives";

export const settingsSchema = z.strictObject({
  name: z.string().trim().min(1).max(60).default("Front door").describe("What the household calls it"),
  pulseMs: z.number().int().min(100).max(RELEASE_CAP_MS).default(700)
    .describe(`Length of the pulse, ms. ${LIMITS}`).meta(formHints({ title: "Opens for, ms" })),
  strike: z.enum(["mechanical-memory", "intermittent-duty", "continuous-duty"]).default("mechanical-memory")
    .describe(
      "The electric strike at LOCK. With mechanical memory one pulse unlocks it until the door has been opened; the " +
        "others are unlocked while they have current, and only one for continuous duty (100 % ED) may have it for long",
    ).meta(formHints({
      names: {
        "mechanical-memory": "With mechanical memory",
        "intermittent-duty": "For a short time (intermittent duty)",
        "continuous-duty": "For continuous duty (100 % ED)",
      },
    })),
  holdOpen: weekScheduleSchema.partial({ zone: true }).optional().describe(
    "Office mode: when the strike is kept unlocked, by the clocks on the wall; in the panel's zone unless given. Off " +
      "where left out. Only for a strike for continuous duty",
  ).meta(formHints({ title: "Office mode", control: "week", when: { strike: ["continuous-duty"] } })),
}).refine(({ strike, holdOpen }) => !holdOpen || strike === "continuous-duty", {
  path: ["holdOpen"],
  error: "Only with `strike: continuous-duty`: another strike can't be kept unlocked, or burns its coil",
});
export type Settings = z.output<typeof settingsSchema>;

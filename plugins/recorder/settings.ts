import { z } from "zod";
import { formHints } from "../../core/mod.ts";
import { definitionNames, definitionSchema } from "../camera/keys.ts";

const hours = (usual: number) => z.number().int().min(1).max(24 * 365).default(usual);

export const settingsSchema = z.strictObject({
  onCall: z.boolean().default(true).describe("Whether a ring is recorded, until the call is over").meta(
    formHints({ title: "Record calls" }),
  ),
  onBadge: z.boolean().default(true).describe("Whether a badge at the reader is recorded").meta(
    formHints({ title: "Record badges" }),
  ),
  onMotion: z.boolean().default(true).describe("Whether motion is recorded, where it is detected").meta(
    formHints({ title: "Record motion" }),
  ),
  sound: z.boolean().default(false).describe("Whether sound is recorded; the law may forbid it").meta(
    formHints({ title: "Record sound" }),
  ),
  before: z.enum(["auto", "always", "never"]).default("auto").describe(
    "Whether the 5 s before an event are recorded. Where the camera compresses its picture itself, in the definition " +
      "that is recorded, they cost nothing (auto); else it is encoded all the time for them (always), which takes a " +
      "fifth of a core or more",
  ).meta(formHints({
    title: "The five seconds before",
    names: { auto: "Where they cost nothing", always: "Always", never: "Never" },
  })),
  keepCallHours: hours(72).describe("For how long recordings of calls are kept, hours").meta(
    formHints({ title: "Keep calls for, hours" }),
  ),
  keepOtherHours: hours(72).describe(
    "For how long other recordings are kept, hours; not longer than those of calls",
  ).meta(formHints({ title: "Keep the rest for, hours" })),
  definition: definitionSchema.default("hd").describe("In which definition is recorded").meta(
    formHints({ names: definitionNames }),
  ),
  path: z.string().max(200).regex(/^(\/[^\0,]*[^\0,/])?$/, { error: "an absolute path, such as /media/card" })
    .default("").describe(
      "Where the card is mounted; empty: the board's own slot. After a change start the panel anew",
    )
    .meta(formHints({ title: "Folder of the card" })),
}).superRefine(({ keepCallHours, keepOtherHours }, context) => {
  if (keepOtherHours <= keepCallHours) return;
  const message =
    `at most ${keepCallHours}, as long as calls are kept (keepCallHours): they outlive the rest`;
  context.addIssue({ code: "custom", path: ["keepOtherHours"], message, input: keepOtherHours });
});
export type Settings = z.output<typeof settingsSchema>;

import { z } from "zod";
import { formHints } from "../../core/mod.ts";

const PRINTABLE = /^[^\p{Cc}]*$/u;
const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i;

export const settingsSchema = z.strictObject({
  enabled: z.boolean().default(true).describe(
    "Whether the panel tells the local network its name and address; never while it listens on loopback only",
  ).meta(formHints({ title: "Let it be found" })),
  name: z.string().trim().min(1).max(60).regex(PRINTABLE, { error: "Must be printable text" }).optional()
    .describe("What others see when they look for panels; the panel's name unless given"),
  hostName: z.string().regex(LABEL, {
    error: "Must be 1 to 63 letters, digits and dashes, without .local and without a dash at an end",
  }).optional().describe(
    "Its name for browsers, without .local: front-door is reached as front-door.local. Made of the panel's name " +
      "unless given",
  ).meta(formHints({ title: "Name for browsers" })),
  unicast: z.boolean().default(false).describe(
    "Whether those are answered who hear only what is sent to them alone, such as browsers on Android. On Deno the " +
      "panel's process may then reach every private IPv4 address; in force from the next start on",
  ).meta(formHints({ title: "Answer browsers on Android" })),
});
export type Settings = z.output<typeof settingsSchema>;

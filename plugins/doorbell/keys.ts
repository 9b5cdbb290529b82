import { z } from "zod";
import { defineEvent } from "../../core/mod.ts";

/** The bell was pressed, whether or not a call came of it. Told before the call is opened. */
export const bellPressed = defineEvent(
  "bell.pressed",
  z.strictObject({
    /** Wall time, ms. */
    at: z.number(),
  }),
);

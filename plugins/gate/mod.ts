import { z } from "zod";
import {
  boardService,
  contributeReleasable,
  definePlugin,
  formHints,
  RELEASE_CAP_MS,
} from "../../core/mod.ts";

export default definePlugin({
  id: "gate",
  api: 1,
  title: "Gate",
  config: z.strictObject({
    name: z.string().trim().min(1).max(60).default("Gate").describe("What the household calls it"),
    pulseMs: z.number().int().min(100).max(RELEASE_CAP_MS).default(500).describe(
      "Length of the pulse, ms. GATE is a dry contact for the button input of a gate motor: it breaks at most " +
        "12 V / 2 A. Anything above needs a relay of its own",
    ).meta(formHints({ title: "Closes its contact for, ms" })),
  }),
  uses: [boardService],
  async setup(ctx) {
    const { name, pulseMs } = ctx.config;
    await contributeReleasable({
      ctx,
      board: ctx.use(boardService),
      id: "gate",
      kind: "gate",
      name,
      pulseMs,
    });
  },
});

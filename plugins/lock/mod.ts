import { z } from "zod";
import { boardService, contributeReleasable, definePlugin, RELEASE_CAP_MS } from "../../core/mod.ts";

export default definePlugin({
  id: "lock",
  api: 1,
  title: "Lock",
  config: z.strictObject({
    name: z.string().trim().min(1).max(60).default("Front door").describe("What the household calls it"),
    pulseMs: z.number().int().min(100).max(RELEASE_CAP_MS).default(700).describe(
      "Length of the pulse, ms.",
    ),
  }),
  uses: [boardService],
  async setup(ctx) {
    const { name, pulseMs } = ctx.config;
    await contributeReleasable({
      ctx,
      board: ctx.use(boardService),
      id: "lock",
      kind: "lock",
      name,
      pulseMs,
    });
  },
});

import { z } from "zod";
import { accessPointIdSchema, accessService, definePlugin, formHints, inputChanged } from "../../core/mod.ts";

const INPUT = "exit-button";

export default definePlugin({
  id: "exit-button",
  api: 1,
  title: "Exit button",
  config: z.strictObject({
    enabled: z.boolean().default(true).describe("Whether the button inside opens").meta(
      formHints({ title: "The button opens" }),
    ),
    accessPoint: accessPointIdSchema.default("lock").describe("What it opens").meta(
      formHints({ title: "Door", control: "access-point" }),
    ),
  }),
  uses: [accessService],
  setup(ctx) {
    const access = ctx.use(accessService);
    const { enabled, accessPoint } = ctx.config;
    if (!enabled) return;
    ctx.on(inputChanged, async ({ input, active }) => {
      if (input !== INPUT || !active) return;
      const { outcome, message } = await access.release({
        requestId: ctx.freshId(),
        accessPoint,
        actor: { kind: "input", id: INPUT, scopes: [] },
        via: "input",
      });
      if (outcome === "denied" || outcome === "failed") {
        ctx.log.warn("The exit button did not open", { accessPoint, message });
      }
    });
  },
});

import {
  accessPointIdSchema,
  codeService,
  definePlugin,
  denialsPoint,
  inWeek,
  releaseAnswerSchema,
  route,
  timeService,
  weekdaySchema,
  weekWindowSchema,
} from "latchkey";
import { z } from "zod";

const timeOfDay = weekWindowSchema.shape.from;

export default definePlugin({
  id: "night-keypad",
  api: 1,
  title: "Night keypad",
  config: z.strictObject({
    accessPoint: accessPointIdSchema.default("lock").describe("What its codes open"),
    from: timeOfDay.default("22:00").describe("When the night begins, such as 22:00"),
    to: timeOfDay.default("06:00").describe("When the night is over"),
    refused: z.enum(["codes", "everyone"]).default("codes").describe(
      "Whom the night keeps out: whoever types a code, or badges and phones too",
    ),
  }),
  uses: [codeService, timeService],
  async setup(ctx) {
    const { accessPoint, from, to, refused } = ctx.config;
    const codes = ctx.use(codeService);
    const zone = await ctx.use(timeService).zone();
    const night = { zone, windows: [{ days: [...weekdaySchema.options], from, to }] };

    // Whoever stands inside and presses the button is not even asked about here: no plugin can keep people in.
    ctx.contribute(denialsPoint, {
      id: ctx.id,
      objection({ actor }) {
        if (actor.kind === "input" || (refused === "codes" && actor.kind !== "code")) return undefined;
        return inWeek(night, ctx.clock.now()) ? `The door stays shut from ${from} to ${to}` : undefined;
      },
    });

    ctx.routes([
      route({
        method: "post",
        path: "/enter",
        access: "owner",
        // The keypad itself is a service of the owner's with this scope.
        scope: `release:${accessPoint}`,
        summary: "Open with a code that somebody has typed",
        body: z.strictObject({ code: z.string().min(1).max(40) }),
        response: releaseAnswerSchema,
        refusals: { 403: "There is no such code", 429: "Too many wrong ones: wait" },
        handle: ({ body }) =>
          codes.redeem({
            text: body.code,
            accessPoint,
            requestId: ctx.freshId(),
            source: ctx.id,
            via: "plugin",
          }),
      }),
    ]);
  },
});

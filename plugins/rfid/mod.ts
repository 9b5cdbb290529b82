import { z } from "zod";
import {
  accessPointIdSchema,
  accessService,
  boardService,
  cardPresent,
  cardRemoved,
  credentialService,
  definePlugin,
  denialsPoint,
  formHints,
  membersChanged,
  throttledRecord,
} from "../../core/mod.ts";
import { Enrolments } from "./enrolment.ts";
import { createJudge } from "./judge.ts";
import { Presentations } from "./presentations.ts";
import { enrolmentRoutes } from "./routes.ts";
import { createSignals } from "./signals.ts";

/** The same card within this time is one presentation, ms. */
const APART_MS = 2_000;

export default definePlugin({
  id: "rfid",
  api: 1,
  title: "Badges",
  config: z.strictObject({
    swipe: accessPointIdSchema.default("lock").describe("What a swiped badge opens").meta(
      formHints({ title: "A swiped badge opens", control: "access-point" }),
    ),
    hold: accessPointIdSchema.default("gate").describe("What a held badge opens").meta(
      formHints({ title: "A held badge opens", control: "access-point" }),
    ),
    holdMs: z.number().int().min(1_000).max(10_000).default(3_000)
      .describe("A badge kept at the reader for this long is held, a shorter one is swiped, ms")
      .meta(formHints({ title: "Held from, ms" })),
    enrolmentSeconds: z.number().int().min(10).max(300).default(60)
      .describe("How long the wizard waits for a badge, s")
      .meta(formHints({ title: "Wait for a new badge, s" })),
    flickerMs: z.number().int().min(0).max(1_000).default(300)
      .describe("A gap shorter than this is the reader's flicker and not a removal, ms")
      .meta(formHints({ title: "Gap that does not count, ms" })),
  }),
  uses: [accessService, boardService, credentialService],
  setup(ctx) {
    const { holdMs, flickerMs, swipe, hold, enrolmentSeconds } = ctx.config;
    const access = ctx.use(accessService);
    const credentials = ctx.use(credentialService);
    const signals = createSignals(ctx.use(boardService), ctx.log);
    const presentations = new Presentations(ctx.clock, { holdMs, flickerMs, apartMs: APART_MS });
    const enrolments = new Enrolments({
      ctx,
      access,
      credentials,
      signals,
      timeoutMs: enrolmentSeconds * 1_000,
      begun: () => presentations.claimAll(),
    });
    const judge = createJudge({
      ctx,
      access,
      credentials,
      signals,
      note: throttledRecord({ ctx, access }),
      asks: { swipe, hold },
    });

    ctx.defer("presentations", () => presentations.stop());
    ctx.on(cardPresent, (sighting) => {
      const { presentation, arrival } = presentations.present(sighting);
      if (enrolments.waiting && arrival !== "flicker") {
        presentation.claim();
        return enrolments.offer({ uid: sighting.uid, cardKind: sighting.cardKind });
      }
      if (arrival !== "new") return;
      if (enrolments.open) presentation.claim();
      return judge(presentation);
    });
    // For readers of other plugins, and for a badge whose decision was under way when the enrolment began.
    ctx.contribute(denialsPoint, {
      id: "enrolling",
      reason: "enrolling",
      objection: ({ actor }) =>
        Promise.resolve(
          enrolments.open && actor.kind === "card"
            ? "A badge is being added; until that is over none opens anything"
            : undefined,
        ),
    });
    ctx.on(membersChanged, ({ id, devices }) => devices.length > 0 ? enrolments.revoked(id) : undefined);
    ctx.on(cardRemoved, (sighting) => presentations.removed(sighting));
    ctx.routes(enrolmentRoutes(enrolments));
  },
});

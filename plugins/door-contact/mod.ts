import { z } from "zod";
import {
  accessLogged,
  accessPointIdSchema,
  accessService,
  boardService,
  createAlarm,
  definePlugin,
  formHints,
  inputChanged,
  type LogRow,
  partChanged,
  partsPoint,
} from "../../core/mod.ts";

const INPUT = "door-contact";

export default definePlugin({
  id: "door-contact",
  api: 1,
  title: "Door contact",
  config: z.strictObject({
    name: z.string().trim().min(1).max(60).default("Front door").describe(
      "What the household calls the door",
    ),
    accessPoint: accessPointIdSchema.default("lock").describe("The access point that opens this door")
      .meta(formHints({ title: "Opened by", control: "access-point" })),
    releaseWindowSeconds: z.number().int().min(1).max(600).default(30).describe(
      "How long after a release the door may be opened, s. A strike with mechanical memory stays open until then",
    ).meta(formHints({ title: "Time to open it after a release, s" })),
    heldOpenSeconds: z.number().int().min(0).max(86_400).default(60).describe(
      "How long the door may stand open, s; 0 is for ever",
    ).meta(formHints({ title: "It may stand open for, s" })),
    forced: z.boolean().default(true).describe(
      "Whether a door opened without a release is an alarm. Switch it off where a key or a hard-wired button opens too",
    ).meta(formHints({ title: "Alarm when it is forced" })),
  }),
  uses: [accessService, boardService],
  async setup(ctx) {
    const { name, accessPoint, releaseWindowSeconds, heldOpenSeconds, forced } = ctx.config;
    const access = ctx.use(accessService);
    const forcedAlarm = createAlarm({ ctx, access, alarm: "door-forced", accessPoint });
    const heldAlarm = createAlarm({ ctx, access, alarm: "door-held-open", accessPoint });
    let open = await ctx.use(boardService).input(INPUT);
    let releasedAt = -Infinity;
    const holds = await access.log({ kind: "hold-open", limit: 500 });
    let heldOpen = holds.find((row) => row.accessPoint === accessPoint)?.outcome === "began";
    let cancelTimer = () => {};

    const state = () => ({ open, forced: forcedAlarm.active, heldOpen: heldAlarm.active });
    const tell = () => ctx.emit(partChanged, { id: INPUT, state: state() });

    function awaitClosing(): void {
      if (heldOpenSeconds === 0) return;
      cancelTimer = ctx.after(heldOpenSeconds * 1_000, async () => {
        const raised = heldAlarm.raise(`${name} has been open for ${heldOpenSeconds} s`);
        tell();
        await raised;
      });
    }

    async function opened(): Promise<void> {
      awaitClosing();
      const late = ctx.clock.monotonic() - releasedAt > releaseWindowSeconds * 1_000;
      const raised = forced && late && !heldOpen
        ? forcedAlarm.raise(`${name} was opened without a release`)
        : undefined;
      tell();
      await raised;
    }

    async function closed(): Promise<void> {
      cancelTimer();
      const told = [forcedAlarm, heldAlarm].map((alarm) => alarm.clear(`${name} is closed again`));
      tell();
      await Promise.all(told);
    }

    ctx.on(accessLogged, (row: LogRow) => {
      if (row.accessPoint !== accessPoint) return;
      if (row.kind === "release" && row.outcome === "released") releasedAt = ctx.clock.monotonic();
      if (row.kind !== "hold-open") return;
      heldOpen = row.outcome === "began";
      if (!heldOpen) releasedAt = ctx.clock.monotonic();
    });
    ctx.on(inputChanged, ({ input, active }) => {
      if (input !== INPUT || active === open) return;
      open = active;
      return active ? opened() : closed();
    });
    ctx.contribute(partsPoint, {
      id: INPUT,
      kind: "sensor",
      name,
      state: () => Promise.resolve(state()),
      values: {
        open: { type: "flag", name, meaning: "door" },
        forced: { type: "flag", name: `${name} forced`, meaning: "problem" },
        heldOpen: { type: "flag", name: `${name} held open`, meaning: "problem" },
      },
    });
    if (open) awaitClosing();
  },
});

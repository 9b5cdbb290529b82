import { z } from "zod";
import {
  accessService,
  boardService,
  createAlarm,
  definePlugin,
  inputChanged,
  partChanged,
  partsPoint,
} from "../../core/mod.ts";

const INPUT = "tamper";

export default definePlugin({
  id: "tamper",
  api: 1,
  title: "Tamper contact",
  config: z.strictObject({
    name: z.string().trim().min(1).max(60).default("Tamper contact").describe("What the household calls it"),
  }),
  uses: [accessService, boardService],
  async setup(ctx) {
    const { name } = ctx.config;
    const alarm = createAlarm({ ctx, access: ctx.use(accessService), alarm: "tamper" });
    const state = () => ({ active: alarm.active });

    async function follow(active: boolean): Promise<void> {
      const told = active
        ? alarm.raise("The panel was opened or taken off the wall")
        : alarm.clear("The panel is closed again");
      ctx.emit(partChanged, { id: INPUT, state: state() });
      await told;
    }

    ctx.on(inputChanged, ({ input, active }) => input === INPUT ? follow(active) : undefined);
    ctx.contribute(partsPoint, {
      id: INPUT,
      kind: "sensor",
      name,
      state: () => Promise.resolve(state()),
      values: { active: { type: "flag", name, meaning: "tamper" } },
    });
    if (await ctx.use(boardService).input(INPUT)) await follow(true);
  },
});

import {
  accessLogged,
  accessService,
  boardLink,
  boardService,
  contributeReleasable,
  definePlugin,
  errorText,
  timeService,
} from "../../core/mod.ts";
import { closeInterrupted, HoldOpen } from "./hold_open.ts";
import { settingsSchema } from "./settings.ts";

const ACCESS_POINT = "lock";

export default definePlugin({
  id: "lock",
  api: 1,
  title: "Lock",
  config: settingsSchema,
  uses: [accessService, boardService, timeService],
  async setup(ctx) {
    const { name, pulseMs, holdOpen } = ctx.config;
    const access = ctx.use(accessService);
    const time = ctx.use(timeService);
    await closeInterrupted(access, ACCESS_POINT, ctx.id).catch((error: unknown) =>
      ctx.log.error("The end of an earlier hold-open is not in the log", { error: errorText(error) })
    );
    const releasable = await contributeReleasable({
      ctx,
      board: ctx.use(boardService),
      id: ACCESS_POINT,
      kind: "lock",
      name,
      pulseMs,
    });
    if (!holdOpen) return;
    const hold = new HoldOpen({
      ctx,
      access,
      time,
      releasable,
      accessPoint: ACCESS_POINT,
      schedule: { zone: holdOpen.zone ?? await time.zone(), windows: holdOpen.windows },
    });
    ctx.defer("hold-open", () => hold.stop());
    ctx.on(accessLogged, ({ kind }) => kind === "clock" ? hold.look() : undefined);
    ctx.on(boardLink, ({ up }) => up ? hold.retry() : undefined);
    await hold.look();
  },
});

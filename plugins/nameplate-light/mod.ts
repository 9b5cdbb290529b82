import {
  boardLink,
  boardService,
  definePlugin,
  errorText,
  inWeek,
  openOverride,
  outputChanged,
  partChanged,
  partsPoint,
  timeService,
} from "../../core/mod.ts";
import { modeSchema, settingsSchema, standingSchema, wishSchema } from "./settings.ts";

const OUTPUT = "nameplate";
const MINUTE_MS = 60_000;

export default definePlugin({
  id: "nameplate-light",
  api: 1,
  title: "Nameplate light",
  config: settingsSchema,
  uses: [boardService, timeService],
  async setup(ctx) {
    const { name, mode, level, schedule } = ctx.config;
    const board = ctx.use(boardService);
    const time = ctx.use(timeService);
    const wish = await openOverride(ctx.store, {
      key: "wish",
      schema: standingSchema,
      first: { mode, level },
      basis: JSON.stringify({ mode, level, schedule }),
      log: ctx.log,
    });
    let shown = 0;

    async function isDue(): Promise<boolean> {
      const zone = schedule.zone ?? await time.zone();
      return inWeek({ zone, windows: schedule.windows }, ctx.clock.now());
    }
    async function wanted(): Promise<number> {
      const { mode, level } = wish.now;
      return mode === "on" || (mode === "schedule" && await isDue()) ? level : 0;
    }
    const state = () => ({ on: shown > 0, shown, ...wish.now });

    async function apply(): Promise<void> {
      const level = await wanted();
      await board.set(OUTPUT, level, { cause: wish.now.mode });
    }

    async function follow(): Promise<void> {
      try {
        await apply();
      } catch (error) {
        ctx.log.warn("The nameplate light does not follow", { error: errorText(error) });
      }
    }

    /** At each full minute of the wall clock, wherever it may have jumped to. */
    function watchClock(): void {
      ctx.after(MINUTE_MS - (ctx.clock.now() % MINUTE_MS), () => {
        watchClock();
        return follow();
      });
    }

    ctx.defer("light off", () => board.set(OUTPUT, 0, { cause: "stopped" }).catch(() => {}));
    ctx.on(outputChanged, ({ output, level }) => {
      if (output !== OUTPUT || level === shown) return;
      shown = level;
      ctx.emit(partChanged, { id: OUTPUT, state: state() });
    });
    ctx.on(boardLink, ({ up }) => up ? follow() : undefined);
    ctx.contribute(partsPoint, {
      id: OUTPUT,
      kind: "light",
      name,
      state: () => Promise.resolve(state()),
      values: {
        mode: { type: "choice", name: `${name} mode`, options: [...modeSchema.options], command: "set" },
      },
      commands: {
        set: {
          args: wishSchema,
          async run(args) {
            const { mode, level } = wishSchema.parse(args);
            await wish.change((now) => ({ mode: mode ?? now.mode, level: level ?? now.level }));
            ctx.emit(partChanged, { id: OUTPUT, state: state() });
            await apply();
          },
        },
      },
    });
    watchClock();
    await follow();
  },
});

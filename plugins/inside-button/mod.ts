import { z } from "zod";
import { boardService, claimService, definePlugin, errorText, inputChanged } from "../../core/mod.ts";

const BEEP_MS = 80;
const LONG_BEEP_MS = 1_500;

export default definePlugin({
  id: "inside-button",
  api: 1,
  title: "Button inside",
  config: z.strictObject({
    input: z.string().min(1).max(40).default("inside-button").describe(
      "The input it is wired to. It must not be within reach from outside",
    ),
    holdSeconds: z.number().int().min(5).max(60).default(10).describe(
      "Held for this long it ends all access and opens the panel to be claimed again, s",
    ),
  }),
  uses: [boardService, claimService],
  async setup(ctx) {
    const { input, holdSeconds } = ctx.config;
    const board = ctx.use(boardService);
    const claim = ctx.use(claimService);
    // A button that is stuck when the panel starts must not wipe anything.
    let ready = !await board.input(input);
    let cancel = () => {};

    function beep(ms: number): void {
      board.pattern("beeper", [ms]).catch((error: unknown) =>
        ctx.log.warn("A signal was not given", { error: errorText(error) })
      );
    }

    /** The second half of the time is counted aloud, so that whoever leans on the button lets go. */
    function hold(): void {
      const warnings = Math.floor(holdSeconds / 2);
      const timers = Array.from(
        { length: warnings },
        (_, index) => ctx.after((holdSeconds - 1 - index) * 1_000, () => beep(BEEP_MS)),
      );
      const end = ctx.after(holdSeconds * 1_000, async () => {
        ready = false;
        await claim.reopen(input);
        beep(LONG_BEEP_MS);
      });
      cancel = () => [...timers, end].forEach((stop) => stop());
    }

    ctx.on(inputChanged, async (changed) => {
      if (changed.input !== input) return;
      cancel();
      cancel = () => {};
      if (!changed.active) ready = true;
      else if (ready) {
        hold();
        await claim.presence(input);
      }
    });
  },
});

import { z } from "zod";
import {
  boardLink,
  boardService,
  claimService,
  definePlugin,
  formHints,
  inputChanged,
} from "../../core/mod.ts";
import { createSignals } from "./signals.ts";

/** Warnings come once a second in the last so many seconds. */
const WARNINGS = 5;
/** What the contacts of a board say counts once it has been back for this long, ms. */
const SETTLED_MS = 500;

export default definePlugin({
  id: "inside-button",
  api: 1,
  title: "Button inside",
  config: z.strictObject({
    input: z.string().min(1).max(40).default("inside-button").describe(
      "The input it is wired to. It must not be within reach from outside",
    ),
    holdSeconds: z.number().int().min(6).max(60).default(10).describe(
      "Held for this long it ends all access and opens the panel to be claimed again, s",
    ).meta(formHints({ title: "Held to hand the panel on, s" })),
  }),
  uses: [boardService, claimService],
  async setup(ctx) {
    const { input, holdSeconds } = ctx.config;
    const board = ctx.use(boardService);
    const claim = ctx.use(claimService);
    const signals = createSignals(board, ctx.log);
    const isHeld = () => board.input(input);
    /** Whether it was seen let go: one that is stuck, or held since before the panel could see it, ends nothing. */
    let wasFree = !await isHeld();
    let presses = 0;
    let timers: (() => void)[] = [];

    function letGo(): void {
      presses++;
      for (const cancel of timers) cancel();
      timers = [];
    }

    async function press(): Promise<void> {
      letGo();
      wasFree = false;
      const own = presses;
      await claim.presence(input);
      // Whoever makes a claim go through by a press has time to let go.
      if (await claim.claimed() && own === presses) count();
    }

    /** The last seconds are counted aloud, so that whoever leans on the button lets go. */
    function count(): void {
      for (let left = WARNINGS; left > 0; left--) {
        timers.push(ctx.after((holdSeconds - left) * 1_000, () => signals.warn()));
      }
      timers.push(ctx.after(holdSeconds * 1_000, end));
    }

    async function end(): Promise<void> {
      if (!await isHeld()) return;
      try {
        await claim.reopen(input);
      } catch (error) {
        signals.fail();
        throw error;
      }
      signals.confirm();
      await claim.presence(input);
    }

    ctx.on(inputChanged, ({ input: name, active }) => {
      if (name !== input) return;
      if (active) return wasFree ? press() : undefined;
      letGo();
      wasFree = true;
    });
    ctx.on(boardLink, ({ up }) => {
      letGo();
      wasFree = false;
      if (up) timers.push(ctx.after(SETTLED_MS, async () => void (wasFree = !await isHeld())));
    });
  },
});

import { z } from "zod";
import {
  boardLink,
  boardService,
  type Call,
  callChanged,
  callService,
  definePlugin,
  errorText,
  inputChanged,
  partChanged,
  partOccurred,
  partsPoint,
} from "../../core/mod.ts";
import { createIndicator, type Look } from "./indicator.ts";
import { bellPressed } from "./keys.ts";

const INPUT = "bell";
/** A second press within this time is the hand that trembles, or a worn contact, ms. */
const APART_MS = 500;

const LOOKS: Record<Call["state"], Look> = {
  ringing: "ringing",
  answered: "answered",
  missed: "dark",
  rejected: "dark",
  ended: "dark",
};

export default definePlugin({
  id: "doorbell",
  api: 1,
  title: "Doorbell",
  config: z.strictObject({
    name: z.string().trim().min(1).max(60).default("Bell").describe("What the household calls the button"),
  }),
  uses: [boardService, callService],
  async setup(ctx) {
    const { name } = ctx.config;
    const board = ctx.use(boardService);
    const calls = ctx.use(callService);
    const indicator = createIndicator(ctx, board);
    let pressedAt: number | null = null;
    let lastPress = -Infinity;
    let call: Call["state"] | "none" = "none";

    const state = () => ({ pressedAt, call });
    const tell = () => ctx.emit(partChanged, { id: INPUT, state: state() });

    function follow(next: Call["state"]): void {
      call = next === "ringing" || next === "answered" ? next : "none";
      if (indicator.look !== LOOKS[next]) indicator.show(LOOKS[next]);
      tell();
    }

    async function pressed(): Promise<void> {
      const now = ctx.clock.monotonic();
      if (now - lastPress < APART_MS) return;
      lastPress = now;
      // The visitor and the household are answered before anything is written: a full disk must not mute the bell.
      if (call === "none") indicator.show("ringing");
      pressedAt = ctx.clock.now();
      ctx.emit(bellPressed, { at: pressedAt });
      ctx.emit(partOccurred, { id: INPUT, type: "ring", at: pressedAt });
      tell();
      try {
        await calls.ring(INPUT);
      } catch (error) {
        ctx.log.error("The bell was pressed, but the call could not be opened", { error: errorText(error) });
        if (!ctx.signal.aborted && call === "none") indicator.show("failed");
      }
    }

    ctx.defer("indicator", () => board.set("indicator", 0, { cause: "stopped" }).catch(() => {}));
    ctx.on(callChanged, ({ state }) => follow(state));
    ctx.on(inputChanged, ({ input, active }) => input === INPUT && active ? pressed() : undefined);
    ctx.on(boardLink, ({ up }) => {
      if (up && call !== "none") indicator.show(LOOKS[call]);
    });
    ctx.contribute(partsPoint, {
      id: INPUT,
      kind: "event",
      name,
      state: () => Promise.resolve(state()),
      values: { pressedAt: { type: "instant", name: "Last ring" } },
      events: { types: ["ring"], meaning: "bell" },
    });
    const running = await calls.current();
    if (running) follow(running.state);
  },
});

import { type Call, callChanged, definePlugin, errorText, partChanged, partsPoint } from "latchkey";
import { z } from "zod";

/** Between two attempts, ms: the first pause, then twice as long each time. */
const PAUSE_MS = 500;

export default definePlugin({
  id: "http-chime",
  api: 1,
  title: "HTTP chime",
  config: z.strictObject({
    url: z.url({ protocol: /^https?$/ }).default("http://chime.local/ring").describe(
      "Where the chime is told",
    ),
    attempts: z.int().min(1).max(6).default(4).describe("How often it is tried for one ring"),
    timeoutMs: z.int().min(200).max(10_000).default(2_000).describe("How long one attempt may take, ms"),
  }),
  setup(ctx) {
    const { url, attempts, timeoutMs } = ctx.config;
    let unreachable = false;
    let ringing: string | undefined;

    async function tell(call: Call): Promise<void> {
      const late = new AbortController();
      const cancel = ctx.after(timeoutMs, () => late.abort(new Error(`No answer in ${timeoutMs} ms`)));
      try {
        const response = await fetch(url, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ call: call.id, at: call.startedAt }),
          signal: AbortSignal.any([late.signal, ctx.signal]),
        });
        await response.body?.cancel();
        if (!response.ok) throw new Error(`The chime answers ${response.status}`);
      } finally {
        cancel();
      }
    }

    const pause = (ms: number) => new Promise<void>((over) => void ctx.after(ms, over));

    /** Until the chime has heard it, or nobody rings any more. */
    async function chime(call: Call): Promise<void> {
      for (let attempt = 1; attempt <= attempts && ringing === call.id; attempt++) {
        try {
          await tell(call);
          return show(false);
        } catch (error) {
          if (ctx.signal.aborted) return;
          ctx.log.warn("The chime was not told", { attempt, error: errorText(error) });
        }
        if (attempt === attempts) return show(true);
        await pause(PAUSE_MS * 2 ** (attempt - 1));
      }
    }

    function show(problem: boolean): void {
      unreachable = problem;
      ctx.emit(partChanged, { id: ctx.id, state: { unreachable } });
    }

    // Nobody waits for a listener: the bell rings everywhere else meanwhile.
    ctx.on(callChanged, (call) => {
      if (call.state !== "ringing") {
        if (call.id === ringing) ringing = undefined;
      } else if (call.id !== ringing) {
        ringing = call.id;
        return chime(call);
      }
    });

    ctx.contribute(partsPoint, {
      id: ctx.id,
      kind: "sensor",
      name: "Chime",
      state: () => ({ unreachable }),
      values: { unreachable: { type: "flag", name: "Chime can't be reached", meaning: "problem" } },
    });
  },
});

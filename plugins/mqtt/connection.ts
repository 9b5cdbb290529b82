import type { Cancel, Context } from "../../core/mod.ts";
import { errorText } from "../../core/mod.ts";
import { Lane, type Publish } from "./lane.ts";
import type { Link } from "./link.ts";

/** Time for a name to be looked up, a handshake, a login and the subscriptions, ms. */
const OPEN_MS = 15_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;
/** What held for this long was well: the next pause is a short one again. */
const HEALTHY_MS = 30_000;
/** What the panel gives its last words, ms. */
const FAREWELL_MS = 1_000;

export interface ConnectionParts {
  ctx: Pick<Context, "clock" | "log">;
  /** One attempt, given up where the signal says so. */
  open(signal: AbortSignal): Promise<Link>;
  /** There is a broker: what it should know may be told from now on, until `down`. */
  up(publish: Publish, link: Link): void;
  down(): void;
  /** Last words of a panel that stops. */
  farewell(publish: Publish): Promise<void>;
}

/** Keeps the panel connected to its broker: opens, and opens again after pauses that grow. Nobody waits for it. */
export class Connection {
  readonly #parts: ConnectionParts;
  readonly #stop = new AbortController();
  #lane: Lane | undefined;
  #link: Link | undefined;
  #pause = FIRST_PAUSE_MS;
  #cancelPause: Cancel = () => {};
  /** Whether the log's last word is that there is no broker. */
  #saidDown = false;

  constructor(parts: ConnectionParts) {
    this.#parts = parts;
  }

  start(): void {
    void this.#attempt();
  }

  /** Says the last words where there is somebody to hear them. Takes two seconds at most. */
  async stop(): Promise<void> {
    const { clock } = this.#parts.ctx;
    const link = this.#link;
    const lane = this.#lane;
    this.#stop.abort();
    this.#cancelPause();
    if (!link || !lane) return;
    const said = this.#parts.farewell(lane.publish).then(() => true, () => false);
    const polite = await firstOf(clock, FAREWELL_MS, said, false);
    link.close(polite);
    const hasEnded = await firstOf(clock, FAREWELL_MS, link.ended.then(() => true), false);
    if (!hasEnded) link.close(false);
  }

  async #attempt(): Promise<void> {
    const { clock } = this.#parts.ctx;
    const abort = new AbortController();
    const giveUp = () => abort.abort(new Error(`No answer in ${OPEN_MS / 1_000} s`));
    const cancel = clock.after(OPEN_MS, giveUp);
    this.#stop.signal.addEventListener("abort", giveUp, { once: true });
    const since = clock.monotonic();
    let why: string;
    try {
      const link = await this.#parts.open(abort.signal);
      cancel();
      why = await this.#use(link);
      if (clock.monotonic() - since >= HEALTHY_MS) this.#pause = FIRST_PAUSE_MS;
    } catch (error) {
      why = abort.signal.aborted ? errorText(abort.signal.reason) : errorText(error);
    } finally {
      cancel();
      this.#stop.signal.removeEventListener("abort", giveUp);
    }
    if (!this.#stop.signal.aborted) this.#again(why);
  }

  /** @returns why it ended */
  async #use(link: Link): Promise<string> {
    if (this.#stop.signal.aborted) {
      link.close(true);
      return await link.ended;
    }
    const { ctx, up, down } = this.#parts;
    const lane = this.#lane = new Lane(link, ctx.clock);
    this.#link = link;
    ctx.log.info("The broker is reached");
    this.#saidDown = false;
    up(lane.publish, link);
    const why = await link.ended;
    this.#link = this.#lane = undefined;
    lane.end(why);
    down();
    return why;
  }

  #again(why: string): void {
    const { clock, log } = this.#parts.ctx;
    const pauseMs = this.#pause;
    this.#pause = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
    const level = this.#saidDown ? "debug" : "warn";
    log[level]("There is no broker; events are kept until there is", { error: why, pauseMs });
    this.#saidDown = true;
    this.#cancelPause = clock.after(pauseMs, () => void this.#attempt());
  }
}

/** What `work` becomes in `ms`, or `late`. */
function firstOf<T>(clock: Context["clock"], ms: number, work: Promise<T>, late: T): Promise<T> {
  return new Promise((done) => {
    const cancel = clock.after(ms, () => done(late));
    work.then((value) => {
      cancel();
      done(value);
    });
  });
}

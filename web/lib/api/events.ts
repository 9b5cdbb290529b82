import type { Client } from "./client.ts";
import { ApiError } from "./problem.ts";
import { SseParser } from "./sse.ts";

/** The panel writes at least every 15 s; after this much silence the connection is dead, ms. */
const SILENCE_MS = 35_000;
const FIRST_WAIT_MS = 250;
/** A stream that was open for so long and ended is opened anew at once: a device whose access ended learns it then, ms. */
const LASTED_MS = 1_000;
const LONGEST_WAIT_MS = 15_000;

export interface FollowOptions {
  client: Client;
  /** One event, in order, none twice. */
  event(name: string, value: unknown): void;
  /** Events may have been missed, and at the very beginning: take the state anew. */
  fresh(): void;
  /** The connection came or went. */
  connected(up: boolean): void;
  /** The panel knows this device but does not let it in now, such as after its last day; it is asked again all the same. */
  denied?(error: ApiError): void;
}

/**
 * Follows the panel's events for as long as the page lives: resumes where a lost connection left off, waits longer after each
 * failure, tries at once when the device is back on the network or the page is looked at again.
 * @returns stops it
 */
export function followEvents(options: FollowOptions): () => void {
  const stop = new AbortController();
  let wake = () => {};
  const nudge = () => wake();
  addEventListener("online", nudge, { signal: stop.signal });
  addEventListener("visibilitychange", nudge, { signal: stop.signal });
  stop.signal.addEventListener("abort", nudge);

  async function run(): Promise<void> {
    let lastId: string | undefined;
    let wait = FIRST_WAIT_MS;
    while (!stop.signal.aborted) {
      const begun = performance.now();
      let opened = false;
      try {
        await readStream(options, lastId, stop.signal, (id) => {
          opened = true;
          lastId = id ?? lastId;
          wait = FIRST_WAIT_MS;
        });
      } catch (error) {
        if (error instanceof ApiError && error.code === "token-wrong") return;
        if (error instanceof ApiError && error.status === 403) options.denied?.(error);
      }
      if (stop.signal.aborted) return;
      options.connected(false);
      if (opened && performance.now() - begun >= LASTED_MS) continue;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, wait);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      wait = Math.min(wait * 2, LONGEST_WAIT_MS);
    }
  }

  void run();
  return () => stop.abort();
}

async function readStream(
  { client, event, fresh, connected }: FollowOptions,
  lastId: string | undefined,
  stop: AbortSignal,
  seen: (id?: string) => void,
): Promise<void> {
  const quiet = new AbortController();
  let timer = setTimeout(() => quiet.abort(), SILENCE_MS);
  const cut = () => quiet.abort();
  stop.addEventListener("abort", cut);
  try {
    const response = await client.openStream(lastId, quiet.signal);
    connected(true);
    seen();
    const parser = new SseParser();
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    while (true) {
      const { done, value } = await reader.read();
      if (done) return;
      clearTimeout(timer);
      timer = setTimeout(cut, SILENCE_MS);
      for (const { id, name, data } of parser.push(value)) {
        if (name === "ready" || name === "reset") fresh();
        else event(name, JSON.parse(data));
        seen(id);
      }
    }
  } finally {
    clearTimeout(timer);
    stop.removeEventListener("abort", cut);
  }
}

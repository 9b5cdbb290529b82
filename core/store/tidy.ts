import type { Context } from "../plugin/plugin.ts";
import type { Store } from "./store.ts";

/** So many commits make a checkpoint due: some 1,000 pages, where SQLite would make one by itself. */
export const DUE = 250;
/** So many make it due without quiet. */
export const OVERDUE = 2_500;
/** Without a commit for this long it is quiet, ms. */
export const QUIET_MS = 2_000;

/** Checkpoints the store when it is quiet: then nobody who wants in waits for the fsyncs of it. */
export function keepTidy(core: Context, store: Pick<Store, "waiting" | "onCommit" | "checkpoint">): void {
  let waiting = false;

  function wait(before: number): void {
    core.after(QUIET_MS, () => {
      const now = store.waiting;
      if (now > before && now < OVERDUE) return wait(now);
      waiting = false;
      store.checkpoint();
    });
  }

  store.onCommit = () => {
    if (waiting || store.waiting < DUE || core.signal.aborted) return;
    waiting = true;
    wait(store.waiting);
  };
  core.defer("checkpoints", () => void (store.onCommit = undefined));
}

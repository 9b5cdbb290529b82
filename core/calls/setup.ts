import { accessLogged } from "../access/keys.ts";
import { errorText } from "../log.ts";
import type { Context } from "../plugin/plugin.ts";
import type { Random } from "../random.ts";
import type { Store } from "../store/store.ts";
import { CallLog } from "./call_log.ts";
import { Calls } from "./calls.ts";
import { callChanged, callService } from "./keys.ts";

export interface CallsDeps {
  store: Store;
  random: Random;
  /** Without an answer a call is missed after this, ms. */
  ringMs?: number;
  /** The longest that an answered call may last, ms. */
  maxMs?: number;
}

/** Provides the calls of the panel; closes what an earlier run left open. */
export function setupCalls(core: Context, deps: CallsDeps): void {
  const calls = new Calls({
    log: new CallLog(deps.store),
    clock: core.clock,
    random: deps.random,
    ringMs: deps.ringMs ?? 30_000,
    maxMs: deps.maxMs ?? 600_000,
    changed: (call) => core.emit(callChanged, call),
    report: (error) => core.log.error("The end of a call could not be written", { error: errorText(error) }),
  });
  core.provide(callService, calls);
  core.on(accessLogged, (row) => calls.noteRelease(row));
  core.defer("call timers", () => calls.stop());
}

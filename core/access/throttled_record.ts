import type { Context } from "../plugin/plugin.ts";
import type { AccessService, LogEntry } from "./keys.ts";

export interface ThrottleOptions {
  ctx: Pick<Context, "after" | "defer">;
  access: Pick<AccessService, "record">;
  /** Rows that a window may have. */
  burst?: number;
  windowMs?: number;
}

/**
 * Records facts that anyone at the door can cause at will, such as unknown cards or a loose wire, without filling the
 * disk: beyond `burst` rows in a window the rest becomes one row at its end, with how many it stands for in
 * `detail.suppressed`.
 */
export function throttledRecord(
  { ctx, access, burst = 20, windowMs = 60_000 }: ThrottleOptions,
): (entry: LogEntry) => Promise<void> {
  let open = false;
  let recorded = 0;
  let suppressed = 0;
  let last: LogEntry | undefined;

  async function close(): Promise<void> {
    open = false;
    recorded = 0;
    const count = suppressed;
    suppressed = 0;
    if (count > 0 && last) {
      await access.record({ ...last, detail: { ...last.detail, suppressed: count } });
    }
  }

  ctx.defer("suppressed log rows", close);
  return async (entry) => {
    if (!open) {
      open = true;
      ctx.after(windowMs, close);
    }
    if (recorded < burst) {
      recorded++;
      await access.record(entry);
    } else {
      suppressed++;
      last = entry;
    }
  };
}

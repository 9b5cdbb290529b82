import { errorText } from "../log.ts";
import { alarmRaised } from "../parts.ts";
import type { Context } from "../plugin/plugin.ts";
import type { AccessService } from "./keys.ts";
import { throttledRecord } from "./throttled_record.ts";

export interface AlarmOptions {
  ctx: Pick<Context, "id" | "emit" | "log" | "after" | "defer">;
  access: Pick<AccessService, "record">;
  /** `door-forced`, `tamper` */
  alarm: string;
  /** The access point it belongs to, for the log. */
  accessPoint?: string;
}

/** Something that a household should know of while it lasts. */
export interface Alarm {
  readonly active: boolean;
  /** Tells the household and the access log, once until cleared. Never throws: an alarm that can't be logged is told all the same. */
  raise(message: string): Promise<void>;
  clear(message: string): Promise<void>;
}

/** An alarm of a plugin's: event, log line and access-log row together. */
export function createAlarm({ ctx, access, alarm, accessPoint }: AlarmOptions): Alarm {
  const record = throttledRecord({ ctx, access });
  let active = false;

  async function turn(next: boolean, message: string): Promise<void> {
    if (active === next) return;
    active = next;
    ctx.log[next ? "warn" : "info"](message, { alarm });
    ctx.emit(alarmRaised, { alarm, active, message });
    try {
      await record({
        kind: "alarm",
        outcome: next ? "raised" : "cleared",
        actor: { kind: "plugin", id: ctx.id, scopes: [] },
        via: "plugin",
        ...(accessPoint === undefined ? {} : { accessPoint }),
        detail: { alarm },
      });
    } catch (error) {
      ctx.log.error("The alarm is not in the access log", { alarm, error: errorText(error) });
    }
  }

  return {
    get active() {
      return active;
    },
    raise: (message) => turn(true, message),
    clear: (message) => turn(false, message),
  };
}

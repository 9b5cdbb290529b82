import { errorText } from "../log.ts";
import type { Context } from "../plugin/plugin.ts";
import type { AccessLog } from "./access_log.ts";
import { sameSeal } from "./chain.ts";
import { readHeadFile, writeHeadFile } from "./head_file.ts";

/** How long the file may be behind the log, ms. */
const BEHIND_MS = 250;

export interface HeadKeeperParts {
  accessLog: AccessLog;
  path: string;
  /** The log's key. */
  key: Uint8Array;
}

/** Keeps the file that tells when rows at the log's end are missing, and says so in the log at the next start. */
export function keepHead(core: Context, { accessLog, path, key }: HeadKeeperParts) {
  let due = false;

  function write(): void {
    due = false;
    try {
      writeHeadFile(path, key, accessLog.head());
    } catch (error) {
      core.log.warn("The access log's head could not be kept", { error: errorText(error) });
    }
  }

  /** What the log lacks of what the head file knows; undefined where nothing. */
  function gap(): { outcome: string; expected: number | null } | undefined {
    const { seq } = accessLog.head();
    const report = readHeadFile(path, key);
    if (report.state !== "read") {
      const first = report.state === "absent" && seq === 0;
      return first ? undefined : { outcome: "log-head-lost", expected: null };
    }
    const { head } = report;
    const mac = head.seq === 0 ? head.mac : accessLog.macOf(head.seq);
    return mac && sameSeal(mac, head.mac) ? undefined : { outcome: "log-cut", expected: head.seq };
  }

  return {
    /** Once, before anything is added to the log. */
    begin(): void {
      const found = gap();
      if (found) {
        core.log.error("Rows at the end of the access log are missing or can't be vouched for", {
          expected: found.expected,
          found: accessLog.head().seq,
        });
        accessLog.append({
          kind: "alarm",
          outcome: found.outcome,
          actor: { kind: "system", id: "access-log", scopes: [] },
          via: "system",
          detail: { alarm: found.outcome, expected: found.expected, found: accessLog.head().seq },
        });
      }
      write();
      core.defer("keep the access log's head", write);
    },
    /** The log has grown. */
    changed(): void {
      if (due || core.signal.aborted) return;
      due = true;
      core.after(BEHIND_MS, write);
    },
  };
}

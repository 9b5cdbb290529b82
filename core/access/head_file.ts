import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { formatHead, type Head, parseHead } from "./chain.ts";

/** What a head file says of the log beside it. */
export type HeadReport = { state: "absent" | "unreadable" } | { state: "read"; head: Head };

export function readHeadFile(path: string, key: Uint8Array): HeadReport {
  if (!existsSync(path)) return { state: "absent" };
  const head = parseHead(key, readFileSync(path, "utf8"));
  return head ? { state: "read", head } : { state: "unreadable" };
}

/** Not synced: an older head misses the newest rows only, and a release must not wait for a second file. */
export function writeHeadFile(path: string, key: Uint8Array, head: Head): void {
  writeFileSync(`${path}.part`, formatHead(key, head), { mode: 0o600 });
  renameSync(`${path}.part`, path);
}

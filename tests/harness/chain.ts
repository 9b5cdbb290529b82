import { readHeadFile } from "../../core/access/head_file.ts";
import { type Finding, verifyLog } from "../../core/access/verify.ts";
import { loadLogKey } from "../../core/store/keys_file.ts";
import { databasePath, headPath } from "../../core/store/paths.ts";

/** What is wrong with the access log of a panel that is off. */
export function chainFindings(dataDir: string): Finding[] {
  const path = databasePath(dataDir);
  const key = loadLogKey(dataDir);
  return verifyLog(path, key, readHeadFile(headPath(path), key)).findings;
}

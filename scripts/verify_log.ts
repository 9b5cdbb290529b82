import { existsSync } from "node:fs";
import process from "node:process";
import { parseArgs } from "node:util";
import { readHeadFile } from "../core/access/head_file.ts";
import { verifyLog } from "../core/access/verify.ts";
import { errorText } from "../core/log.ts";
import { loadLogKey } from "../core/store/keys_file.ts";
import { databasePath, headPath } from "../core/store/paths.ts";

const HELP =
  `Checks that no row of a panel's access log was changed or removed. Reads only; the panel may run meanwhile.

  deno task verify-log [--data DIR]

  --data DIR   the panel's data directory (PANEL_DATA; data unless given)
  --help       this text

Exit status: 0 the log is whole, 1 rows were changed or are missing, 2 it could not be checked.`;

/** @returns the exit status */
function verify(args: string[]): number {
  const { values } = parseArgs({
    args,
    options: { data: { type: "string" }, help: { type: "boolean" } },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const data = values.data ?? process.env["PANEL_DATA"] ?? "data";
  const path = databasePath(data);
  if (!existsSync(path)) {
    throw new Error(`There is no database "${path}". Name the data directory with --data`);
  }
  const key = loadLogKey(data);
  const { rows, findings } = verifyLog(path, key, readHeadFile(headPath(path), key));
  if (findings.length === 0) {
    console.log(
      `The access log in ${path} is whole: ${counted(rows)}, every seal is right.`,
    );
    return 0;
  }
  console.log(`The access log in ${path} is NOT whole. In order: ${counted(rows)}. Then:`);
  for (const { message } of findings) console.log(`- ${message}`);
  return 1;
}

const counted = (rows: number) => `${rows} ${rows === 1 ? "row" : "rows"}`;

try {
  process.exitCode = verify(process.argv.slice(2));
} catch (error) {
  console.error(errorText(error));
  process.exitCode = 2;
}

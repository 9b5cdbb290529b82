import { LatchkeyError } from "../errors.ts";
import { errorText } from "../log.ts";

const BUSY = 5;
const READ_ONLY = 8;
const IO = 10;
const CORRUPT = 11;
const FULL = 13;
const CAN_NOT_OPEN = 14;
const NOT_A_DATABASE = 26;

/** SQLite's result code, without the extension in the upper bits. `exec` and the constructor give none on Deno. */
function resultCode(error: unknown): number | undefined {
  if (typeof error !== "object" || error === null) return undefined;
  if ("errcode" in error && typeof error.errcode === "number") return error.errcode & 0xff;
  const text = errorText(error);
  if (/not a database/i.test(text)) return NOT_A_DATABASE;
  if (/malformed/i.test(text)) return CORRUPT;
  if (/readonly database/i.test(text)) return READ_ONLY;
  if (/unable to open database file/i.test(text)) return CAN_NOT_OPEN;
  return undefined;
}

/** Whether another process has what this one wants. */
export function isBusy(error: unknown): boolean {
  return resultCode(error) === BUSY;
}

/** What to do where nothing can be written below the data directory. */
export function dataUnwritable(dataDir: string, error: unknown): LatchkeyError {
  return new LatchkeyError(
    "data-read-only",
    `Data directory "${dataDir}" can't be made or written (${errorText(error)}). Make it writable for the ` +
      `panel's user, or name another one with --data`,
    { status: 500, cause: error },
  );
}

/** What a fault of the file or the disk means and what to do; undefined where `error` is something else. */
export function storeError(error: unknown, path: string): LatchkeyError | undefined {
  if (error instanceof LatchkeyError) return undefined;
  const make = (code: string, message: string, status = 500) =>
    new LatchkeyError(code, message, { status, cause: error });
  switch (resultCode(error)) {
    case CORRUPT:
    case NOT_A_DATABASE:
      return make(
        "database-damaged",
        `Database "${path}" is damaged (${
          errorText(error)
        }). Restore a backup in its place; nothing was changed`,
      );
    case READ_ONLY:
      return make(
        "database-read-only",
        `Database "${path}" can't be written. Make the file and its directory writable for the panel's user`,
      );
    case CAN_NOT_OPEN:
      return make(
        "database-read-only",
        `Database "${path}" can't be opened or made. Make its directory writable for the panel's user`,
      );
    case FULL:
      return make("database-full", `Database "${path}" can't grow: the disk is full. Free some space`, 507);
    case IO:
      return make(
        "database-io",
        `Database "${path}" can't be read or written (${errorText(error)}). Check the disk`,
      );
    default:
      return undefined;
  }
}

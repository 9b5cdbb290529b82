import { DatabaseSync } from "node:sqlite";
import { setImmediate } from "node:timers/promises";
import { errorText } from "../log.ts";
import { BEGINNING, type ChainedRow, type Head, sameSeal, sealRow } from "./chain.ts";
import type { HeadReport } from "./head_file.ts";

export interface Verdict {
  /** Rows whose seal is right, from the first on without a gap. */
  rows: number;
  /** What is wrong, the first of its kind; none where the log is whole. */
  findings: Finding[];
}

export interface Finding {
  /** The first row that is wrong; null where it is not one row. */
  seq: number | null;
  message: string;
  /** The file itself is damaged, whatever the log in it says. */
  damage?: true;
}

/** Texts come as bytes: as text, SQLite would hide whatever follows a zero byte. */
const ROWS =
  `SELECT seq, at, clock_trusted, CAST(kind AS BLOB) AS kind, CAST(access_point AS BLOB) AS access_point,
  CAST(outcome AS BLOB) AS outcome, CAST(reason AS BLOB) AS reason, CAST(actor AS BLOB) AS actor,
  CAST(via AS BLOB) AS via, CAST(credential_id AS BLOB) AS credential_id, CAST(request_id AS BLOB) AS request_id,
  CAST(detail AS BLOB) AS detail, mac FROM access_log ORDER BY seq`;

/** So many rows are read before others have their turn: 2 to 3 ms, some 15 ms on a small board. */
const SLICE = 50;

/**
 * Reads the whole access log, row by row, and checks every seal. Reads only, so the panel may run meanwhile.
 * @param head read before this is called, else rows that come in between look like a cut
 * @throws where the database can't be opened at all
 */
export function verifyLog(path: string, key: Uint8Array, head: HeadReport): Verdict {
  const db = new DatabaseSync(path, { readOnly: true, timeout: 5_000 });
  try {
    const reading = verifyRows(db, key, head);
    let step = reading.next();
    while (!step.done) step = reading.next();
    return { rows: step.value.rows, findings: [...step.value.findings, ...structure(db)] };
  } finally {
    db.close();
  }
}

/**
 * As `verifyLog`, but in slices between which the rest of the process goes on. SQLite's own check of the file can't be
 * sliced: in its place every row of every table is read.
 */
export async function verifyLogInSlices(path: string, key: Uint8Array, head: HeadReport): Promise<Verdict> {
  const db = new DatabaseSync(path, { readOnly: true, timeout: 5_000 });
  try {
    const { rows, findings } = await inSlices(verifyRows(db, key, head));
    return { rows, findings: [...findings, ...await inSlices(readThrough(db))] };
  } finally {
    db.close();
  }
}

async function inSlices<T>(reading: Generator<void, T>): Promise<T> {
  for (let rows = 1;; rows++) {
    const step = reading.next();
    if (step.done) return step.value;
    if (rows % SLICE === 0) await setImmediate();
  }
}

/** Yields after each row. */
function* verifyRows(db: DatabaseSync, key: Uint8Array, report: HeadReport): Generator<void, Verdict> {
  const found = yield* verifyChain(db, key, report.state === "read" ? report.head : undefined);
  return { rows: found.rows, findings: [...found.findings, ...headFindings(report, found.rows)] };
}

function* verifyChain(db: DatabaseSync, key: Uint8Array, head: Head | undefined): Generator<void, Verdict> {
  const cuts: Finding[] = [];
  let previous = BEGINNING;
  let rows = 0;
  let headMet = head === undefined || head.seq === 0;
  const wrong = (seq: number, message: string) => ({ rows, findings: [...cuts, { seq, message }] });
  try {
    for (const raw of db.prepare(ROWS).iterate()) {
      const seq = rows + 1;
      if (raw["seq"] !== seq) {
        return wrong(seq, `Row ${seq} is missing: row ${raw["seq"]} comes in its place`);
      }
      const row = decode(raw);
      const mac = sealRow(key, previous, row);
      if (!(raw["mac"] instanceof Uint8Array) || !sameSeal(mac, raw["mac"])) {
        return wrong(seq, `Row ${seq} is not as it was written, or the row before it is another`);
      }
      if (head?.seq === seq) headMet = sameSeal(mac, head.mac);
      if (row.kind === "alarm" && row.outcome === "log-cut") {
        cuts.push({
          seq,
          message: `Row ${seq} says that the rows before it were cut at the end: ${row.detail}`,
        });
      }
      previous = mac;
      rows = seq;
      yield;
    }
  } catch (error) {
    return wrong(rows + 1, `Row ${rows + 1} can't be read: ${errorText(error)}`);
  }
  if (!headMet) {
    const message = rows < head!.seq
      ? `Rows ${rows + 1} to ${head!.seq} are missing at the end`
      : `Row ${head!.seq} is another than the head file knows`;
    cuts.push({ seq: Math.min(rows + 1, head!.seq), message });
  }
  return { rows, findings: cuts };
}

function decode(raw: Record<string, unknown>): ChainedRow {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  return Object.fromEntries(
    Object.entries(raw).map((
      [name, value],
    ) => [name, value instanceof Uint8Array && name !== "mac" ? decoder.decode(value) : value]),
  ) as unknown as ChainedRow;
}

function headFindings(head: HeadReport, rows: number): Finding[] {
  if (head.state === "unreadable") {
    return [{
      seq: null,
      message: "The head file is damaged or not this panel's: rows cut off at the end would not be missed",
    }];
  }
  if (head.state === "absent" && rows > 0) {
    return [{ seq: null, message: "The head file is missing: rows cut off at the end would not be missed" }];
  }
  return [];
}

/** Damage outside the rows, such as an index by which a request id is not found. */
function structure(db: DatabaseSync): Finding[] {
  try {
    const text = String(db.prepare("PRAGMA integrity_check(1)").get()?.["integrity_check"]);
    return text === "ok" ? [] : [damaged(text)];
  } catch (error) {
    return [damaged(errorText(error))];
  }
}

/** Every row of every table. In pages: an iterator of Deno 2.9.6 takes an error for the end. */
function* readThrough(db: DatabaseSync): Generator<void, Finding[]> {
  try {
    for (const { name, type, wr } of db.prepare("PRAGMA main.table_list").all()) {
      if (type !== "table") continue;
      const table = `"${String(name).replaceAll('"', '""')}"`;
      // Without a number for each row there is only what is small.
      if (wr === 1) db.prepare(`SELECT * FROM ${table}`).all();
      else yield* readPages(db, table);
    }
    return [];
  } catch (error) {
    return [damaged(errorText(error))];
  }
}

function* readPages(db: DatabaseSync, table: string): Generator<void> {
  const page = db.prepare(
    `SELECT rowid AS number, * FROM ${table} WHERE rowid > ? ORDER BY rowid LIMIT ${SLICE}`,
  );
  for (let rows = page.all(-1); rows.length > 0; rows = page.all(Number(rows.at(-1)?.["number"]))) {
    for (const _row of rows) yield;
  }
}

function damaged(why: string): Finding {
  return { seq: null, damage: true, message: `The database file is damaged: ${why}` };
}

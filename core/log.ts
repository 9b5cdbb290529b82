import type { Json } from "./json.ts";

export type LogLevel = "debug" | "info" | "warn" | "error";
export type LogFields = Record<string, Json | undefined>;

/** Structured log. Never pass a secret: token, card number, key. Values of fields named like one are masked anyway. */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** A log that puts these fields on each of its lines. */
  child(fields: LogFields): Log;
}

export interface LogLine {
  /** Wall time, ms. */
  at: number;
  level: LogLevel;
  message: string;
  fields: LogFields;
}

export type LogSink = (line: LogLine) => void;

const LEVELS: LogLevel[] = ["debug", "info", "warn", "error"];
const SECRET_NAME = /token|secret|password|passphrase|authorization|cookie|^(uid|code|text)$|private/i;

/** Whether a field of this name may hold something that must not be shown. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}

export interface LogOptions {
  /** The least severe level that is kept. */
  level: LogLevel;
  now: () => number;
  sink: LogSink;
}

/** A log that hands finished lines to `sink`. */
export function createLog(options: LogOptions, base: LogFields = {}): Log {
  const threshold = LEVELS.indexOf(options.level);
  const write = (level: LogLevel) => (message: string, fields: LogFields = {}) => {
    if (LEVELS.indexOf(level) < threshold) return;
    options.sink({ at: options.now(), level, message, fields: mask({ ...base, ...fields }) });
  };
  return {
    debug: write("debug"),
    info: write("info"),
    warn: write("warn"),
    error: write("error"),
    child: (fields) => createLog(options, { ...base, ...fields }),
  };
}

function mask(fields: LogFields): LogFields {
  return Object.fromEntries(
    Object.entries(fields)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, isSecretName(name) ? "[hidden]" : value]),
  );
}

/** One line for a person: time, level, message, `name=value` pairs. */
export function readableLine(line: LogLine): string {
  const time = new Date(line.at).toISOString().slice(11, 23);
  const pairs = Object.entries(line.fields)
    .map(([name, value]) => `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`);
  return [time, line.level.padEnd(5), line.message, ...pairs].join(" ").replaceAll("\n", "\\n");
}

/** One line for a machine. */
export function jsonLine(line: LogLine): string {
  const { at, level, message, fields } = line;
  return JSON.stringify({ at: new Date(at).toISOString(), level, message, ...fields });
}

/** The message of anything that was thrown. */
export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

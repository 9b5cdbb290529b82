import { Buffer } from "node:buffer";
import { createHash, createHmac } from "node:crypto";
import { type LogRow, logRowSchema } from "../../core/mod.ts";

/** The same at every panel for the same row, and for no other. */
export function digestOfRow(row: LogRow): string {
  return createHash("sha256").update(JSON.stringify(logRowSchema.parse(row))).digest("hex");
}

/** What the broker may see of a row. @param key the site's secret, 64 hexadecimal digits */
export function markOf(key: string, digest: string): string {
  return digest === ""
    ? ""
    : createHmac("sha256", Buffer.from(key, "hex")).update(digest).digest("hex").slice(0, 32);
}

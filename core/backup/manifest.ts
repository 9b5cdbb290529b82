import { z } from "zod";
import { LatchkeyError } from "../errors.ts";
import { faultsOf } from "../faults.ts";

/** Of the way files are put together, not of the database in it. */
export const FORMAT = 1;
export const MANIFEST = "manifest.json";
/** The most a manifest may hold, bytes: whoever opens a backup reads it whole. */
export const MANIFEST_BYTES = 256 * 1024;

/** Only what a panel has, so that nothing in an archive can lead elsewhere. */
const fileName = z.string().regex(
  /^(access\.db|access\.head|panel\.yaml|keys\/[a-z0-9][a-z0-9.-]{0,63}|plugins\/[a-z][a-z0-9-]{0,39}\.tar)$/,
  { error: "a file of a panel" },
);

const fileSchema = z.strictObject({
  name: fileName,
  size: z.number().int().min(0),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type BackupFile = z.output<typeof fileSchema>;

const NEEDED = ["access.db", "keys/log.key", "keys/card.key"];

const manifestSchema = z.strictObject({
  format: z.literal(FORMAT),
  /** The program that made it. */
  latchkey: z.string().max(40),
  panel: z.strictObject({ id: z.string().max(64), name: z.string().max(120) }),
  /** Wall time. */
  madeAt: z.iso.datetime(),
  /** The database's `user_version`. */
  schema: z.number().int().min(1),
  /** What the check of the access log found when it was made: what was wrong before is no damage of the backup. */
  log: z.strictObject({ rows: z.number().int().min(0), findings: z.array(z.string()).max(1_000) }),
  files: z.array(fileSchema).max(256)
    .refine((files) => NEEDED.every((name) => files.some((file) => file.name === name)), {
      error: `at least ${NEEDED.join(", ")}`,
    })
    .refine((files) => new Set(files.map(({ name }) => name)).size === files.length, { error: "each once" }),
});
export type Manifest = z.output<typeof manifestSchema>;

const versionsSchema = z.object({ format: z.number(), schema: z.number() });

/**
 * @param newest the newest schema that this program knows
 * @throws {LatchkeyError} `backup-newer`, `backup-damaged`
 */
export function readManifest(text: string, newest: number): Manifest {
  const raw = parsed(text);
  const { format, schema } = versionsSchema.catch({ format: 0, schema: 0 }).parse(raw);
  if (format > FORMAT || schema > newest) {
    throw new LatchkeyError(
      "backup-newer",
      `This backup was made by a newer Latchkey (format ${format}, schema ${schema}); this one knows format ` +
        `${FORMAT} and schemas up to ${newest}. Install the newer Latchkey first`,
      { status: 409 },
    );
  }
  const result = manifestSchema.safeParse(raw);
  if (result.success) return result.data;
  const [fault] = faultsOf(result.error, raw);
  throw new LatchkeyError(
    "backup-damaged",
    `The backup's manifest is wrong: ${fault?.field}: ${fault?.message}`,
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new LatchkeyError("backup-damaged", "The backup's manifest can't be read");
  }
}

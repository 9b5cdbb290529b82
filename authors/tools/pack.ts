/** `deno task plugin:pack FOLDER [--sign KEY]`: checks a plugin and makes the file that others install. */
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { parseArgs } from "node:util";
import { digestOfSums, packageSums, SIGNATURE_FILE, SUMS_FILE } from "../../core/isolate/package_sums.ts";
import { phrasesOf } from "../../core/isolate/plain_words.ts";
import { packageArchive } from "../archive.ts";
import { readManifest } from "../manifest.ts";
import { copyPacked } from "../packed.ts";
import { showChecks } from "./check.ts";
import { given, refusal, runTool } from "./tool.ts";

const USAGE = "Usage: deno task plugin:pack FOLDER [--sign MINISIGN-SECRET-KEY]";

export interface PackOptions {
  /** The author's folder. */
  folder: string;
  /** Where the archive is put. */
  into: string;
  /** A secret key of minisign's, to sign with. */
  key?: string | undefined;
}

export interface Packed {
  /** The archive. */
  path: string;
  files: string[];
  /** SHA-256 of its sums: what an owner's grant keeps. */
  digest: string;
  /** SHA-256 of the archive. */
  sha256: string;
}

/**
 * Makes `<id>-<version>.tgz` of a plugin's folder. The same files make the same bytes, but for a signature, which has the
 * time in it.
 * @throws {LatchkeyError} where a file can't be packed, or minisign does not sign
 */
export async function packPlugin({ folder, into, key }: PackOptions): Promise<Packed> {
  const { id, version } = readManifest(folder);
  const scratch = mkdtempSync(join(tmpdir(), "latchkey-"));
  try {
    const files = copyPacked(folder, scratch);
    const sums = packageSums(scratch);
    writeFileSync(join(scratch, SUMS_FILE), sums);
    if (key !== undefined) await sign(scratch, key);
    const added = key === undefined ? [SUMS_FILE] : [SUMS_FILE, SIGNATURE_FILE];
    const archive = await packageArchive(scratch, [...files, ...added]);
    const path = join(into, `${id}-${version}.tgz`);
    writeFileSync(path, archive);
    const sha256 = createHash("sha256").update(archive).digest("hex");
    return { path, files: [...files, ...added], digest: digestOfSums(sums), sha256 };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** With the terminal's input: minisign asks for the key's passphrase. */
async function sign(folder: string, key: string): Promise<void> {
  if (!existsSync(key)) throw refusal(`There is no key "${key}". Make one with minisign -G`);
  try {
    const command = new Deno.Command("minisign", {
      args: ["-S", "-s", key, "-m", SUMS_FILE, "-x", SIGNATURE_FILE],
      cwd: folder,
      stdin: "inherit",
      stdout: "null",
    });
    const { success } = await command.spawn().status;
    if (!success) throw refusal("minisign has not signed it");
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw refusal("minisign is not installed: on Debian, apt install minisign");
  }
}

async function main(argv: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: argv,
    options: { sign: { type: "string" } },
    allowPositionals: true,
  });
  const [word, ...more] = positionals;
  if (word === undefined || more.length > 0) throw refusal(USAGE);
  const folder = given(word);
  if (!await showChecks(folder)) return 1;
  const key = values.sign === undefined ? undefined : given(values.sign);
  const { path, files, digest, sha256 } = await packPlugin({ folder, into: given("."), key });
  const { title, version, wants } = readManifest(folder);
  console.log(
    `
Made ${relative(given("."), path)}
  holds    ${files.join(", ")}
  digest   ${digest}
  SHA-256  ${sha256}

What whoever installs ${title} ${version} is asked to grant:
${phrasesOf(wants).map(({ text }) => `  ${text}`).join("\n")}`,
  );
  return 0;
}

if (import.meta.main) await runTool(main);

import { readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { packageRefused } from "../package_paths.ts";
import { SIGNATURE_FILE, SUMS_FILE } from "../package_sums.ts";
import { readSignature, SIGNATURE_LIMIT, signatureRefused } from "./minisign.ts";

/** More than the sums of any package: 1,000 files, paths of 200 letters. */
const SUMS_BYTES = 512 * 1024;

/**
 * Checks what a package says of its files, and takes it out of them: a plugin's folder then has no file that its digest
 * leaves out.
 * @param content the package's folder
 * @param sums what its files really are
 * @returns the text of the signature, where there is one; whose it is, is not looked at
 * @throws {LatchkeyError} `plugin-package`, `plugin-signature` (422)
 */
export function takeClaims(content: string, sums: string): string | undefined {
  const claimed = textIn(content, SUMS_FILE, SUMS_BYTES);
  const signature = textIn(content, SIGNATURE_FILE, SIGNATURE_LIMIT);
  if (claimed !== undefined) assertSame(claimed, sums);
  else if (signature !== undefined) throw signatureRefused(`it has a ${SIGNATURE_FILE} but no ${SUMS_FILE}`);
  if (signature !== undefined) readSignature(signature);
  for (const name of [SUMS_FILE, SIGNATURE_FILE]) rmSync(join(content, name), { force: true });
  return signature;
}

/**
 * What a file of a package says that has to be read whole.
 * @returns undefined where there is none
 * @throws {LatchkeyError} `plugin-package` (422) where it is a folder, or larger than anybody needs
 */
export function textIn(content: string, name: string, bytes: number): string | undefined {
  const path = join(content, name);
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) return undefined;
  if (!stat.isFile()) throw packageRefused(`its ${name} is a folder`);
  if (stat.size > bytes) throw packageRefused(`its ${name} is larger than ${bytes / 1024} KiB`);
  return readFileSync(path, "utf8");
}

function assertSame(claimed: string, sums: string): void {
  if (claimed === sums) return;
  const [said, found] = [claimed, sums].map((text) =>
    new Map(text.split("\n").filter(Boolean).map((line) => [line.slice(66), line]))
  ) as [Map<string, string>, Map<string, string>];
  const name = [...said.keys(), ...found.keys()].find((path) => said.get(path) !== found.get(path));
  if (name === undefined) {
    throw packageRefused(`its ${SUMS_FILE} is not written as sha256sum does, each file once, by path`);
  }
  const what = !found.has(name) ? "which is not there" : said.has(name) ? "which is another" : undefined;
  const shown = JSON.stringify(name.slice(0, 100));
  throw packageRefused(
    what === undefined
      ? `its ${SUMS_FILE} does not list ${shown}`
      : `its ${SUMS_FILE} lists ${shown}, ${what}`,
  );
}

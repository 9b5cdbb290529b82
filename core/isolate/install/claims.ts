import { existsSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { packageRefused } from "../package_paths.ts";
import { SIGNATURE_FILE, SUMS_FILE } from "../package_sums.ts";
import { readSignature, SIGNATURE_LIMIT, signatureRefused } from "./minisign.ts";

/**
 * Checks what a package says of its files, and takes it out of them: a plugin's folder then has no file that its digest
 * leaves out.
 * @param content the package's folder
 * @param sums what its files really are
 * @returns the text of the signature, where there is one; whose it is, is not looked at
 * @throws {LatchkeyError} `plugin-package`, `plugin-signature` (422)
 */
export function takeClaims(content: string, sums: string): string | undefined {
  const [claimed, signed] = [join(content, SUMS_FILE), join(content, SIGNATURE_FILE)];
  const isSigned = existsSync(signed);
  if (existsSync(claimed)) assertSame(readFileSync(claimed, "utf8"), sums);
  else if (isSigned) throw signatureRefused(`it has a ${SIGNATURE_FILE} but no ${SUMS_FILE}`);
  if (isSigned && statSync(signed).size > SIGNATURE_LIMIT) {
    throw signatureRefused("its signature is none of minisign");
  }
  const signature = isSigned ? readFileSync(signed, "utf8") : undefined;
  if (signature !== undefined) readSignature(signature);
  for (const path of [claimed, signed]) rmSync(path, { force: true });
  return signature;
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

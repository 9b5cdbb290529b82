import { z } from "zod";
import {
  digestSchema,
  type GrantedPlugin,
  originSchema,
  pluginManifestSchema,
  type Signer,
  signerSchema,
} from "../manifest.ts";
import { newPhrases, phrasesOf } from "../plain_words.ts";
import { isSignedBy, signatureRefused } from "./minisign.ts";
import type { WaitingPackage } from "./staging.ts";
import type { TrustedKey } from "./trusted_keys.ts";
import { compareVersions } from "./versions.ts";

export const phraseSchema = z.strictObject({
  want: z.string(),
  text: z.string(),
  grave: z.boolean().describe("Whether it is about the doors, or opens the panel to others"),
});

/** A package that waits, as the owner is asked about it. */
export const proposalSchema = z.strictObject({
  digest: digestSchema,
  ...pluginManifestSchema.pick({ id: true, title: true, version: true }).shape,
  origin: originSchema,
  signer: signerSchema.nullable().describe("Who has signed it; null where nobody has"),
  signed: z.string().describe("The same in words"),
  change: z.enum(["new", "update", "downgrade", "same", "replaced"]).describe(
    "Against what is installed; replaced is the same version with other files",
  ),
  installed: z.string().nullable().describe("The version that is installed"),
  wants: z.array(phraseSchema).describe("All that it wants"),
  more: z.array(phraseSchema).describe("What of that was not granted before; without it nothing is new"),
  warnings: z.array(z.string()).describe("What the owner should know before"),
  refusal: z.string().nullable().describe("Why it can't be let in"),
});
export type Proposal = z.output<typeof proposalSchema>;

export interface Circumstances {
  keys: readonly TrustedKey[];
  /** What is installed under its id. */
  installed: GrantedPlugin | undefined;
  /** Ids of built-in plugins. */
  builtIn: readonly string[];
}

/**
 * What the owner is asked about a package, and told of it.
 * @param sums the text that a signature of it would be of
 * @throws {LatchkeyError} `plugin-signature` (422) where a key that is trusted did not make the signature that says so
 */
export function propose(
  { digest, manifest, origin, signature }: WaitingPackage,
  sums: string,
  { keys, installed, builtIn }: Circumstances,
): Proposal {
  const { id, title, version, wants } = manifest;
  const signer = signerOf(signature, sums, keys);
  const change = changeOf(digest, version, installed);
  return {
    digest,
    id,
    title,
    version,
    origin,
    signer,
    signed: signedText(signer),
    change,
    installed: installed?.manifest.version ?? null,
    wants: phrasesOf(wants),
    more: installed ? newPhrases(wants, installed.granted) : phrasesOf(wants),
    warnings: installed ? warningsOf({ change, version, origin, signer }, installed) : [],
    refusal: refusalOf({ id, version, origin }, installed, builtIn),
  };
}

export function signedText(signer: Signer | null): string {
  if (!signer) return "Not signed";
  return signer.name === null
    ? `Signed by a key you don't know (${signer.keyId})`
    : `Signed by ${signer.name}`;
}

function signerOf(
  signature: WaitingPackage["signature"],
  sums: string,
  keys: readonly TrustedKey[],
): Signer | null {
  if (!signature) return null;
  const { keyId } = signature;
  const known = keys.find((key) => key.keyId === keyId);
  if (!known) return { keyId, name: null };
  if (isSignedBy({ keyId, text: known.key }, signature, sums)) return { keyId, name: known.name };
  throw signatureRefused(`its signature says that it is by "${known.name}" (${keyId}), and it is not`);
}

function changeOf(digest: string, version: string, installed: GrantedPlugin | undefined): Proposal["change"] {
  if (!installed) return "new";
  if (installed.digest === digest) return "same";
  const order = compareVersions(version, installed.manifest.version);
  return order > 0 ? "update" : order < 0 ? "downgrade" : "replaced";
}

function warningsOf(
  { change, version, origin, signer }: Pick<Proposal, "change" | "version" | "origin" | "signer">,
  { manifest, ...before }: GrantedPlugin,
): string[] {
  const warnings: string[] = [];
  if (origin.package !== before.origin.package) {
    warnings.push(
      `ANOTHER PACKAGE: "${before.origin.package}" is installed, and this is "${origin.package}". ` +
        "Unless you know that both are the same author's, somebody else wants its place",
    );
  }
  const wasKnown = before.signer !== null && before.signer.name !== null;
  const isKnown = signer !== null && signer.name !== null;
  if (wasKnown && (!isKnown || signer.keyId !== before.signer?.keyId)) {
    warnings.push(
      `ANOTHER SIGNER: what is installed was signed by ${before.signer?.name}. This is ${
        lowered(signedText(signer))
      }`,
    );
  }
  if (change === "downgrade") {
    warnings.push(
      `OLDER: ${manifest.version} is installed, and this is ${version}. It may lack what was mended since`,
    );
  }
  if (change === "replaced") {
    warnings.push(
      `THE SAME VERSION, OTHER FILES: ${version} is installed, and this says that it is ${version} too`,
    );
  }
  return warnings;
}

function refusalOf(
  { id, version, origin }: Pick<Proposal, "id" | "version" | "origin">,
  installed: GrantedPlugin | undefined,
  builtIn: readonly string[],
): string | null {
  if (builtIn.includes(id)) return `"${id}" is the id of a built-in plugin`;
  const before = installed?.origin;
  const isOther = before?.package === origin.package && installed?.manifest.version === version &&
    before.integrity !== null && origin.integrity !== null && before.integrity !== origin.integrity;
  return isOther
    ? `${origin.package} ${version} is installed, and the registry of npm now has another archive by that name and version`
    : null;
}

const lowered = (text: string): string => text[0]!.toLowerCase() + text.slice(1);

import { createHash, X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import type { Pair } from "./certificates.ts";
import type { Moment, Period } from "./validity.ts";

/** Where the panel's certificate comes from: its own authority, or files of its owner. */
export interface CertificateSource {
  /** SHA-256 of the certificate that devices are to trust, lower case hexadecimal. */
  readonly fingerprint: string;
  /** The authority's certificate, PEM; absent where the owner brought a certificate. */
  readonly root?: string;
  /** What to show to devices now; the same object as the last time where nothing has changed. */
  pair(moment: Moment, names: readonly string[]): Promise<Pair>;
}

export function fingerprintOf(pem: string): string {
  return createHash("sha256").update(new X509Certificate(pem).raw).digest("hex");
}

export function periodOf(certificate: X509Certificate): Period {
  return { from: Date.parse(certificate.validFrom), until: Date.parse(certificate.validTo) };
}

/** Whether it is good for that name, in lower case, or address. `checkHost` on Deno 2.9.6 knows no wildcards. */
export function isGoodFor(certificate: X509Certificate, name: string): boolean {
  if (isIP(name) !== 0) return certificate.checkIP(name) !== undefined;
  const known = [...(certificate.subjectAltName ?? "").matchAll(/DNS:([^,\s]+)/g)].map(([, dns = ""]) =>
    dns.toLowerCase()
  );
  const anyBeside = name.replace(/^[^.]+/, "*");
  return known.includes(name) || (name.includes(".") && known.includes(anyBeside));
}

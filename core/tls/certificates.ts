import "reflect-metadata";
import { Buffer } from "node:buffer";
import { isIP } from "node:net";
import * as x509 from "@peculiar/x509";
import { type Random, randomId } from "../random.ts";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
/** Fixed: whatever the panel's clock shows when the root is made, it is good for every device. */
const ROOT_FROM = new Date("2025-01-01T00:00:00Z");
const ROOT_UNTIL = new Date("2065-01-01T00:00:00Z");
const DAY_MS = 24 * 60 * 60_000;
/** Apple takes no more than 825 days. */
const LEAF_DAYS = 800;

/** A certificate and its private key, each as PEM. */
export interface Pair {
  cert: string;
  key: string;
}

/** The panel's own authority: good for signing this panel's certificates, nothing below them. */
export async function makeRoot(name: string, random: Random): Promise<Pair> {
  const keys = await makeKeys();
  const cert = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serial(random),
    name: [{ CN: [`Latchkey ${name}`] }, { O: ["Latchkey"] }],
    notBefore: ROOT_FROM,
    notAfter: ROOT_UNTIL,
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { cert: cert.toString("pem"), key: await pemOf(keys.privateKey) };
}

/**
 * What the panel shows to browsers.
 * @param names host names and addresses
 * @param now wall time, ms
 */
export async function makeLeaf(
  root: Pair,
  names: readonly string[],
  now: number,
  random: Random,
): Promise<Pair> {
  const issuer = new x509.X509Certificate(root.cert);
  const signingKey = await crypto.subtle.importKey(
    "pkcs8",
    x509.PemConverter.decodeFirst(root.key),
    ALGORITHM,
    false,
    ["sign"],
  );
  const keys = await makeKeys();
  const cert = await x509.X509CertificateGenerator.create({
    serialNumber: serial(random),
    subject: [{ CN: [names[0] ?? "panel"] }],
    issuer: issuer.subject,
    notBefore: new Date(now - DAY_MS),
    notAfter: new Date(now + LEAF_DAYS * DAY_MS),
    signingAlgorithm: ALGORITHM,
    publicKey: keys.publicKey,
    signingKey,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(
        names.map((value) => ({ type: isIP(value) ? "ip" as const : "dns" as const, value })),
      ),
      await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { cert: cert.toString("pem"), key: await pemOf(keys.privateKey) };
}

function makeKeys(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]) as Promise<CryptoKeyPair>;
}

async function pemOf(key: CryptoKey): Promise<string> {
  const bytes = Buffer.from(await crypto.subtle.exportKey("pkcs8", key)).toString("base64");
  return `-----BEGIN PRIVATE KEY-----\n${
    bytes.replace(/.{64}/g, "$&\n").trimEnd()
  }\n-----END PRIVATE KEY-----\n`;
}

/** Positive, and not twice by chance. */
function serial(random: Random): string {
  return `00${randomId(random)}`;
}

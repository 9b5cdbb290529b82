import { Buffer } from "node:buffer";
import { createHash, generateKeyPairSync, type KeyObject, sign, X509Certificate } from "node:crypto";
import { AsnConvert, OctetString } from "@peculiar/asn1-schema";
import * as asn from "@peculiar/asn1-x509";
import type { Random } from "../random.ts";
import type { Names } from "./names.ts";
import type { Period } from "./validity.ts";

const ECDSA_SHA256 = "1.2.840.10045.4.3.2";
const COMMON_NAME = "2.5.4.3";

export interface Contents {
  subject: asn.Name;
  issuer: asn.Name;
  spki: asn.SubjectPublicKeyInfo;
  period: Period;
  extensions: asn.Extension[];
}

/** Signs a certificate with a P-256 key; PEM. */
export function signCertificate(contents: Contents, signer: KeyObject, random: Random): string {
  const { subject, issuer, spki, period, extensions } = contents;
  const serial = random(16);
  // Positive, and with no leading zeros.
  serial[0] = serial[0]! & 0x7f | 0x40;
  const algorithm = new asn.AlgorithmIdentifier({ algorithm: ECDSA_SHA256 });
  const tbsCertificate = new asn.TBSCertificate({
    version: asn.Version.v3,
    serialNumber: bytes(serial),
    signature: algorithm,
    issuer,
    validity: new asn.Validity({ notBefore: new Date(period.from), notAfter: new Date(period.until) }),
    subject,
    subjectPublicKeyInfo: spki,
    extensions: new asn.Extensions(extensions),
  });
  const signature = sign("sha256", new Uint8Array(AsnConvert.serialize(tbsCertificate)), signer);
  const certificate = new asn.Certificate({
    tbsCertificate,
    signatureAlgorithm: algorithm,
    signatureValue: bytes(signature),
  });
  const text = Buffer.from(AsnConvert.serialize(certificate)).toString("base64").replace(/.{1,64}/g, "$&\n");
  return `-----BEGIN CERTIFICATE-----\n${text}-----END CERTIFICATE-----\n`;
}

export function readCertificate(pem: string): asn.TBSCertificate {
  return AsnConvert.parse(new X509Certificate(pem).raw, asn.Certificate).tbsCertificate;
}

export function extension(extnID: string, critical: boolean, value: unknown): asn.Extension {
  return new asn.Extension({ extnID, critical, extnValue: new OctetString(AsnConvert.serialize(value)) });
}

/** A distinguished name of nothing but a common name. */
export function commonName(text: string): asn.Name {
  const value = new asn.AttributeValue({ utf8String: text });
  const attribute = new asn.AttributeTypeAndValue({ type: COMMON_NAME, value });
  return new asn.Name([new asn.RelativeDistinguishedName([attribute])]);
}

export function generalNames({ dns, ips }: Names): asn.GeneralName[] {
  return [
    ...dns.map((dNSName) => new asn.GeneralName({ dNSName })),
    ...ips.map((iPAddress) => new asn.GeneralName({ iPAddress })),
  ];
}

export interface P256Key {
  spki: asn.SubjectPublicKeyInfo;
  privateKey: KeyObject;
}

export function makeKey(): P256Key {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const spki = AsnConvert.parse(publicKey.export({ type: "spki", format: "der" }), asn.SubjectPublicKeyInfo);
  return { spki, privateKey };
}

export function pemOf(privateKey: KeyObject): string {
  return privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}

/** As RFC 5280 suggests in 4.2.1.2: SHA-1 only names the key here, it protects nothing. */
export function keyId({ subjectPublicKey }: asn.SubjectPublicKeyInfo): Buffer {
  return createHash("sha1").update(new Uint8Array(subjectPublicKey)).digest();
}

function bytes(view: Uint8Array): ArrayBuffer {
  return Uint8Array.from(view).buffer;
}

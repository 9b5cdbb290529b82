import { createPrivateKey } from "node:crypto";
import { AsnConvert } from "@peculiar/asn1-schema";
import * as asn from "@peculiar/asn1-x509";
import type { Random } from "../random.ts";
import {
  commonName,
  extension,
  generalNames,
  keyId,
  makeKey,
  pemOf,
  readCertificate,
  signCertificate,
} from "./der.ts";
import type { Names } from "./names.ts";
import { type Period, ROOT_PERIOD } from "./validity.ts";

/** A certificate, or a chain of them, and the private key; each as PEM. */
export interface Pair {
  cert: string;
  key: string;
}

/** X.509 allows a common name 64 letters; these are what is left beside "Latchkey " and the mark. */
const LONGEST_NAME = 46;

/**
 * The panel's own authority. It vouches for servers within `constraints` and for nothing else: not for other
 * authorities, not for programs or mail. So whoever trusts it does not trust it with the internet.
 */
export function makeRoot(name: string, constraints: Names, random: Random): Pair {
  const { spki, privateKey } = makeKey();
  // Two panels of one name, or one before and after a reset, must not be taken for one another.
  const mark = keyId(spki).toString("hex").slice(0, 8);
  const subject = commonName(`Latchkey ${[...name].slice(0, LONGEST_NAME).join("")} ${mark}`);
  const subtrees = generalNames(constraints).map((base) => new asn.GeneralSubtree({ base }));
  const permittedSubtrees = new asn.GeneralSubtrees(subtrees);
  const extensions = [
    extension(asn.id_ce_basicConstraints, true, new asn.BasicConstraints({ cA: true, pathLenConstraint: 0 })),
    extension(asn.id_ce_keyUsage, true, new asn.KeyUsage(asn.KeyUsageFlags.keyCertSign)),
    extension(asn.id_ce_extKeyUsage, false, new asn.ExtendedKeyUsage([asn.id_kp_serverAuth])),
    extension(asn.id_ce_nameConstraints, true, new asn.NameConstraints({ permittedSubtrees })),
    extension(asn.id_ce_subjectKeyIdentifier, false, new asn.SubjectKeyIdentifier(keyId(spki))),
  ];
  const contents = { subject, issuer: subject, spki, period: ROOT_PERIOD, extensions };
  return { cert: signCertificate(contents, privateKey, random), key: pemOf(privateKey) };
}

/** What the panel shows to browsers. */
export function makeLeaf(root: Pair, names: Names, period: Period, random: Random): Pair {
  const issuer = readCertificate(root.cert);
  const { spki, privateKey } = makeKey();
  const keyIdentifier = new asn.KeyIdentifier(keyId(issuer.subjectPublicKeyInfo));
  const extensions = [
    extension(asn.id_ce_basicConstraints, true, new asn.BasicConstraints({ cA: false })),
    extension(asn.id_ce_keyUsage, true, new asn.KeyUsage(asn.KeyUsageFlags.digitalSignature)),
    extension(asn.id_ce_extKeyUsage, false, new asn.ExtendedKeyUsage([asn.id_kp_serverAuth])),
    extension(asn.id_ce_subjectAltName, false, new asn.SubjectAlternativeName(generalNames(names))),
    extension(asn.id_ce_authorityKeyIdentifier, false, new asn.AuthorityKeyIdentifier({ keyIdentifier })),
    extension(asn.id_ce_subjectKeyIdentifier, false, new asn.SubjectKeyIdentifier(keyId(spki))),
  ];
  const contents = {
    subject: commonName("Latchkey panel"),
    issuer: issuer.subject,
    spki,
    period,
    extensions,
  };
  return { cert: signCertificate(contents, createPrivateKey(root.key), random), key: pemOf(privateKey) };
}

/** What a root made by `makeRoot` may vouch for. */
export function constraintsOf(rootCert: string): Names {
  const found = readCertificate(rootCert).extensions?.find(({ extnID }) =>
    extnID === asn.id_ce_nameConstraints
  );
  if (!found) return { dns: [], ips: [] };
  const { permittedSubtrees } = AsnConvert.parse(found.extnValue.buffer, asn.NameConstraints);
  const bases = [...permittedSubtrees ?? []].map(({ base }) => base);
  return {
    dns: bases.flatMap(({ dNSName }) => dNSName ?? []),
    ips: bases.flatMap(({ iPAddress }) => iPAddress ?? []),
  };
}

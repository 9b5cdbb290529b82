import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { createSecureContext } from "node:tls";
import { LatchkeyError } from "../errors.ts";
import { errorText, type Log } from "../log.ts";
import type { Pair } from "./certificates.ts";
import type { PairFiles } from "./key_files.ts";
import { sortNames } from "./names.ts";
import { type CertificateSource, fingerprintOf, isGoodFor, periodOf } from "./source.ts";
import type { Moment } from "./validity.ts";

export interface OwnCertificateOptions {
  /** As configured: the certificate, or a chain with it in front, and its key. */
  files: PairFiles;
  /** The names and addresses that the configuration gives the panel. */
  names: readonly string[];
  log: Log;
}

/**
 * A certificate that the owner brought. Read again when it is renewed.
 * @throws {LatchkeyError} `tls-file-unreadable`, `tls-file-damaged`, `tls-key-mismatch`, `tls-name-missing`
 */
export function openOwnCertificate(options: OwnCertificateOptions): CertificateSource {
  const pair = readPair(options.files);
  checkNames(pair.cert, options);
  return new OwnCertificate(pair, options);
}

class OwnCertificate implements CertificateSource {
  readonly #options: OwnCertificateOptions;
  #pair: Pair;
  /** What was last said of it, so that it is said once. */
  #said = "";

  constructor(pair: Pair, options: OwnCertificateOptions) {
    this.#pair = pair;
    this.#options = options;
  }

  get fingerprint(): string {
    return fingerprintOf(this.#pair.cert);
  }

  pair({ now }: Moment): Promise<Pair> {
    const { files, log } = this.#options;
    let fault = "";
    try {
      const next = readPair(files);
      if (next.cert !== this.#pair.cert || next.key !== this.#pair.key) this.#pair = next;
    } catch (error) {
      fault = errorText(error);
    }
    fault ||= periodFault(this.#pair.cert, now);
    if (fault !== "" && fault !== this.#said) log.error(fault);
    this.#said = fault;
    return Promise.resolve(this.#pair);
  }
}

function readPair(files: PairFiles): Pair {
  const pair = { cert: readText("tls.cert", files.cert), key: readText("tls.key", files.key) };
  const certificate = parse(
    "tls.cert",
    files.cert,
    "a certificate in PEM form",
    () => new X509Certificate(pair.cert),
  );
  const key: KeyObject = parse(
    "tls.key",
    files.key,
    "a private key in PEM form without a passphrase",
    () => createPrivateKey(pair.key),
  );
  if (certificate.checkPrivateKey(key)) {
    parse("tls.cert", files.cert, "a certificate that can be used", () => createSecureContext(pair));
    return pair;
  }
  throw fault(
    "tls-key-mismatch",
    "tls.key",
    files.key,
    `is not the key of the certificate in "${files.cert}"`,
  );
}

function readText(field: string, path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw fault("tls-file-unreadable", field, path, `can't be read: ${errorText(error)}`, error);
  }
}

function parse<T>(field: string, path: string, what: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw fault("tls-file-damaged", field, path, `does not hold ${what} (${errorText(error)})`, error);
  }
}

/** It has to be good for one name at least, or no browser could ever open the panel without a warning. */
function checkNames(pem: string, { names, files, log }: OwnCertificateOptions): void {
  const certificate = new X509Certificate(pem);
  const { dns, ips } = sortNames(names);
  const wanted = [...dns, ...ips];
  const missing = wanted.filter((name) => !isGoodFor(certificate, name));
  if (missing.length === wanted.length) {
    const has = certificate.subjectAltName ?? "none";
    throw fault(
      "tls-name-missing",
      "tls.cert",
      files.cert,
      `is for other names than the panel's. It has: ${has}. The panel's, by \`host\` and \`hosts\`: ` +
        `${wanted.join(", ") || "none"}`,
    );
  }
  for (const name of missing) log.warn("The certificate in tls.cert is not good for this name", { name });
}

/** Only told: a panel that did not start for it would open for no badge either. */
function periodFault(pem: string, now: number): string {
  const { from, until } = periodOf(new X509Certificate(pem));
  const date = (time: number) => new Date(time).toISOString().slice(0, 10);
  if (now > until) return `The certificate in tls.cert has expired on ${date(until)}: browsers refuse it`;
  if (now < from) return `The certificate in tls.cert is not good before ${date(from)}: browsers refuse it`;
  return "";
}

function fault(code: string, field: string, path: string, what: string, cause?: unknown): LatchkeyError {
  return new LatchkeyError(code, `The file in ${field}, "${path}", ${what}`, {
    ...(cause === undefined ? {} : { cause }),
    faults: [{ field, value: path, message: what }],
  });
}

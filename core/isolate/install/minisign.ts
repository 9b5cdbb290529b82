import { Buffer } from "node:buffer";
import { createHash, createPublicKey, verify } from "node:crypto";
import { LatchkeyError } from "../../errors.ts";

/** A public key of minisign: what its program prints, or the line of its file that is no comment. */
export interface MinisignKey {
  /** As minisign shows it: 16 hexadecimal digits. */
  keyId: string;
  /** The key in base64, as it is given to `minisign -P`. */
  text: string;
}

export interface Signature {
  keyId: string;
  /** Whether what is signed is a digest of the content: minisign's way since 2021. */
  hashed: boolean;
  bytes: Buffer;
  /** Signed too; the first comment of the file is not, and is not looked at. */
  comment: string;
  ofComment: Buffer;
}

const KEY_BYTES = 42;
const SIGNATURE_BYTES = 74;
/** What a signature's file may hold. */
export const SIGNATURE_LIMIT = 8 * 1024;
const TRUSTED = "trusted comment: ";
/** Before a key of Ed25519 where it is spelled as others are. */
const SPKI = Buffer.from("302a300506032b6570032100", "hex");

/** @throws {LatchkeyError} `key-refused` (422) */
export function readKey(given: string): MinisignKey {
  const lines = given.split("\n").map((line) => line.trim()).filter((line) => line !== "");
  const text = lines.filter((line) => !line.startsWith("untrusted comment:")).join(" ");
  const bytes = decode(text, KEY_BYTES);
  if (bytes?.toString("latin1", 0, 2) !== "Ed") {
    throw new LatchkeyError(
      "key-refused",
      `key is "${given.slice(0, 80)}": a public key of minisign, 56 characters that begin with RW`,
      { status: 422 },
    );
  }
  return { keyId: keyIdIn(bytes), text };
}

/** @throws {LatchkeyError} `plugin-signature` (422) */
export function readSignature(text: string): Signature {
  const [comment = "", first = "", trusted = "", second = "", ...rest] = text.split("\n");
  const bytes = decode(first.trim(), SIGNATURE_BYTES);
  const ofComment = decode(second.trim(), 64);
  const kind = bytes?.toString("latin1", 0, 2);
  if (
    !comment.startsWith("untrusted comment: ") || !trusted.startsWith(TRUSTED) ||
    rest.join("").trim() !== "" ||
    !bytes || !ofComment || (kind !== "Ed" && kind !== "ED")
  ) {
    throw signatureRefused("its signature is none of minisign");
  }
  return {
    keyId: keyIdIn(bytes),
    hashed: kind === "ED",
    bytes: bytes.subarray(10),
    comment: trusted.slice(TRUSTED.length).replace(/\r$/, ""),
    ofComment,
  };
}

/** Whether that key has made this signature of that content. */
export function isSignedBy(key: MinisignKey, signature: Signature, content: string): boolean {
  if (key.keyId !== signature.keyId) return false;
  const raw = Buffer.from(key.text, "base64").subarray(10);
  const publicKey = createPublicKey({ key: Buffer.concat([SPKI, raw]), format: "der", type: "spki" });
  const signed = signature.hashed ? createHash("blake2b512").update(content).digest() : Buffer.from(content);
  const comment = Buffer.concat([signature.bytes, Buffer.from(signature.comment)]);
  return verify(null, signed, publicKey, signature.bytes) &&
    verify(null, comment, publicKey, signature.ofComment);
}

export function signatureRefused(why: string): LatchkeyError {
  return new LatchkeyError("plugin-signature", `The plugin's package can't be used: ${why}`, { status: 422 });
}

const keyIdIn = (bytes: Buffer): string =>
  Buffer.from(bytes.subarray(2, 10)).reverse().toString("hex").toUpperCase();

/** Base64 spelled as it is written, of just that many bytes. */
function decode(text: string, length: number): Buffer | undefined {
  const bytes = Buffer.from(text, "base64");
  return bytes.length === length && bytes.toString("base64") === text ? bytes : undefined;
}

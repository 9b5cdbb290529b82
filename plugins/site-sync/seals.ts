import { Buffer } from "node:buffer";
import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { compactDecrypt, CompactEncrypt, CompactSign, compactVerify, importJWK } from "jose";
import type { z } from "zod";

/** Half of a pair is public: both in base64url, as in a JSON Web Key. */
export interface KeyPair {
  x: string;
  d: string;
}

const SIGNS = "Ed25519";
const AGREES = "ECDH-ES";
const CURVE = "X25519";
const CIPHER = "A256GCM";
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** To sign with: Ed25519. */
export function newSigner(): KeyPair {
  return pairOf(generateKeyPairSync("ed25519").privateKey);
}

/** To be sent secrets: X25519. */
export function newBox(): KeyPair {
  return pairOf(generateKeyPairSync("x25519").privateKey);
}

function pairOf(privateKey: KeyObject): KeyPair {
  const { x = "", d = "" } = privateKey.export({ format: "jwk" });
  return { x, d };
}

/** A JSON Web Signature (RFC 7515); `kind` is what it says, so that nothing is taken for something else. */
export async function signed(signer: KeyPair, kind: string, body: object): Promise<string> {
  const key = await importJWK({ kty: "OKP", crv: SIGNS, ...signer }, SIGNS);
  return await new CompactSign(encoder.encode(JSON.stringify(body)))
    .setProtectedHeader({ alg: SIGNS, typ: kind }).sign(key);
}

/** What was signed by the owner of this public key, as what it is taken for; undefined for anything else. */
export async function verified<T>(
  text: string,
  publicKey: string,
  kind: string,
  schema: z.ZodType<T>,
): Promise<T | undefined> {
  try {
    const key = await importJWK({ kty: "OKP", crv: SIGNS, x: publicKey }, SIGNS);
    const { payload, protectedHeader } = await compactVerify(text, key, { algorithms: [SIGNS] });
    if (protectedHeader.typ !== kind) return undefined;
    return schema.safeParse(JSON.parse(decoder.decode(payload))).data;
  } catch {
    return undefined;
  }
}

/** What a document says before it is known whether that is true: to find out by whose key to verify it. */
export function claimed<T>(text: string, schema: z.ZodType<T>): T | undefined {
  try {
    const [, payload = ""] = text.split(".");
    return schema.safeParse(JSON.parse(Buffer.from(payload, "base64url").toString("utf8"))).data;
  } catch {
    return undefined;
  }
}

/** For the owner of this public key alone: JSON Web Encryption (RFC 7516). */
export async function sealedFor(publicKey: string, text: string): Promise<string> {
  const key = await importJWK({ kty: "OKP", crv: CURVE, x: publicKey }, AGREES);
  return await new CompactEncrypt(encoder.encode(text))
    .setProtectedHeader({ alg: AGREES, enc: CIPHER }).encrypt(key);
}

export async function unsealed(box: KeyPair, text: string): Promise<string | undefined> {
  try {
    const key = await importJWK({ kty: "OKP", crv: CURVE, ...box }, AGREES);
    const options = { keyManagementAlgorithms: [AGREES], contentEncryptionAlgorithms: [CIPHER] };
    return decoder.decode((await compactDecrypt(text, key, options)).plaintext);
  } catch {
    return undefined;
  }
}

/** For whoever has the key; good at this `place` only. @param key 64 hexadecimal digits */
export async function locked(key: string, place: string, text: string): Promise<string> {
  return await new CompactEncrypt(encoder.encode(text))
    .setProtectedHeader({ alg: "dir", enc: CIPHER, place }).encrypt(bytesOf(key));
}

export async function unlocked(key: string, place: string, text: string): Promise<string | undefined> {
  try {
    const options = { keyManagementAlgorithms: ["dir"], contentEncryptionAlgorithms: [CIPHER] };
    const { plaintext, protectedHeader } = await compactDecrypt(text, bytesOf(key), options);
    return protectedHeader["place"] === place ? decoder.decode(plaintext) : undefined;
  } catch {
    return undefined;
  }
}

function bytesOf(key: string): Uint8Array {
  return new Uint8Array(Buffer.from(key, "hex"));
}

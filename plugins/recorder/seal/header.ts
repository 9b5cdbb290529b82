import { Buffer } from "node:buffer";
import { randomBytes } from "node:crypto";
import { LatchkeyError } from "../../../core/mod.ts";
import { type Content, contentKey, NONCE_BYTES, openSealed } from "./stream.ts";

/** A header for one recipient has some 200 bytes; what has none by here is no file of age's. */
const LONGEST_HEADER = 4_096;
const BEGINNING = "age-encryption.org/v1\n";
/** The last line, which ends the header. */
const END = /\n--- [^\n]+\n/;

/** Begins a file that whoever has the recipient's private half can open, as age does. */
export async function sealedBeginning(recipient: string): Promise<{ bytes: Buffer; key: Buffer }> {
  const { Encrypter } = await import("age-encryption");
  const fileKey = Promise.withResolvers<Uint8Array>();
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipient);
  // Of no stanza of its own: it only looks at the key that the file gets.
  encrypter.addRecipient({
    wrapFileKey(key) {
      fileKey.resolve(new Uint8Array(key));
      return [];
    },
  });
  const empty = Buffer.from(await encrypter.encrypt(new Uint8Array(0)));
  const nonce = randomBytes(NONCE_BYTES);
  const header = empty.subarray(0, endOfHeader(empty));
  return { bytes: Buffer.concat([header, nonce]), key: contentKey(await fileKey.promise, nonce) };
}

/**
 * What is in a sealed file.
 * @throws {LatchkeyError} `clip-foreign` (409) where another key would be needed, `clip-damaged` (409)
 */
export async function unsealed(file: Content, identity: string): Promise<Content> {
  const { Decrypter } = await import("age-encryption");
  const beginning = Buffer.from(await file.read(0, LONGEST_HEADER));
  const end = endOfHeader(beginning);
  if (end === 0 || beginning.length < end + NONCE_BYTES) throw damaged();
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  const fileKey = await decrypter.decryptHeader(new Uint8Array(beginning.subarray(0, end))).catch(() => {
    throw new LatchkeyError(
      "clip-foreign",
      "This recording was encrypted for another panel, or with an encryption that was given up since",
      { status: 409 },
    );
  });
  const begins = end + NONCE_BYTES;
  return await openSealed({ file, begins, key: contentKey(fileKey, beginning.subarray(end, begins)) });
}

/** Where the header ends; 0 where it does not, or is none. */
function endOfHeader(bytes: Buffer): number {
  const text = bytes.toString("latin1");
  const found = text.startsWith(BEGINNING) ? END.exec(text) : null;
  return found ? found.index + found[0].length : 0;
}

export function damaged(why = "This recording is damaged at its beginning"): LatchkeyError {
  return new LatchkeyError("clip-damaged", why, { status: 409 });
}

/** All of a small file, sealed. */
export async function sealedWhole(recipient: string, content: Uint8Array): Promise<Uint8Array> {
  const { Encrypter } = await import("age-encryption");
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipient);
  return await encrypter.encrypt(content);
}

import { Buffer } from "node:buffer";
import { createCipheriv, createDecipheriv, randomBytes, scrypt } from "node:crypto";
import type { Identity, Recipient, Stanza } from "age-encryption";
import { LatchkeyError } from "../errors.ts";
import { errorText } from "../log.ts";

/**
 * The base-2 logarithm of scrypt's cost: 64 MiB and about half a second of one core on a desktop, some seconds on a
 * small board. age itself takes 18, which is 256 MiB: more than some boards have in all.
 */
const WORK_FACTOR = 16;
/** What a file may ask of whoever opens it: what age makes by itself, and no more. */
const HIGHEST_WORK_FACTOR = 18;

const BEGINNING = Buffer.from("age-encryption.org/v1\n");
const NONCE = new Uint8Array(12);
const TAG_BYTES = 16;
const FILE_KEY_BYTES = 16;

type Bytes = ReadableStream<Uint8Array<ArrayBuffer>>;

/** What age makes of `plain` with a passphrase. Loaded when it is needed: few panels ever are asked. */
export async function encrypted(plain: Bytes, passphrase: string): Promise<Bytes> {
  const { Encrypter, Stanza } = await import("age-encryption");
  const recipient: Recipient = {
    async wrapFileKey(fileKey) {
      const salt = randomBytes(16);
      const cipher = createCipheriv("chacha20-poly1305", await keyOf(passphrase, salt, WORK_FACTOR), NONCE, {
        authTagLength: TAG_BYTES,
      });
      const body = Buffer.concat([cipher.update(fileKey), cipher.final(), cipher.getAuthTag()]);
      return [new Stanza(["scrypt", unpadded(salt), String(WORK_FACTOR)], new Uint8Array(body))];
    },
  };
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipient);
  return await encrypter.encrypt(plain) as Bytes;
}

/**
 * The content of a file that age has locked with a passphrase. What was changed or cut off makes the stream fail.
 * @throws {LatchkeyError} `passphrase-wrong`, `backup-unknown`, `backup-damaged`
 */
export async function decrypted(cipher: Bytes, passphrase: string): Promise<Bytes> {
  const { Decrypter } = await import("age-encryption");
  const decrypter = new Decrypter();
  decrypter.addIdentity(identityOf(passphrase));
  const checked = await beginningChecked(cipher);
  try {
    return await decrypter.decrypt(checked) as Bytes;
  } catch (error) {
    if (error instanceof LatchkeyError) throw error;
    throw new LatchkeyError("backup-damaged", `The backup is damaged at its beginning (${errorText(error)})`);
  }
}

/** Tells what never was a backup from one that was damaged. */
async function beginningChecked(cipher: Bytes): Promise<Bytes> {
  const reader = cipher.getReader();
  let read = Buffer.alloc(0);
  while (read.length < BEGINNING.length) {
    const { done, value } = await reader.read();
    if (done) break;
    read = Buffer.concat([read, value]);
  }
  if (!read.subarray(0, BEGINNING.length).equals(BEGINNING)) {
    throw new LatchkeyError("backup-unknown", "This file is no backup: it does not begin as one");
  }
  return new ReadableStream({
    start: (controller) => controller.enqueue(new Uint8Array(read)),
    async pull(controller) {
      const { done, value } = await reader.read();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: (reason) => reader.cancel(reason),
  });
}

function identityOf(passphrase: string): Identity {
  return {
    async unwrapFileKey(stanzas) {
      const { salt, workFactor, body } = partsOf(stanzas);
      const decipher = createDecipheriv(
        "chacha20-poly1305",
        await keyOf(passphrase, salt, workFactor),
        NONCE,
        {
          authTagLength: TAG_BYTES,
        },
      );
      decipher.setAuthTag(body.subarray(FILE_KEY_BYTES));
      try {
        return new Uint8Array(
          Buffer.concat([decipher.update(body.subarray(0, FILE_KEY_BYTES)), decipher.final()]),
        );
      } catch {
        throw new LatchkeyError(
          "passphrase-wrong",
          "This is not the passphrase that the backup was made with, or its beginning was changed",
          { status: 403 },
        );
      }
    },
  };
}

function partsOf(stanzas: Stanza[]): { salt: Uint8Array; workFactor: number; body: Uint8Array } {
  const [stanza] = stanzas;
  const [kind, salt = "", factor = ""] = stanza?.args ?? [];
  if (!stanza || kind !== "scrypt") {
    throw new LatchkeyError(
      "backup-unknown",
      "This file is no backup: it is locked with a key, not a passphrase",
    );
  }
  const saltBytes = new Uint8Array(Buffer.from(salt, "base64"));
  const wellFormed = stanzas.length === 1 && stanza.args.length === 3 && saltBytes.length === 16 &&
    /^[1-9]\d?$/.test(factor) && stanza.body.length === FILE_KEY_BYTES + TAG_BYTES;
  if (!wellFormed) throw new LatchkeyError("backup-damaged", "The backup is damaged at its beginning");
  const workFactor = Number(factor);
  if (workFactor > HIGHEST_WORK_FACTOR) {
    throw new LatchkeyError(
      "backup-unknown",
      `To open this file would take ${2 ** (workFactor - 10)} MiB of memory (work factor ${workFactor}); ` +
        `backups have ${WORK_FACTOR}, and at most ${HIGHEST_WORK_FACTOR} is tried`,
    );
  }
  return { salt: saltBytes, workFactor, body: stanza.body };
}

/** On a thread of its own: the doors do not wait for it. */
function keyOf(passphrase: string, salt: Uint8Array, workFactor: number): Promise<Buffer> {
  const cost = 2 ** workFactor;
  const options = { N: cost, r: 8, p: 1, maxmem: 1024 * cost + 1024 * 1024 };
  const salted = Buffer.concat([Buffer.from("age-encryption.org/v1/scrypt"), salt]);
  return new Promise((done, fail) =>
    scrypt(passphrase, salted, 32, options, (error, key) => error ? fail(error) : done(key))
  );
}

function unpadded(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64").replace(/=+$/, "");
}

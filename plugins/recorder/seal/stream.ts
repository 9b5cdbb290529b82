import { Buffer } from "node:buffer";
import { createCipheriv, createDecipheriv, hkdfSync } from "node:crypto";

/** Of age's format (age-encryption.org/v1): what is encrypted at a time, and what that adds. */
export const CHUNK_BYTES = 64 * 1024;
const TAG_BYTES = 16;
export const NONCE_BYTES = 16;
const SEALED_BYTES = CHUNK_BYTES + TAG_BYTES;

/** The key of the content. @param nonce what stands behind the header */
export function contentKey(fileKey: Uint8Array, nonce: Uint8Array): Buffer {
  return Buffer.from(hkdfSync("sha256", fileKey, nonce, "payload", 32));
}

/** Eleven bytes that count, and one that says whether this is the last. */
function nonceOf(number: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeUIntBE(number, 5, 6);
  nonce[11] = isLast ? 1 : 0;
  return nonce;
}

/** Encrypts content as it comes, a chunk at a time. */
export class Sealer {
  readonly #key: Buffer;
  #number = 0;
  #held: Buffer = Buffer.alloc(0);

  constructor(key: Buffer) {
    this.#key = key;
  }

  /** How many bytes are missing to a whole chunk; 0 where nothing is held back. */
  get missing(): number {
    return this.#held.length === 0 ? 0 : CHUNK_BYTES - this.#held.length;
  }

  /** @returns the chunks that are whole now: a crash loses none of them */
  push(bytes: Uint8Array): Buffer {
    const all = Buffer.concat([this.#held, bytes]);
    const whole = Math.floor(all.length / CHUNK_BYTES);
    const sealed: Buffer[] = [];
    for (let i = 0; i < whole; i++) {
      sealed.push(this.#seal(all.subarray(i * CHUNK_BYTES, (i + 1) * CHUNK_BYTES), false));
    }
    this.#held = Buffer.from(all.subarray(whole * CHUNK_BYTES));
    return Buffer.concat(sealed);
  }

  /** The last chunk. @throws {Error} where it would be empty: age refuses such a file */
  end(): Buffer {
    if (this.#held.length === 0 && this.#number > 0) throw new Error("The last chunk must not be empty");
    return this.#seal(this.#held, true);
  }

  #seal(chunk: Uint8Array, isLast: boolean): Buffer {
    const cipher = createCipheriv("chacha20-poly1305", this.#key, nonceOf(this.#number++, isLast), {
      authTagLength: TAG_BYTES,
    });
    return Buffer.concat([cipher.update(chunk), cipher.final(), cipher.getAuthTag()]);
  }
}

/** Content that is read from anywhere in it. */
export interface Content {
  readonly size: number;
  /** Fewer bytes where it ends. */
  read(at: number, length: number): Promise<Uint8Array>;
}

export interface SealedContent {
  /** The file, and where its chunks begin. */
  file: Content;
  begins: number;
  key: Buffer;
}

/**
 * Opens sealed content. A file that was cut off has no last chunk: what stands in the whole ones is read, and nothing of
 * what is behind them. @throws {Error} on reading a chunk that was changed
 */
export async function openSealed({ file, begins, key }: SealedContent): Promise<Content> {
  const bytes = Math.max(0, file.size - begins);
  const whole = Math.floor(bytes / SEALED_BYTES);
  const rest = bytes - whole * SEALED_BYTES;
  /** Two, since a reader goes back and forth over a border. */
  const recent = new Map<number, Buffer>();

  async function chunk(number: number): Promise<Buffer> {
    const known = recent.get(number);
    if (known) return known;
    const sealed = await file.read(begins + number * SEALED_BYTES, SEALED_BYTES);
    const plain = opened(key, number, sealed, number === whole) ??
      // A last chunk may be a whole one.
      (number === whole - 1 && rest === 0 ? opened(key, number, sealed, true) : undefined);
    if (!plain) throw new Error(`Chunk ${number} of the file was changed, or is another file's`);
    recent.set(number, plain);
    if (recent.size > 2) recent.delete(recent.keys().next().value!);
    return plain;
  }

  const last = rest > TAG_BYTES
    ? opened(key, whole, await file.read(begins + whole * SEALED_BYTES, rest), true)
    : undefined;
  const size = whole * CHUNK_BYTES + (last?.length ?? 0);
  return {
    size,
    async read(at, length) {
      const end = Math.min(size, at + length);
      const parts: Buffer[] = [];
      for (let place = at; place < end;) {
        const number = Math.floor(place / CHUNK_BYTES);
        const from = place - number * CHUNK_BYTES;
        const part = (await chunk(number)).subarray(from, from + end - place);
        parts.push(part);
        place += part.length;
      }
      return Buffer.concat(parts);
    },
  };
}

function opened(key: Buffer, number: number, sealed: Uint8Array, isLast: boolean): Buffer | undefined {
  const end = sealed.length - TAG_BYTES;
  if (end < 0) return undefined;
  const decipher = createDecipheriv("chacha20-poly1305", key, nonceOf(number, isLast), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAuthTag(sealed.subarray(end));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(0, end)), decipher.final()]);
  } catch {
    return undefined;
  }
}

import { Buffer } from "node:buffer";
import {
  type Cancel,
  decrypted,
  encrypted,
  errorText,
  type Json,
  LatchkeyError,
  oneAtATime,
  type PluginStore,
} from "../../../core/mod.ts";
import { z } from "zod";

const KEY = "encryption";
const keptSchema = z.strictObject({
  /** Whether new recordings are encrypted. */
  on: z.boolean(),
  recipient: z.string(),
  /** The private half, locked with the password as age does it; base64. */
  locked: z.string(),
});
type Kept = z.output<typeof keptSchema>;

/** The open key is forgotten this long after it was last used, ms. */
const FORGET_MS = 15 * 60_000;
/** So many wrong passwords are free; then each costs a wait that doubles. */
const FREE_TRIES = 5;
const FIRST_WAIT_MS = 30_000;
const LONGEST_WAIT_MS = 15 * 60_000;

export interface VaultOptions {
  store: PluginStore;
  after(ms: number, action: () => void): Cancel;
  /** Monotonic ms. */
  now(): number;
  /** Told when it is opened, closed, switched on or off. */
  changed(): void;
}

/**
 * The key pair that recordings are encrypted with. The public half is at hand: recording needs no password, also after a
 * restart. The private half is locked with the password, and open in memory for a while after it was given.
 */
export class Vault {
  readonly #options: VaultOptions;
  #kept: Kept | undefined;
  #identity: string | undefined;
  #cancelForget: Cancel = () => {};
  #wrong = 0;
  #waitUntil = -Infinity;
  /** A password takes half a second of a core and 64 MB: one at a time. */
  readonly #inTurn = oneAtATime();

  private constructor(options: VaultOptions, kept: Kept | undefined) {
    this.#options = options;
    this.#kept = kept;
  }

  static async restore(options: VaultOptions): Promise<Vault> {
    return new Vault(options, keptSchema.safeParse(await options.store.get<Json>(KEY)).data);
  }

  get on(): boolean {
    return this.#kept?.on ?? false;
  }

  get open(): boolean {
    return this.#identity !== undefined;
  }

  /** Whom new recordings are encrypted for; undefined where they are not. */
  get recipient(): string | undefined {
    return this.#kept?.on ? this.#kept.recipient : undefined;
  }

  /** The private half as a file of age's, locked; undefined where there is none. */
  get lockedIdentity(): Uint8Array | undefined {
    return this.#kept && Buffer.from(this.#kept.locked, "base64");
  }

  /** The private half, to watch with. @throws {LatchkeyError} `recordings-locked` (409) */
  identity(): string {
    if (this.#identity === undefined) {
      throw new LatchkeyError(
        "recordings-locked",
        "Recordings are encrypted: give the password to watch them",
        {
          status: 409,
        },
      );
    }
    this.#forgetLater();
    return this.#identity;
  }

  /**
   * Switches encryption on, or gives another password: recordings stay as they are, since the key pair does.
   * @param current the one before; null where it is lost: a new key pair then begins, and what was recorded with the
   * other one is lost with it
   * @throws {LatchkeyError} `password-wrong` (403), `slow-down` (429)
   */
  setPassword(password: string, current: string | null): Promise<void> {
    return this.#inTurn(async () => {
      const identity = this.#kept && current !== null ? await this.#unlocked(current) : await newIdentity();
      const { identityToRecipient } = await import("age-encryption");
      const recipient = await identityToRecipient(identity);
      const locked = await bytesOf(await encrypted(streamOf(Buffer.from(identity)), password));
      await this.#keep({ on: true, recipient, locked: Buffer.from(locked).toString("base64") });
      this.#open(identity);
    });
  }

  /** New recordings are not encrypted any more; those that are stay so. @throws {LatchkeyError} as `setPassword` */
  switchOff(password: string): Promise<void> {
    return this.#inTurn(async () => {
      if (!this.#kept) return;
      await this.#unlocked(password);
      await this.#keep({ ...this.#kept, on: false });
      this.#options.changed();
    });
  }

  /** @throws {LatchkeyError} as `setPassword`; `encryption-none` (409) where there is nothing to open */
  unlock(password: string): Promise<void> {
    return this.#inTurn(async () => this.#open(await this.#unlocked(password)));
  }

  lock(): void {
    this.#cancelForget();
    if (this.#identity === undefined) return;
    this.#identity = undefined;
    this.#options.changed();
  }

  #open(identity: string): void {
    this.#identity = identity;
    this.#forgetLater();
    this.#options.changed();
  }

  #forgetLater(): void {
    this.#cancelForget();
    this.#cancelForget = this.#options.after(FORGET_MS, () => this.lock());
  }

  async #keep(kept: Kept): Promise<void> {
    await this.#options.store.set(KEY, kept);
    this.#kept = kept;
  }

  async #unlocked(password: string): Promise<string> {
    if (!this.#kept) {
      throw new LatchkeyError("encryption-none", "No password was set yet", { status: 409 });
    }
    const wait = this.#waitUntil - this.#options.now();
    if (wait > 0) {
      throw new LatchkeyError("slow-down", `Too many wrong passwords: wait ${Math.ceil(wait / 1_000)} s`, {
        status: 429,
        details: { retryAfter: Math.ceil(wait / 1_000) },
      });
    }
    try {
      const plain = await bytesOf(
        await decrypted(streamOf(Buffer.from(this.#kept.locked, "base64")), password),
      );
      this.#wrong = 0;
      return new TextDecoder().decode(plain);
    } catch (error) {
      if (!(error instanceof LatchkeyError) || error.code !== "passphrase-wrong") {
        throw new LatchkeyError("encryption-damaged", `The key can't be opened: ${errorText(error)}`, {
          status: 500,
        });
      }
      const over = ++this.#wrong - FREE_TRIES;
      if (over >= 0) {
        this.#waitUntil = this.#options.now() + Math.min(FIRST_WAIT_MS * 2 ** over, LONGEST_WAIT_MS);
      }
      throw new LatchkeyError(
        "password-wrong",
        "This is not the password that recordings are encrypted with",
        {
          status: 403,
        },
      );
    }
  }
}

async function newIdentity(): Promise<string> {
  const { generateX25519Identity } = await import("age-encryption");
  return await generateX25519Identity();
}

function streamOf(bytes: Uint8Array): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new Response(new Uint8Array(bytes)).body!;
}

async function bytesOf(stream: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  return new Uint8Array(await new Response(stream as BodyInit).arrayBuffer());
}

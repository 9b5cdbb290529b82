import { Buffer } from "node:buffer";
import { z } from "zod";
import { LatchkeyError, oneAtATime, type PluginStore } from "../../core/mod.ts";
import { type Reply, replySchema } from "./keys.ts";

const LIST = "replies";
const UNREADABLE = "replies that could not be read";
/** The id of the reply that is being added or deleted. */
const HALF_DONE = "half-done";
/** A value of the store holds less than the longest sound: each is kept in pieces of so many characters. */
const PIECE = 200_000;
export const MOST_REPLIES = 8;

export const replyNameSchema = z.string().trim().min(1).max(40).regex(/^[^\p{C}]*$/u, {
  error: "1 to 40 letters without line breaks",
});

/** What can be played at the panel, kept with the panel's data and its backups. */
export class Replies {
  readonly #store: PluginStore;
  #list: Reply[];
  /** Changes are made one after the other. */
  readonly #inTurn = oneAtATime();

  private constructor(store: PluginStore, list: Reply[]) {
    this.#store = store;
    this.#list = list;
  }

  /**
   * Finishes what a power cut has left half done. A list that can't be read is kept aside.
   * @param report told of such a list
   */
  static async open(store: PluginStore, report: (sentence: string) => void): Promise<Replies> {
    const found = await store.get(LIST) ?? [];
    const kept = z.array(replySchema).safeParse(found);
    if (!kept.success) {
      await store.set(UNREADABLE, found);
      report("The list of quick replies can't be read; a backup has them");
    }
    const replies = new Replies(store, kept.data ?? []);
    const halfDone = await store.get<string>(HALF_DONE);
    if (halfDone !== undefined) await replies.#settle(halfDone);
    return replies;
  }

  get list(): readonly Reply[] {
    return this.#list;
  }

  /** @throws {LatchkeyError} `reply-unknown` (404) */
  get(id: string): Reply {
    const reply = this.#list.find((one) => one.id === id);
    if (reply) return reply;
    throw new LatchkeyError("reply-unknown", `There is no quick reply "${id.slice(0, 60)}"`, { status: 404 });
  }

  /** @throws {LatchkeyError} `reply-unknown` (404) */
  async sound(id: string): Promise<Uint8Array> {
    this.get(id);
    const pieces = await this.#pieces(id);
    if (pieces.length > 0) return Buffer.from(pieces.join(""), "base64");
    throw new LatchkeyError("reply-unknown", "The sound of this quick reply is lost; delete it", {
      status: 404,
    });
  }

  /**
   * Whether one more has room and a name of its own.
   * @throws {LatchkeyError} `replies-full`, `reply-taken` (409)
   */
  assertRoom(name: string): void {
    if (this.#list.length >= MOST_REPLIES) {
      throw new LatchkeyError(
        "replies-full",
        `There are ${MOST_REPLIES} quick replies, which is the most; delete one first`,
        { status: 409 },
      );
    }
    if (this.#list.some((one) => one.name === name)) {
      throw new LatchkeyError("reply-taken", `There is a quick reply "${name}" already`, { status: 409 });
    }
  }

  /** On disk when resolved. @throws {LatchkeyError} as `assertRoom` */
  add(reply: Reply, sound: Uint8Array): Promise<void> {
    return this.#inTurn(async () => {
      this.assertRoom(reply.name);
      const text = Buffer.from(sound).toString("base64");
      await this.#store.set(HALF_DONE, reply.id);
      for (let at = 0; at < text.length; at += PIECE) {
        await this.#store.set(pieceKey(reply.id, at / PIECE), text.slice(at, at + PIECE));
      }
      await this.#save([...this.#list, reply]);
      await this.#store.delete(HALF_DONE);
    });
  }

  /** @throws {LatchkeyError} `reply-unknown` (404) */
  delete(id: string): Promise<void> {
    return this.#inTurn(async () => {
      this.get(id);
      await this.#store.set(HALF_DONE, id);
      await this.#save(this.#list.filter((one) => one.id !== id));
      await this.#settle(id);
    });
  }

  /** What the list does not name is not kept. */
  async #settle(id: string): Promise<void> {
    if (!this.#list.some((one) => one.id === id)) {
      for (const index of (await this.#pieces(id)).keys()) await this.#store.delete(pieceKey(id, index));
    }
    await this.#store.delete(HALF_DONE);
  }

  async #pieces(id: string): Promise<string[]> {
    const pieces: string[] = [];
    for (;;) {
      const piece = await this.#store.get<string>(pieceKey(id, pieces.length));
      if (piece === undefined) return pieces;
      pieces.push(piece);
    }
  }

  async #save(list: Reply[]): Promise<void> {
    await this.#store.set(LIST, list);
    this.#list = list;
  }
}

function pieceKey(id: string, index: number): string {
  return `sound ${id} ${index}`;
}

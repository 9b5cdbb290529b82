import { LatchkeyError } from "../../core/mod.ts";
import type { UsableCard } from "./card/card.ts";
import type { CardFile } from "./card/files.ts";
import { type Movie, openMovie } from "./clip/movie.ts";
import { thumbnailOf } from "./clip/names.ts";
import type { Listed } from "./library.ts";
import { damaged, unsealed } from "./seal/header.ts";
import type { Content } from "./seal/stream.ts";
import type { Vault } from "./seal/vault.ts";

/** A player asks for a recording in many pieces. */
const KEPT = 4;
const PIECE_BYTES = 256 * 1024;
/** A picture of a Quad HD camera stays far below. */
const LARGEST_PICTURE = 8 * 1024 * 1024;

interface Open {
  file: CardFile;
  movie: Movie;
  sealed: boolean;
}

/** Recordings as they are watched. */
export class Playback {
  readonly #vault: Vault;
  /** By the name of the file, which changes with what is in it. */
  readonly #open = new Map<string, Promise<Open>>();

  constructor(vault: Vault) {
    this.#vault = vault;
  }

  /** @throws {LatchkeyError} `recordings-locked`, `clip-foreign`, `clip-damaged`, `clip-running` (409) */
  async movie({ files }: UsableCard, clip: Listed): Promise<Movie> {
    if (clip.ms === null) throw running();
    // Each time, also where it is open: that it is watched keeps the key from being forgotten.
    const identity = clip.sealed ? this.#vault.identity() : undefined;
    const known = this.#open.get(clip.name);
    if (known) return (await known).movie;
    const opening = open(files, clip, identity);
    this.#open.set(clip.name, opening);
    opening.catch(() => this.#open.delete(clip.name));
    const [oldest] = this.#open.keys();
    if (this.#open.size > KEPT) this.#close(oldest!);
    return (await opening).movie;
  }

  /** The file as it is. @throws {LatchkeyError} `clip-running`, `clip-damaged` (409) */
  async stored({ files }: UsableCard, { name, ms }: Listed): Promise<Content> {
    if (ms === null) throw running();
    const { size, close } = await files.open(name).catch(unread);
    await close();
    return {
      size,
      // Opened for each piece: nobody says when it was the last.
      async read(at, length) {
        const file = await files.open(name);
        try {
          return await file.read(at, length);
        } finally {
          await file.close();
        }
      },
    };
  }

  /** The small picture. @throws {LatchkeyError} as `movie`; `picture-none` (404) */
  async thumbnail({ files }: UsableCard, clip: Listed): Promise<Uint8Array> {
    const identity = clip.sealed ? this.#vault.identity() : undefined;
    const bytes = await files.read(thumbnailOf(clip), LARGEST_PICTURE).catch(() => {
      throw new LatchkeyError("picture-none", "There is no picture of this recording", { status: 404 });
    });
    return identity === undefined ? bytes : await this.unsealed(bytes);
  }

  /** All of a small sealed file. @throws {LatchkeyError} `recordings-locked`, `clip-foreign`, `clip-damaged` (409) */
  async unsealed(bytes: Uint8Array): Promise<Uint8Array> {
    const file = {
      size: bytes.length,
      read: (at: number, length: number) => Promise.resolve(bytes.subarray(at, at + length)),
    };
    const content = await unsealed(file, this.#vault.identity());
    return await content.read(0, content.size);
  }

  /** What is open is read no more: the card has gone, the key was forgotten, or a file is to go. */
  close(which: (name: string) => boolean = () => true): void {
    for (const name of [...this.#open.keys()]) if (which(name)) this.#close(name);
  }

  #close(name: string): void {
    const opening = this.#open.get(name);
    this.#open.delete(name);
    opening?.then(({ file }) => file.close()).catch(() => {});
  }
}

function running(): LatchkeyError {
  return new LatchkeyError("clip-running", "This is still being recorded", { status: 409 });
}

/** A file that the card does not give, or in which something was changed. */
function unread(error: unknown): never {
  if (error instanceof LatchkeyError) throw error;
  throw damaged(
    "This recording can't be read from the card: it was changed there, or the card has a bad spot",
  );
}

async function open(files: UsableCard["files"], clip: Listed, identity: string | undefined): Promise<Open> {
  const file = await files.open(clip.name).catch(unread);
  try {
    const content = identity === undefined ? file : await unsealed(file, identity);
    const movie = await openMovie(content);
    if (!movie) throw damaged();
    return { file, movie, sealed: identity !== undefined };
  } catch (error) {
    await file.close();
    unread(error);
  }
}

/** A part of it, as it is read. */
export function streamOf(
  content: { read(at: number, length: number): Promise<Uint8Array> },
  from: number,
  to: number,
): ReadableStream<Uint8Array> {
  let at = from;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const bytes = at < to ? await content.read(at, Math.min(PIECE_BYTES, to - at)) : new Uint8Array(0);
      at += bytes.length;
      if (bytes.length > 0) controller.enqueue(new Uint8Array(bytes));
      if (bytes.length === 0 || at >= to) controller.close();
    },
  }, { highWaterMark: 0 });
}

/** What of `size` bytes a header `Range` asks for (RFC 9110, one range); undefined where all of it, "none" where nothing. */
export function rangeOf(
  header: string | null,
  size: number,
): { from: number; to: number } | "none" | undefined {
  const [, first = "", last = ""] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? "") ?? [];
  if (first === "" && last === "") return undefined;
  const from = first === "" ? Math.max(0, size - Number(last)) : Number(first);
  const to = first === "" || last === "" ? size : Math.min(size, Number(last) + 1);
  return from >= size || from >= to ? "none" : { from, to };
}

import { type FilesService, type Index, LatchkeyError } from "../../core/mod.ts";
import type { UsableCard } from "./card/card.ts";
import type { CardEntry } from "./card/files.ts";
import { openMovie } from "./clip/movie.ts";
import { clipIdOfThumbnail, clipOf, type NamedClip, nameOf, thumbnailOf } from "./clip/names.ts";
import { type Clip, LONGEST_CLIP_MS } from "./model.ts";

const STEPS = [
  `
  CREATE TABLE clips (
    id TEXT PRIMARY KEY,
    card TEXT NOT NULL,
    name TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    bytes INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX clips_started ON clips (card, started_at);

  CREATE TABLE snapshots (
    call TEXT PRIMARY KEY,
    at INTEGER NOT NULL,
    sealed INTEGER NOT NULL CHECK (sealed IN (0, 1)),
    picture BLOB NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
];

/** Pictures of calls are few and small; more than these are not kept. */
const MOST_SNAPSHOTS = 200;

/** To the index, no limit. */
const ALL = -1;

export interface Listed extends Clip {
  name: string;
}

interface Row {
  name: string;
  bytes: number;
}

/** What is on the cards, so that nobody has to read them for it; made anew from the names of the files. */
export class Library {
  readonly #store: Index["store"];

  private constructor(store: Index["store"]) {
    this.#store = store;
  }

  static async open(files: FilesService): Promise<Library> {
    return new Library((await files.index("history", STEPS)).store);
  }

  close(): void {
    this.#store.close();
  }

  /** Clips on a card, the newest first; all of them unless told. */
  list(card: string, before = Number.MAX_SAFE_INTEGER, limit = ALL): Listed[] {
    const rows = this.#store.prepare(
      "SELECT name, bytes FROM clips WHERE card = ? AND started_at < ? ORDER BY started_at DESC LIMIT ?",
    ).all(card, before, limit);
    return (rows as unknown as Row[]).map(listed);
  }

  /** Those of a call, the newest first. */
  ofCall(card: string, call: string, before = Number.MAX_SAFE_INTEGER, limit = 100): Listed[] {
    const rows = this.#store.prepare(
      "SELECT name, bytes FROM clips WHERE card = ? AND started_at < ? " +
        "AND (instr(name, ?) OR instr(name, ?)) ORDER BY started_at DESC LIMIT ?",
    ).all(card, before, `_of-${call}.`, `_of-${call}_`, limit);
    return (rows as unknown as Row[]).map(listed).filter((clip) => clip.call === call);
  }

  find(card: string, id: string): Listed | undefined {
    const row = this.#store.prepare("SELECT name, bytes FROM clips WHERE card = ? AND id = ?").get(card, id);
    return row && listed(row as unknown as Row);
  }

  /** @throws {LatchkeyError} `clip-unknown` (404) */
  get(card: string, id: string): Listed {
    const found = this.find(card, id);
    if (found) return found;
    throw new LatchkeyError("clip-unknown", "There is no such recording on the card that is in", {
      status: 404,
    });
  }

  put(card: string, clip: NamedClip, bytes: number): void {
    this.#store.single(() =>
      this.#store.prepare(
        "INSERT INTO clips (id, card, name, started_at, bytes) VALUES (?, ?, ?, ?, ?) " +
          "ON CONFLICT (id) DO UPDATE SET card = excluded.card, name = excluded.name, " +
          "started_at = excluded.started_at, bytes = excluded.bytes",
      ).run(clip.id, card, clip.name, Math.round(clip.startedAt), bytes)
    );
  }

  delete(id: string): void {
    this.#store.single(() => this.#store.prepare("DELETE FROM clips WHERE id = ?").run(id));
  }

  /**
   * Makes the index say what is on the card, and finishes what a crash or a pulled plug has left there.
   * @param running ids of clips that are being recorded
   */
  async scan(
    { id: card, files }: UsableCard,
    running: ReadonlySet<string>,
    mayWrite: boolean,
  ): Promise<void> {
    const entries = await files.list();
    const found = new Map<string, { clip: NamedClip; bytes: number }>();
    for (const entry of entries) {
      const clip = clipOf(entry.name);
      if (!clip || running.has(clip.id)) continue;
      const whole = clip.ms === null && mayWrite
        ? await this.#finished({ id: card, files }, clip, entry)
        : clip;
      if (whole) found.set(whole.id, { clip: whole, bytes: entry.bytes });
    }
    if (mayWrite) {
      for (const { name } of entries) {
        const owner = clipIdOfThumbnail(name);
        if (owner !== undefined && !found.has(owner) && !running.has(owner)) await files.remove(name);
      }
    }
    const known = new Map(this.list(card).map((clip) => [clip.id, clip]));
    this.#store.transaction(() => {
      for (const [id] of known) {
        if (found.has(id) || running.has(id)) continue;
        this.#store.prepare("DELETE FROM clips WHERE id = ?").run(id);
      }
      for (const [id, { clip, bytes }] of found) {
        const row = known.get(id);
        if (row?.name === clip.name && row.bytes === bytes) continue;
        this.#store.prepare(
          "INSERT OR REPLACE INTO clips (id, card, name, started_at, bytes) VALUES (?, ?, ?, ?, ?)",
        ).run(id, card, clip.name, Math.round(clip.startedAt), bytes);
      }
    });
  }

  /** Gives what was cut off its length and its name; nothing where there is nothing to see in it. */
  async #finished(
    { files }: UsableCard,
    clip: NamedClip,
    { bytes, changedAt }: CardEntry,
  ): Promise<NamedClip | undefined> {
    // It was written to until then, unless the clock was set meanwhile.
    const about = Math.min(Math.max(0, Math.round(changedAt - clip.startedAt)), LONGEST_CLIP_MS);
    // Without the key nobody can look, nor where the card has a bad spot: that spoils no other recording.
    const ms = clip.sealed ? about : await this.#lengthOf(files, clip.name).catch(() => about);
    if (ms === undefined || bytes === 0) {
      await files.remove(clip.name);
      return undefined;
    }
    const whole = { ...clip, ms };
    const name = nameOf(whole);
    await files.rename(clip.name, name);
    return { ...whole, name };
  }

  async #lengthOf(files: UsableCard["files"], name: string): Promise<number | undefined> {
    const file = await files.open(name);
    try {
      return (await openMovie(file))?.ms;
    } finally {
      await file.close();
    }
  }

  /** The picture at the ring. */
  keepSnapshot(call: string, at: number, picture: Uint8Array, sealed: boolean): void {
    this.#store.transaction(() => {
      this.#store.prepare("INSERT OR REPLACE INTO snapshots (call, at, sealed, picture) VALUES (?, ?, ?, ?)")
        .run(call, Math.round(at), Number(sealed), picture);
      this.#store.prepare(
        "DELETE FROM snapshots WHERE call NOT IN (SELECT call FROM snapshots ORDER BY at DESC LIMIT ?)",
      ).run(MOST_SNAPSHOTS);
    });
  }

  snapshot(call: string): { picture: Uint8Array; sealed: boolean } | undefined {
    const row = this.#store.prepare("SELECT picture, sealed FROM snapshots WHERE call = ?").get(call);
    return row && { picture: row["picture"] as Uint8Array, sealed: row["sealed"] === 1 };
  }

  /** Calls that have a picture, the newest first. */
  snapshots(): string[] {
    return this.#store.prepare("SELECT call FROM snapshots ORDER BY at DESC").all().map(({ call }) =>
      String(call)
    );
  }

  moveSnapshot(call: string, ms: number): void {
    this.#store.single(() =>
      this.#store.prepare("UPDATE snapshots SET at = at + ? WHERE call = ?").run(ms, call)
    );
  }

  /** Those of calls before `at`, wall time, ms. */
  forgetSnapshots(at: number): void {
    this.#store.single(() => this.#store.prepare("DELETE FROM snapshots WHERE at < ?").run(Math.round(at)));
  }
}

function listed({ name, bytes }: Row): Listed {
  const clip = clipOf(name);
  if (!clip) throw new Error(`The index names "${name}", which is no recording`);
  return { ...clip, bytes };
}

/** Removes a clip and what goes with it. */
export async function removeClip(library: Library, { files }: UsableCard, clip: Listed): Promise<void> {
  await files.remove(clip.name);
  await files.remove(thumbnailOf(clip));
  library.delete(clip.id);
}

import assert from "node:assert/strict";
import { filesIn } from "../../core/testing/files.ts";
import { inTempDir } from "../../core/testing/temp_dir.ts";
import { CardFiles } from "./card/files.ts";
import { nameOf } from "./clip/names.ts";
import { Library } from "./library.ts";

const CARD = "card-1";
const CLIP = { cause: "call", ms: 4_000, sealed: false, protected: false, call: null } as const;

/** A card with these clips on it. */
class Shelf extends CardFiles {
  readonly names: string[];

  constructor(names: string[]) {
    super("/nowhere");
    this.names = names;
  }

  override list() {
    return Promise.resolve(this.names.map((name) => ({ name, bytes: 1, changedAt: 0 })));
  }
}

const idOf = (i: number) => i.toString(16).padStart(32, "0");
const clip = (i: number, change: Partial<Parameters<typeof nameOf>[0]> = {}) =>
  nameOf({ ...CLIP, id: idOf(i), startedAt: i * 1_000, ...change });

const MANY = [clip(0, { call: "call-1" }), ...Array.from({ length: 10_001 }, (_, i) => clip(i + 1))];

const libraryTest = (name: string, names: string[], check: (library: Library) => unknown) =>
  Deno.test(
    name,
    inTempDir(async (dir) => {
      const library = await Library.open(filesIn(dir));
      await library.scan({ id: CARD, files: new Shelf(names) }, new Set(), false);
      await check(library);
      library.close();
    }),
  );

const times = (library: Library, ...args: [call: string, before?: number, limit?: number]) =>
  library.ofCall(CARD, ...args).map(({ startedAt }) => startedAt / 1_000);

libraryTest(
  "B-CALL-3: a call's recordings are found behind ten thousand newer ones",
  MANY,
  (library) => assert.deepEqual(times(library, "call-1"), [0]),
);

libraryTest(
  "B-REC-5: the oldest of more than ten thousand recordings is there to be deleted, and is forgotten when it has gone",
  MANY,
  async (library) => {
    assert.equal(library.list(CARD).at(-1)?.id, idOf(0));
    await library.scan({ id: CARD, files: new Shelf(MANY.slice(1)) }, new Set(), false);
    assert.throws(() => library.get(CARD, idOf(0)), { code: "clip-unknown" });
  },
);

libraryTest(
  "a call's recordings are that call's alone, on that card, the newest first, as many as are asked for",
  [
    clip(1, { call: "7" }),
    clip(2, { call: "7", protected: true, sealed: true }),
    clip(3, { call: "7", ms: null }),
    clip(4, { call: "77" }),
    clip(5, { call: "1-7" }),
    clip(6),
  ],
  (library) => {
    assert.deepEqual(times(library, "7"), [3, 2, 1]);
    assert.deepEqual(times(library, "7", 3_000), [2, 1]);
    assert.deepEqual(times(library, "7", undefined, 2), [3, 2]);
    for (const other of ["", "%", "7_keep", "7.mp4", "_of-7", "call"]) {
      assert.deepEqual(times(library, other), [], other);
    }
    assert.deepEqual(library.ofCall("card-2", "7"), []);
  },
);

/** With a bad spot in each of its files; written to at `changedAt`, wall time, ms. */
class BadShelf extends Shelf {
  readonly renamed: string[] = [];
  readonly #changedAt: number;

  constructor(names: string[], changedAt: number) {
    super(names);
    this.#changedAt = changedAt;
  }

  override async list() {
    return (await super.list()).map((entry) => ({ ...entry, changedAt: this.#changedAt }));
  }

  override open() {
    return Promise.reject(Object.assign(new Error("EIO: i/o error"), { code: "EIO" }));
  }

  override rename(_from: string, to: string) {
    this.renamed.push(to);
    return Promise.resolve();
  }
}

Deno.test(
  "B-REC-4: a recording that was cut off and can't be read any more takes no other with it, and can be deleted",
  inTempDir(async (dir) => {
    const library = await Library.open(filesIn(dir));
    const files = new BadShelf([clip(1, { ms: null }), clip(2)], 4_000);
    await library.scan({ id: CARD, files }, new Set(), true);
    assert.deepEqual(library.list(CARD).map(({ id, ms }) => [id, ms]), [[idOf(2), 4_000], [idOf(1), 3_000]]);
    assert.deepEqual(files.renamed, [clip(1, { ms: 3_000 })]);
    library.close();
  }),
);

Deno.test(
  "B-REC-4: a recording that was cut off is found again, however the clock was set meanwhile",
  inTempDir(async (dir) => {
    const library = await Library.open(filesIn(dir));
    for (const [changedAt, ms] of [[Date.UTC(2026, 10, 26), 600_000], [-5_000, 0]] as const) {
      const files = new BadShelf([clip(1, { ms: null, sealed: true })], changedAt);
      await library.scan({ id: CARD, files }, new Set(), true);
      await library.scan({ id: CARD, files: new Shelf(files.renamed) }, new Set(), true);
      assert.deepEqual(library.list(CARD).map(({ id, ms }) => [id, ms]), [[idOf(1), ms]]);
    }
    library.close();
  }),
);

import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Log } from "../../core/mod.ts";
import { filesIn } from "../../core/testing/files.ts";
import { inTempDir } from "../../core/testing/temp_dir.ts";
import { settle, VirtualClock } from "../../core/testing/virtual_clock.ts";
import type { Card } from "./card/card.ts";
import { CardFiles } from "./card/files.ts";
import { nameOf } from "./clip/names.ts";
import { Desk } from "./desk.ts";
import { Library } from "./library.ts";
import type { Playback } from "./playback.ts";
import type { Recordings } from "./recordings.ts";

const HOUR = 3_600_000;
const CARD = "card-1";
const SILENT: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => SILENT };

Deno.test(
  "I-20: what ends while old recordings are looked for, and has the time of a wrong clock, is not taken for one of them",
  inTempDir(async (dir) => {
    const path = join(dir, "card");
    mkdirSync(path);
    const clock = new VirtualClock();
    const library = await Library.open(filesIn(dir));
    let trusted = false;
    let meanwhile = () => {};
    const files = new CardFiles(path, undefined, () => {
      meanwhile();
      return Promise.resolve({ total: 1_000, free: 1_000 });
    });
    const card = {
      readable: { id: CARD, files },
      view: { state: "normal" },
      look: () => Promise.resolve(),
      failed: (error: unknown) => assert.fail(String(error)),
    };
    const desk = new Desk({
      ctx: {
        clock,
        emit() {},
        signal: new AbortController().signal,
        log: SILENT,
      },
      time: { trusted: () => Promise.resolve(trusted) },
      card: card as unknown as Card,
      library,
      playback: { close() {} } as unknown as Playback,
      recordings: () => ({ running: new Set() }) as unknown as Recordings,
      keepMs: { call: HOUR, badge: HOUR, motion: HOUR, manual: HOUR },
    });

    const right = clock.now();
    clock.jump(-100 * 24 * HOUR);
    const id = "a".repeat(32);
    const clip = {
      ...{ id, cause: "call", startedAt: clock.now(), ms: 5_000 } as const,
      ...{ sealed: false, protected: false, call: null },
    };
    desk.dated({ clip: id });
    await settle();
    clock.jump(100 * 24 * HOUR);
    trusted = true;
    meanwhile = () => {
      const name = nameOf(clip);
      writeFileSync(join(path, name), "a movie");
      library.put(CARD, { ...clip, name }, 7);
    };
    await desk.tidy();
    meanwhile = () => {};
    assert.equal(library.find(CARD, id)?.startedAt, clip.startedAt);
    await desk.tidy();
    assert.deepEqual(library.list(CARD).map(({ startedAt }) => startedAt), [right]);
    library.close();
  }),
);

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { findFfmpeg } from "../../media/testing/tools.ts";
import { nameOf } from "./clip/names.ts";
import type { Clip } from "./model.ts";
import { RecorderPanel } from "./testing/recorder_panel.ts";

const HOUR = 3_600_000;

function recordingsTest(name: string, story: (bench: RecorderPanel) => Promise<void>): void {
  Deno.test({
    name,
    ignore: findFfmpeg() === undefined,
    async fn() {
      await using bench = await RecorderPanel.start({ keepOtherHours: 1 }, { seconds: 12 });
      await story(bench);
    },
  });
}

const isOver = (bench: RecorderPanel) =>
  bench.until(async () => (await bench.state()).recording.length === 0);

recordingsTest("B-REC-3: who rings again at once has a recording of that call, too", async (bench) => {
  const first = await bench.ring();
  await bench.film(1);
  await bench.panel.post(`/calls/${first}/reject`);
  const second = await bench.ring();
  assert.notEqual(second, first);
  await bench.film(2);
  await bench.panel.post(`/calls/${second}/reject`);
  await isOver(bench);
  for (const call of [first, second]) {
    const clips = await bench.must<Clip[]>("GET", `/clips?call=${call}`);
    assert.deepEqual(clips.map((clip) => [clip.cause, clip.call]), [["call", call]]);
    assert.ok(clips[0]!.ms! >= 1_000, JSON.stringify(clips));
  }
});

recordingsTest(
  "B-REC-3: what is begun while a slow card still takes what was recorded before is recorded, too",
  async (bench) => {
    await bench.must("POST", "/recording");
    await bench.film(1);
    await bench.slot({ slow: true });
    await bench.must("DELETE", "/recording");
    await bench.until(() => bench.panel.media.recordings.size === 0);
    assert.deepEqual((await bench.state()).recording, ["manual"], "it is not on the card yet");
    await bench.must("POST", "/recording");
    await bench.film(6);
    await bench.slot({ slow: false });
    await bench.must("DELETE", "/recording");
    await isOver(bench);
    assert.deepEqual((await bench.clips()).map(({ cause }) => cause), ["manual", "manual"]);
  },
);

recordingsTest(
  "B-REC-4: what is recorded while a slow card is gone through is in the index",
  async (bench) => {
    await bench.manual(1);
    const [name] = bench.files().filter((name) => name.endsWith(".mp4"));
    const movie = bench.file(name!);
    await bench.panel.stop();
    for (let i = 0; i < 15; i++) {
      const startedAt = bench.panel.clock.now();
      const id = i.toString(16).padStart(32, "0");
      const part = {
        id,
        cause: "badge",
        startedAt,
        ms: null,
        sealed: false,
        protected: false,
        call: null,
      } as const;
      writeFileSync(join(bench.panel.data, "cards", "card-1", nameOf(part)), movie);
    }
    await bench.slot({ slow: true });
    await bench.panel.boot();
    await bench.becomes("normal");
    await bench.must("POST", "/recording");
    await bench.film(6);
    await bench.must("DELETE", "/recording");
    await isOver(bench);
    await bench.until(() => bench.files().every((name) => !name.endsWith(".part")));
    const found = (await bench.clips()).map(({ cause }) => cause);
    assert.equal(found.filter((cause) => cause === "manual").length, 2, found.join());
    assert.equal(found.filter((cause) => cause === "badge").length, 15, found.join());
  },
);

recordingsTest(
  "B-REC-5: what somebody protects while a slow card is being tidied stays, with its picture",
  async (bench) => {
    for (let i = 0; i < 3; i++) await bench.manual(1);
    const clips = await bench.clips();
    const protect = async (isProtected: boolean) => {
      for (const { id } of clips) await bench.must("PATCH", `/clips/${id}`, { protected: isProtected });
    };
    await protect(true);
    await bench.pass(HOUR + 60_000, 30_000);
    // All of them are too old now.
    await protect(false);
    await bench.slot({ slow: true });
    const wanted = clips.at(-1)!;
    const movies = () => bench.files().filter((name) => name.endsWith(".mp4"));
    await bench.until(() => movies().length === 2);
    let status: number | undefined;
    void bench.ask("PATCH", `/clips/${wanted.id}`, { protected: true }).then((reply) =>
      status = reply.status
    );
    await bench.until(() => status !== undefined);
    assert.equal(status, 200);
    await bench.until(() => movies().length === 1);
    await bench.pass(10_000);
    assert.deepEqual(await bench.clips(), [{ ...wanted, protected: true }]);
    assert.match(movies()[0]!, new RegExp(`${wanted.id}.*_keep`));
    assert.equal((await bench.fetch(`/clips/${wanted.id}/thumbnail`)).status, 200);
  },
);

recordingsTest("a picture that comes when its recording has gone already is not kept", async (bench) => {
  const asked = Promise.withResolvers<void>();
  bench.panel.media.late.set("snapshot", () => asked.promise);
  await bench.must("POST", "/recording");
  await bench.until(() => bench.panel.media.recordings.size > 0);
  await bench.must("DELETE", "/recording");
  await isOver(bench);
  asked.resolve();
  await bench.pass(1_000);
  assert.deepEqual(bench.files().filter((name) => !name.startsWith("latchkey")), []);
});

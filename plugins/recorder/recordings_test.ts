import assert from "node:assert/strict";
import { findFfmpeg } from "../../media/testing/tools.ts";
import type { Clip } from "./model.ts";
import { RecorderPanel } from "./testing/recorder_panel.ts";

function recordingsTest(name: string, story: (bench: RecorderPanel) => Promise<void>): void {
  Deno.test({
    name,
    ignore: findFfmpeg() === undefined,
    async fn() {
      await using bench = await RecorderPanel.start({}, { seconds: 12 });
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

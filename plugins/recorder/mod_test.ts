import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { inTempDir } from "../../core/testing/temp_dir.ts";
import { findFfmpeg } from "../../media/testing/tools.ts";
import type { Context } from "../../core/mod.ts";
import { provideFiles } from "../../core/testing/files.ts";
import { checkLifecycle } from "../../core/testing/plugin_check.ts";
import { FakeMediaPort, mediaLink } from "../../media/testing/fake_port.ts";
import { type CameraService, cameraService } from "../camera/keys.ts";
import { provideAll } from "../testing/bench.ts";
import type { Clip } from "./model.ts";
import recorder from "./mod.ts";
import { played } from "../../media/testing/movie.ts";
import { RecorderPanel } from "./testing/recorder_panel.ts";
import { providePanel } from "../testing/panel.ts";

Deno.test(
  "start, stop and start of recorder leaves nothing behind",
  inTempDir(async (data) => {
    const port = new FakeMediaPort();
    port.set(true);
    await checkLifecycle({
      plugin: recorder,
      services(core: Context, clock) {
        provideAll(core, clock);
        provideFiles(core, data);
        providePanel(core);
        core.provide(cameraService, CAMERA);
        return mediaLink(port).setup(core);
      },
    });
  }),
);

function recorderTest(
  name: string,
  options: Parameters<typeof RecorderPanel.start>,
  story: (bench: RecorderPanel, dir: string) => Promise<void>,
): void {
  Deno.test({
    name,
    ignore: findFfmpeg() === undefined,
    fn: inTempDir(async (dir) => {
      await using bench = await RecorderPanel.start(...options);
      await story(bench, dir);
    }),
  });
}

const none = () => Promise.reject(new Error("Not part of this test"));
const CAMERA: CameraService = {
  state: none,
  snapshot: none,
  view: none,
  leave: none,
  setImage: none,
  recordable: () => Promise.resolve({ definitions: ["hd"], compressed: "hd" }),
};

/** What a player gets of a recording. */
async function watch(bench: RecorderPanel, dir: string, { id }: Clip) {
  const response = await bench.fetch(`/clips/${id}/video`);
  const bytes = Buffer.from(await response.arrayBuffer());
  assert.equal(response.status, 200, String(bytes.subarray(0, 200)));
  const path = join(dir, "watched.mp4");
  writeFileSync(path, bytes);
  return played(path);
}

recorderTest(
  "B-REC-1: a new card is used only after it was initialized, which somebody has to confirm",
  [{}, { initialized: false }],
  async (bench) => {
    assert.equal((await bench.ask("POST", "/recording")).body.code, "card-unusable");
    for (const body of [{}, { confirm: "yes" }, { confirm: true }]) {
      assert.equal((await bench.ask("POST", "/card/initialize", body)).status, 400);
    }
    await bench.initialize();
    const { card } = await bench.state();
    assert.deepEqual([card.state, card.progress, card.warnings], ["normal", null, []]);
    assert.equal(card.bytes, 32_000_000_000);
  },
);

recorderTest(
  "B-REC-3: a ring is recorded until the call is over, and belongs to it",
  [],
  async (bench, dir) => {
    const call = await bench.call();
    const [clip, ...others] = await bench.clips();
    assert.equal(others.length, 0);
    assert.deepEqual([clip!.cause, clip!.call, clip!.ms, clip!.sealed], ["call", call, 4_000, false]);
    assert.deepEqual(await bench.must("GET", `/clips?call=${call}`), [clip]);
    assert.deepEqual(await bench.must("GET", "/clips?call=another"), []);
    const { frames, seconds, complaints } = await watch(bench, dir, clip!);
    assert.deepEqual([frames, seconds, complaints], [100, 4, ""]);
    assert.equal(
      (await bench.fetch(`/clips/${clip!.id}/thumbnail`)).headers.get("content-type"),
      "image/jpeg",
    );
  },
);

recorderTest(
  "B-CALL-3: who rings while the camera is only just starting is in the call log, too",
  [],
  async (bench) => {
    bench.panel.media.set(false);
    const call = await bench.ring();
    await bench.panel.advance(2_000);
    assert.deepEqual(await bench.must("GET", "/snapshots"), []);
    bench.panel.media.set(true);
    await bench.panel.advance(2_000);
    await bench.until(async () => (await bench.must<string[]>("GET", "/snapshots")).length > 0);
    assert.deepEqual(await bench.must("GET", "/snapshots"), [call]);
  },
);

recorderTest("B-CALL-3: the call log has who rang, also without a card", [], async (bench) => {
  await bench.slot({ card: null });
  await bench.until(async () => (await bench.state()).card.state === "absent");
  const call = await bench.ring();
  await bench.until(async () => (await bench.must<string[]>("GET", "/snapshots")).length > 0);
  assert.deepEqual(await bench.must("GET", "/snapshots"), [call]);
  const response = await bench.fetch(`/calls/${call}/snapshot`);
  assert.deepEqual(new Uint8Array(await response.arrayBuffer()), bench.panel.media.picture);
});

recorderTest(
  "B-REC-3: a badge is recorded, and what is begun by hand until it is ended",
  [],
  async (bench) => {
    await bench.panel.post("/plugins/simulator/readers/reader/present", { badge: "red" });
    await bench.film(2);
    await bench.until(async () => (await bench.state()).recording.length === 0);
    await bench.manual(3);
    assert.deepEqual((await bench.clips()).map(({ cause, ms }) => [cause, ms]), [["manual", 3_000], [
      "badge",
      2_000,
    ]]);
  },
);

recorderTest("B-LIVE-5: what moves is recorded for as long as it does", [], async (bench) => {
  await bench.lookOut();
  bench.panel.media.tell({ event: "detected", camera: "camera", what: "motion" });
  await bench.film(3);
  await bench.until(async () => (await bench.state()).recording.length === 0);
  assert.deepEqual((await bench.clips()).map(({ cause, ms }) => [cause, ms]), [["motion", 3_000]]);
});

recorderTest("B-PRIV-2: sound is recorded only where the owner has asked for it", [], async (bench) => {
  await bench.call(1);
  const asked = () => bench.panel.media.calls.filter(({ name }) => name === "record").at(-1)?.args;
  assert.deepEqual(asked(), { camera: "camera", definition: "hd", sound: false });
  await bench.panel.api("PUT", "/settings/recorder", { sound: true });
  await bench.until(async () => (await bench.state()).card.state === "normal");
  await bench.call(1);
  assert.deepEqual(asked(), { camera: "camera", definition: "hd", sound: true });
});

recorderTest(
  "B-PRIV-2: who watched, saved or deleted which recording is in the access log, and who erased them all",
  [],
  async (bench) => {
    await bench.call(1);
    const [clip] = await bench.clips();
    const path = `/clips/${clip!.id}/video`;
    for (const query of ["", "", "?save=clear", "?save=stored"]) {
      await (await bench.fetch(path + query)).body?.cancel();
    }
    await bench.must("DELETE", `/clips/${clip!.id}`);
    const rows = (await bench.panel.accessLog()).toReversed().filter(({ kind }) => kind === "system");
    assert.deepEqual(rows.map(({ outcome, detail }) => [outcome, detail["clip"]]), [
      ["card-erased", undefined],
      ["recording-watched", clip!.id],
      ["recording-exported", clip!.id],
      ["recording-deleted", clip!.id],
    ]);
  },
);

recorderTest("B-REC-2: a recording is gone through by ranges of bytes", [], async (bench) => {
  await bench.call();
  const [clip] = await bench.clips();
  const whole = Buffer.from(await (await bench.fetch(`/clips/${clip!.id}/video`)).arrayBuffer());
  for (
    const [range, from, to] of [
      ["bytes=0-99", 0, 100],
      ["bytes=500-", 500, whole.length],
      ["bytes=-10", whole.length - 10, whole.length],
      [`bytes=1000-${whole.length + 50}`, 1_000, whole.length],
    ] as const
  ) {
    const response = await bench.fetch(`/clips/${clip!.id}/video`, { range });
    assert.deepEqual([response.status, response.headers.get("content-range")], [
      206,
      `bytes ${from}-${to - 1}/${whole.length}`,
    ]);
    assert.deepEqual(Buffer.from(await response.arrayBuffer()), whole.subarray(from, to), range);
  }
  const beyond = await bench.fetch(`/clips/${clip!.id}/video`, { range: `bytes=${whole.length}-` });
  assert.equal(beyond.status, 416);
});

recorderTest("B-REC-5: what somebody protects stays, also over a lost index", [], async (bench) => {
  await bench.call(1);
  const [clip] = await bench.clips();
  await bench.must("PATCH", `/clips/${clip!.id}`, { protected: true });
  await bench.panel.stop();
  writeFileSync(join(bench.panel.data, "history.db"), "no database");
  await bench.panel.boot();
  await bench.until(async () => (await bench.state()).card.state === "normal");
  assert.deepEqual(await bench.clips(), [{ ...clip, protected: true }]);
});

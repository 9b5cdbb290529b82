import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { mkdirSync, readdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inTempDir } from "../../core/testing/temp_dir.ts";
import type { SlotChange } from "../../drivers/sim/keys.ts";
import { findFfmpeg } from "../../media/testing/tools.ts";
import { played } from "../../media/testing/movie.ts";
import type { Clip } from "./model.ts";
import { RecorderPanel } from "./testing/recorder_panel.ts";

function cardTest(name: string, story: (bench: RecorderPanel, dir: string) => Promise<void>): void {
  Deno.test({
    name,
    ignore: findFfmpeg() === undefined,
    fn: inTempDir(async (dir) => {
      await using bench = await RecorderPanel.start({}, { seconds: 12 });
      await story(bench, dir);
    }),
  });
}

async function opens(bench: RecorderPanel): Promise<void> {
  await bench.pass(2_000);
  assert.equal((await bench.panel.release("lock")).body.outcome, "released");
}

const TROUBLES: { name: string; change: SlotChange; mended: SlotChange; state: string }[] = [
  { name: "pulled", change: { card: null }, mended: { card: "card-1" }, state: "absent" },
  {
    name: "read-only",
    change: { writeProtected: true },
    mended: { writeProtected: false },
    state: "read-only",
  },
  { name: "worn out", change: { wornOut: true }, mended: { wornOut: false }, state: "error" },
  { name: "full of other things", change: { taken: 32_000_000_000 }, mended: { taken: 0 }, state: "full" },
];

for (const { name, change, mended, state } of TROUBLES) {
  cardTest(
    `I-19: a card that is ${name} fails no release, and is recorded on within 10 s of its return`,
    async (bench) => {
      await bench.ring();
      await bench.film(2);
      // Else there is nothing of it yet.
      await bench.until(() => bench.files().some((name) => bench.file(name).length > bench.parts[1]!.length));
      await bench.slot(change);
      await bench.film(1).catch(() => {});
      await bench.becomes(state);
      for (let i = 0; i < 3; i++) await opens(bench);
      assert.deepEqual((await bench.state()).recording, ["call"], "it is wanted still");
      assert.equal(bench.panel.media.recordings.size, 0, "and nothing is asked of the camera");
      await bench.slot(mended);
      const back = bench.panel.clock.monotonic();
      await bench.until(() => bench.panel.media.recordings.size > 0);
      assert.ok(bench.panel.clock.monotonic() - back <= 10_000);
      await bench.film(2);
      const call = (await bench.panel.get("/calls/current")).body?.id;
      if (call) await bench.panel.post(`/calls/${call}/reject`);
      await bench.until(async () => (await bench.state()).recording.length === 0);
      const clips = await bench.clips();
      assert.ok(clips.length >= 2, JSON.stringify(clips));
      assert.ok(clips.every(({ ms }) => ms !== null && ms >= 1_000), JSON.stringify(clips));
    },
  );
}

cardTest("I-19: a card that takes two seconds for each write holds up nobody but itself", async (bench) => {
  await bench.slot({ slow: true });
  await bench.ring();
  await bench.film(3);
  const begun = bench.panel.clock.monotonic();
  assert.equal((await bench.panel.release("lock")).body.outcome, "released");
  assert.equal(bench.panel.clock.monotonic(), begun, "no time passes for it");
  const call = (await bench.panel.get("/calls/current")).body.id;
  await bench.panel.post(`/calls/${call}/reject`);
  await bench.until(async () => (await bench.state()).recording.length === 0);
  const [clip] = await bench.clips();
  assert.ok(clip!.ms! >= 1_000);
});

cardTest(
  "B-REC-4: killed in the middle, the panel finds what was on the card, and the index says so",
  async (bench, dir) => {
    await bench.ring();
    await bench.film(3);
    bench.panel.crash();
    assert.match(bench.files().find((name) => name.includes("_call_"))!, /\.part$/);
    await bench.panel.boot();
    await bench.becomes("normal");
    const [clip] = await bench.clips();
    assert.equal(clip!.ms, 3_000);
    const name = bench.files().find((name) => name.includes("_call_"))!;
    assert.match(name, /_3000ms_of-call-[0-9a-f]{32}\.mp4$/);
    writeFileSync(join(dir, "clip.mp4"), bench.file(name));
    assert.equal(played(join(dir, "clip.mp4")).frames, 75);
  },
);

cardTest(
  "B-REC-4: a recording that was cut off in the middle of a second is one second shorter",
  async (bench, dir) => {
    await bench.call(3);
    const [name] = bench.files().filter((name) => name.endsWith(".mp4"));
    const path = join(bench.panel.data, "cards", "card-1", name!);
    truncateSync(path, bench.file(name!).length - 1_000);
    const [clip] = await bench.clips();
    const response = await bench.fetch(`/clips/${clip!.id}/video`);
    writeFileSync(join(dir, "clip.mp4"), Buffer.from(await response.arrayBuffer()));
    assert.equal(played(join(dir, "clip.mp4")).frames, 50);
    truncateSync(path, 20);
    await bench.panel.restart();
    await bench.becomes("normal");
    assert.equal((await bench.fetch(`/clips/${clip!.id}/thumbnail`)).status, 200);
    const damaged = async (query = "") => {
      const response = await bench.fetch(`/clips/${clip!.id}/video${query}`);
      assert.deepEqual([response.status, (await response.json()).code], [409, "clip-damaged"]);
    };
    await damaged();
    rmSync(path);
    await damaged();
    await damaged("?save=stored");
  },
);

cardTest("two cards that are swapped each have their own recordings", async (bench) => {
  await bench.call(1);
  const [first] = await bench.clips();
  await bench.slot({ card: "card-2" });
  await bench.becomes("uninitialized");
  assert.equal((await bench.ask("GET", "/clips")).body.code, "card-unusable");
  await bench.initialize();
  assert.deepEqual(await bench.clips(), []);
  await bench.manual(2);
  const [second] = await bench.clips();
  assert.equal((await bench.fetch(`/clips/${first!.id}/video`)).status, 404);
  await bench.slot({ card: "card-1" });
  await bench.until(async () => (await bench.ask("GET", "/clips")).body[0]?.id === first!.id);
  assert.equal((await bench.fetch(`/clips/${second!.id}/video`)).status, 404);
  // Without a moment in which there was none.
  await bench.slot({ card: "card-2" });
  await bench.until(async () => (await bench.ask("GET", "/clips")).body[0]?.id === second!.id);
});

cardTest(
  "B-REC-4: two cards that are swapped in the middle of a recording each keep their part of it, and both play",
  async (bench, dir) => {
    await bench.slot({ card: "card-2" });
    await bench.becomes("uninitialized");
    await bench.initialize();
    await bench.slot({ card: null });
    await bench.becomes("absent");
    await bench.slot({ card: "card-1" });
    await bench.becomes("normal");
    const call = await bench.ring();
    await bench.film(2);
    const written = (card: string) => bench.files(card).find((name) => name.endsWith(".part"));
    await bench.until(() => bench.file(written("card-1")!).length > bench.parts[1]!.length);
    await bench.slot({ card: "card-2" });
    await bench.until(async () => {
      await bench.film(1);
      return written("card-2") !== undefined;
    });
    await bench.film(2);
    await bench.panel.post(`/calls/${call}/reject`);
    await bench.until(async () => (await bench.state()).recording.length === 0);
    for (const card of ["card-2", "card-1"]) {
      await bench.slot({ card });
      const onCard = async (): Promise<Clip[]> => {
        const { status, body } = await bench.ask("GET", "/clips");
        return status === 200 ? body : [];
      };
      const isThere = ({ id }: Clip) => bench.files(card).some((name) => name.includes(id));
      await bench.until(async () => (await onCard()).some(isThere));
      const clips = await onCard();
      assert.deepEqual(clips.map(({ cause, call }) => [cause, call]), [["call", call]], card);
      const response = await bench.fetch(`/clips/${clips[0]!.id}/video`);
      writeFileSync(join(dir, `${card}.mp4`), Buffer.from(await response.arrayBuffer()));
      const { frames, complaints } = played(join(dir, `${card}.mp4`));
      assert.deepEqual([frames, complaints], [clips[0]!.ms! / 40, ""], card);
      assert.ok(frames >= 25, `${frames} pictures on ${card}`);
    }
  },
);

cardTest("a card of another panel is not used, nor a strange file on one's own touched", async (bench) => {
  await bench.call(1);
  const folder = join(bench.panel.data, "cards", "card-9");
  mkdirSync(folder);
  const marker = JSON.parse(bench.file("latchkey.json").toString());
  writeFileSync(join(folder, "latchkey.json"), JSON.stringify({ ...marker, panel: "f".repeat(32) }));
  writeFileSync(join(folder, "holiday.jpg"), "of the other family");
  await bench.slot({ card: "card-9" });
  await bench.becomes("uninitialized");
  assert.equal((await bench.ask("POST", "/recording")).status, 409);
  assert.deepEqual(readdirSync(folder), ["holiday.jpg", "latchkey.json"]);

  const strange = ["notes.txt", "..mp4", "2026-01-01T00-00-00.000Z_call_short_1000ms.mp4"];
  for (const name of strange) writeFileSync(join(bench.panel.data, "cards", "card-1", name), "strange");
  await bench.slot({ card: "card-1" });
  await bench.becomes("normal");
  assert.equal((await bench.clips()).length, 1);
  for (const name of strange) assert.ok(bench.files().includes(name), name);
});

cardTest(
  "B-REC-1: a slow card that is looked at when it is to be initialized counts as being initialized until it is",
  async (bench) => {
    await bench.slot({ taken: 31_000_000_000, slow: true });
    await bench.becomes("full");
    await bench.pass(5_000);
    await bench.must("POST", "/card/initialize", { confirm: "erase" });
    assert.equal((await bench.ask("POST", "/card/initialize", { confirm: "erase" })).status, 409);
    const seen: string[] = [];
    for (let i = 0; i < 120; i++) {
      const { state } = (await bench.state()).card;
      if (state !== seen.at(-1)) seen.push(state);
      await bench.pass(500);
    }
    assert.deepEqual(seen, ["initializing", "full"]);
    await bench.slot({ slow: false });
    await bench.pass(10_000);
  },
);

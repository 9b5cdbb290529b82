import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { spawnSync } from "node:child_process";
import { copyFileSync, readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { decrypted } from "../../core/mod.ts";
import { inTempDir } from "../../core/testing/temp_dir.ts";
import { findAge, findFfmpeg } from "../../media/testing/tools.ts";
import { played } from "../../media/testing/movie.ts";
import { RecorderPanel } from "./testing/recorder_panel.ts";

const PASSWORD = "correct horse battery";
const OTHER = "another horse entirely";

function encryptionTest(name: string, story: (bench: RecorderPanel, dir: string) => Promise<void>): void {
  Deno.test({
    name,
    ignore: findFfmpeg() === undefined,
    fn: inTempDir(async (dir) => {
      await using bench = await RecorderPanel.start();
      await bench.must("PUT", "/password", { password: PASSWORD, current: null });
      await story(bench, dir);
    }),
  });
}

async function codeOf(bench: RecorderPanel, path: string): Promise<string> {
  const response = await bench.fetch(path);
  return response.status === 200 ? "" : (await response.json()).code;
}

encryptionTest(
  "B-REC-6: with a password nothing on the card can be read, recording goes on without it, and watching asks for it",
  async (bench, dir) => {
    const call = await bench.call(1);
    await bench.panel.restart();
    await bench.becomes("normal");
    assert.deepEqual((await bench.state()).encryption, { on: true, set: true, open: false });
    await bench.manual(3);
    const clips = await bench.clips();
    assert.deepEqual(clips.map(({ cause, sealed, ms }) => [cause, sealed, ms]), [
      ["manual", true, 3_000],
      ["call", true, 1_000],
    ]);
    for (const name of bench.files().filter((name) => !name.startsWith("latchkey"))) {
      assert.match(name, /\.age$/);
      const bytes = bench.file(name);
      for (const word of ["ftyp", "moov", "\xff\xd8\xff\xd9"]) {
        assert.equal(bytes.includes(Buffer.from(word, "latin1")), false, name);
      }
    }
    const paths = [
      `/clips/${clips[0]!.id}/video`,
      `/clips/${clips[0]!.id}/thumbnail`,
      `/calls/${call}/snapshot`,
    ];
    for (const path of paths) assert.equal(await codeOf(bench, path), "recordings-locked", path);
    assert.equal((await bench.ask("POST", "/unlock", { password: OTHER })).body.code, "password-wrong");
    for (const path of paths) assert.equal(await codeOf(bench, path), "recordings-locked", path);
    await bench.must("POST", "/unlock", { password: PASSWORD });
    const video = await bench.fetch(paths[0]!);
    writeFileSync(join(dir, "clip.mp4"), Buffer.from(await video.arrayBuffer()));
    assert.deepEqual([played(join(dir, "clip.mp4")).frames, played(join(dir, "clip.mp4")).complaints], [
      75,
      "",
    ]);
    for (const path of paths.slice(1)) assert.equal(await codeOf(bench, path), "", path);
  },
);

encryptionTest(
  "B-REC-6: the open key is forgotten a quarter of an hour after it was last used, and at once when told",
  async (bench) => {
    await bench.manual(1);
    const [clip] = await bench.clips();
    const path = `/clips/${clip!.id}/video`;
    const open = async () => (await bench.state()).encryption.open;
    await bench.pass(14 * 60_000, 20_000);
    await (await bench.fetch(path)).body?.cancel();
    await bench.pass(14 * 60_000, 20_000);
    assert.equal(await open(), true, "it was used meanwhile");
    await bench.pass(60_500, 500);
    assert.equal(await open(), false);
    assert.equal(await codeOf(bench, path), "recordings-locked", "also what was open before");
    await bench.must("POST", "/unlock", { password: PASSWORD });
    await bench.must("POST", "/lock");
    assert.equal(await codeOf(bench, path), "recordings-locked");
  },
);

encryptionTest(
  "B-REC-6: another password rewrites no recording, and the one before opens nothing any more",
  async (bench) => {
    await bench.manual(1);
    const before = bench.files().map((name) => bench.file(name).toString("base64"));
    const wrong = await bench.ask("PUT", "/password", { password: OTHER, current: OTHER });
    assert.equal(wrong.body.code, "password-wrong");
    await bench.must("PUT", "/password", { password: OTHER, current: PASSWORD });
    await bench.must("POST", "/lock");
    assert.deepEqual(bench.files().map((name) => bench.file(name).toString("base64")), before);
    assert.equal((await bench.ask("POST", "/unlock", { password: PASSWORD })).status, 403);
    await bench.must("POST", "/unlock", { password: OTHER });
    const [clip] = await bench.clips();
    assert.equal(await codeOf(bench, `/clips/${clip!.id}/video`), "");
  },
);

encryptionTest(
  "B-REC-6: a lost password is given up together with what was recorded under it, and with nothing else",
  async (bench) => {
    await bench.manual(1);
    const [lost] = await bench.clips();
    await bench.must("PUT", "/password", { password: OTHER, current: null });
    await bench.manual(1);
    const [fresh] = await bench.clips();
    assert.equal(await codeOf(bench, `/clips/${fresh!.id}/video`), "");
    assert.equal(await codeOf(bench, `/clips/${lost!.id}/video`), "clip-foreign");
    assert.equal((await bench.ask("DELETE", "/password", { current: PASSWORD })).status, 403);
    await bench.must("DELETE", "/password", { current: OTHER });
    const { on, set } = (await bench.state()).encryption;
    assert.deepEqual([on, set], [false, true], "who encrypts again is to be asked for it");
    await bench.manual(1);
    const [plain] = await bench.clips();
    assert.equal(plain!.sealed, false);
    assert.equal(await codeOf(bench, `/clips/${fresh!.id}/video`), "", "what is encrypted stays so");
  },
);

encryptionTest("whoever guesses the password waits, and so does the one who knows it", async (bench) => {
  const guess = async (password: string) => (await bench.ask("POST", "/unlock", { password })).status;
  for (let i = 0; i < 5; i++) assert.equal(await guess("a wrong one"), 403);
  assert.equal(await guess(PASSWORD), 429);
  await bench.pass(30_000);
  assert.equal(await guess("a wrong one"), 403);
  await bench.pass(30_000);
  assert.equal(await guess(PASSWORD), 429, "it has doubled");
  await bench.pass(30_000);
  assert.equal(await guess(PASSWORD), 204);
});

encryptionTest(
  "B-REC-4, B-REC-6: an encrypted recording that was cut off plays up to the last second that is whole",
  async (bench, dir) => {
    await bench.manual(3);
    const [clip] = await bench.clips();
    const name = bench.files().find((name) => name.endsWith(".mp4.age"))!;
    const path = join(bench.panel.data, "cards", "card-1", name);
    truncateSync(path, bench.file(name).length - 1_000);
    const response = await bench.fetch(`/clips/${clip!.id}/video`);
    writeFileSync(join(dir, "clip.mp4"), Buffer.from(await response.arrayBuffer()));
    assert.equal(played(join(dir, "clip.mp4")).frames, 50);
    await bench.must("POST", "/lock");
    await bench.must("POST", "/unlock", { password: PASSWORD });
    truncateSync(path, 1_000);
    assert.equal(await codeOf(bench, `/clips/${clip!.id}/video`), "clip-damaged");
  },
);

encryptionTest("a file of another panel on the card is not played, and says why", async (bench) => {
  await bench.manual(1);
  await using other = await RecorderPanel.start({}, { seed: 2 });
  await other.must("PUT", "/password", { password: OTHER, current: null });
  await other.manual(1);
  const [strange] = await other.clips();
  const name = other.files().find((name) => name.includes(strange!.id) && name.includes(".mp4"))!;
  const folder = (bench: RecorderPanel) => join(bench.panel.data, "cards", "card-1");
  copyFileSync(join(folder(other), name), join(folder(bench), name));
  await bench.panel.restart();
  await bench.becomes("normal");
  await bench.must("POST", "/unlock", { password: PASSWORD });
  assert.equal((await bench.clips()).length, 2);
  assert.equal(await codeOf(bench, `/clips/${strange!.id}/video`), "clip-foreign");
});

encryptionTest(
  "I-27: neither password nor open key is in a log, in the data directory or on the card",
  async (bench) => {
    await bench.manual(1);
    await bench.must("POST", "/lock");
    await bench.must("POST", "/unlock", { password: PASSWORD });
    const locked = await (await bench.fetch("/password/key")).arrayBuffer();
    const plain = await decrypted(new Response(locked).body!, PASSWORD);
    const identity = await new Response(plain).text();
    assert.match(identity, /^AGE-SECRET-KEY-1/);
    const texts = [JSON.stringify(bench.panel.lines), JSON.stringify(await bench.panel.accessLog())];
    for (const path of readdirSync(bench.panel.data, { recursive: true, withFileTypes: true })) {
      if (path.isFile()) texts.push(readFileSync(join(path.parentPath, path.name), "latin1"));
    }
    assert.ok(texts.length > 5);
    for (const text of texts) {
      for (const secret of [PASSWORD, identity, identity.slice(20, 40)]) {
        assert.equal(
          text.includes(secret),
          false,
        );
      }
    }
  },
);

Deno.test({
  name: "B-REC-6: with the key that was saved, the password and age, a recording is opened without the panel",
  ignore: findFfmpeg() === undefined || findAge() === undefined,
  fn: inTempDir(async (dir) => {
    await using bench = await RecorderPanel.start();
    await bench.must("PUT", "/password", { password: PASSWORD, current: null });
    await bench.manual(2);
    const [clip] = await bench.clips();
    const save = async (path: string, name: string) =>
      writeFileSync(join(dir, name), Buffer.from(await (await bench.fetch(path)).arrayBuffer()));
    await save("/password/key", "key.age");
    await save(`/clips/${clip!.id}/video?save=stored`, "clip.age");
    // age asks for the password at a terminal, which another test does; here only what it makes of it.
    const locked = new Response(readFileSync(join(dir, "key.age"))).body!;
    writeFileSync(join(dir, "key"), await new Response(await decrypted(locked, PASSWORD)).text());
    const { status, stderr } = spawnSync("age", [
      ...["-d", "-i", join(dir, "key"), "-o", join(dir, "clip.mp4"), join(dir, "clip.age")],
    ], { encoding: "utf8" });
    assert.equal(status, 0, stderr);
    assert.equal(played(join(dir, "clip.mp4")).frames, 50);
  }),
});

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { Buffer } from "node:buffer";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { inTempDir } from "../../../core/testing/temp_dir.ts";
import { findAge, findFfmpeg } from "../../../media/testing/tools.ts";
import { unsealed } from "../seal/header.ts";
import type { Content } from "../seal/stream.ts";
import { MemoryFile } from "../testing/memory_file.ts";
import { played, recordedParts } from "../../../media/testing/movie.ts";
import { contentOf } from "../testing/content.ts";
import { openMovie } from "./movie.ts";
import { ClipWriter } from "./writer.ts";

const ignore = findFfmpeg() === undefined;
const SECONDS = 6;
let parts: Buffer[] | undefined;

/** Writes the parts of a movie, one a second; the last `left` are left out and it does not end. */
async function write(recipient: string | undefined, left = 0): Promise<MemoryFile> {
  parts ??= recordedParts(SECONDS);
  const file = new MemoryFile();
  let now = 0;
  const writer = await ClipWriter.begin({ file, recipient, now: () => now });
  for (const part of parts.slice(0, parts.length - left)) {
    await writer.write(part);
    now += 1_000;
  }
  if (left === 0) await writer.end();
  return file;
}

async function allOf(content: Content): Promise<Buffer> {
  return Buffer.from(await content.read(0, content.size));
}

/** As a player gets it. */
async function shown(dir: string, content: Content) {
  const movie = await openMovie(content);
  assert.ok(movie);
  const path = join(dir, "shown.mp4");
  writeFileSync(path, await allOf(movie));
  return { ...played(path), ms: movie.ms };
}

Deno.test({
  name: "B-REC-4: a recording says how long it is once it is played, and all of it can be decoded",
  ignore,
  fn: inTempDir(async (dir) => {
    const { frames, seconds, complaints, ms } = await shown(dir, contentOf((await write(undefined)).bytes));
    assert.deepEqual([frames, seconds, ms, complaints], [SECONDS * 25, SECONDS, SECONDS * 1_000, ""]);
  }),
});

Deno.test({
  name:
    "B-REC-4: pulled at any moment, a recording plays up to the last second that was on the card, encrypted or not",
  ignore,
  fn: inTempDir(async (dir) => {
    const identity = await generateX25519Identity();
    const recipient = await identityToRecipient(identity);
    for (const to of [undefined, recipient]) {
      const file = await write(to, 2);
      // The head is no second, and two are missing.
      assert.equal(file.synced.length, SECONDS - 2);
      for (const [i, bytes] of file.synced.entries()) {
        const content = to ? await unsealed(contentOf(bytes), identity) : contentOf(bytes);
        const { frames, ms } = await shown(dir, content);
        assert.deepEqual(
          [frames, ms],
          [(i + 1) * 25, (i + 1) * 1_000],
          `${to ? "encrypted" : "plain"}, ${i + 1}`,
        );
      }
    }
  }),
});

Deno.test({
  name: "B-REC-6: a crash costs an encrypted recording no more than a plain one, also between two syncs",
  ignore,
  fn: inTempDir(async (dir) => {
    const identity = await generateX25519Identity();
    const [head, ...fragments] = parts ??= recordedParts(SECONDS);
    const file = new MemoryFile();
    let now = 0;
    const recipient = await identityToRecipient(identity);
    const writer = await ClipWriter.begin({ file, recipient, now: () => now });
    await writer.write(head!);
    for (const [i, fragment] of fragments.entries()) {
      // Half a second apart, one a little early and one a little late, as a camera has them.
      now += i % 2 === 0 ? 480 : 520;
      await writer.write(fragment);
      const { frames } = await shown(dir, await unsealed(contentOf(file.bytes), identity));
      assert.equal(frames, (i + 1) * 25, `after ${now} ms`);
    }
    assert.equal(file.synced.length, Math.floor(SECONDS / 2), "it is on the card each second");
  }),
});

Deno.test({
  name: "B-REC-6: what is on the card says nothing without the key, and the tool age opens it with the key",
  ignore: ignore || findAge() === undefined,
  fn: inTempDir(async (dir) => {
    const identity = await generateX25519Identity();
    const recipient = await identityToRecipient(identity);
    const { bytes } = await write(recipient);
    for (const word of ["ftyp", "moov", "avc1", "mdat"]) assert.equal(bytes.includes(word), false, word);
    writeFileSync(join(dir, "key"), identity);
    writeFileSync(join(dir, "clip.age"), bytes);
    const clear = join(dir, "clip.mp4");
    const opened = spawnSync("age", ["-d", "-i", join(dir, "key"), "-o", clear, join(dir, "clip.age")]);
    assert.equal(opened.status, 0, String(opened.stderr));
    assert.deepEqual([played(clear).frames, played(clear).complaints], [SECONDS * 25, ""]);

    const cut = (await write(recipient, 2)).bytes;
    writeFileSync(join(dir, "cut.age"), cut);
    const half = spawnSync("age", ["-d", "-i", join(dir, "key"), join(dir, "cut.age")], {
      maxBuffer: 64 * 1024 * 1024,
    });
    assert.notEqual(half.status, 0, "it says that the end is missing");
    writeFileSync(clear, half.stdout);
    assert.equal(played(clear).frames, (SECONDS - 2) * 25, "and gives what there is");
  }),
});

Deno.test({
  name: "B-REC-6: an encrypted recording that was changed, or is another panel's, is not played",
  ignore,
  async fn() {
    const identity = await generateX25519Identity();
    const { bytes } = await write(await identityToRecipient(identity));
    const content = await unsealed(contentOf(bytes), identity);
    const plain = await allOf(content);
    // From anywhere, over the borders of chunks.
    for (const [at, length] of [[0, 10], [65_530, 20], [131_072, 1], [plain.length - 5, 100]] as const) {
      assert.deepEqual(Buffer.from(await content.read(at, length)), plain.subarray(at, at + length));
    }
    const changed = Buffer.from(bytes);
    changed[70_000]! ^= 1;
    await assert.rejects(async () => allOf(await unsealed(contentOf(changed), identity)), /was changed/);
    const stranger = await generateX25519Identity();
    await assert.rejects(unsealed(contentOf(bytes), stranger), { code: "clip-foreign", status: 409 });
    for (const length of [0, 10, 150]) {
      await assert.rejects(unsealed(contentOf(bytes.subarray(0, length)), identity), {
        code: "clip-damaged",
      });
    }
  },
});

Deno.test("what is no recording, or has no whole fragment yet, is not played", async () => {
  for (const bytes of [Buffer.alloc(0), Buffer.from("no movie at all"), Buffer.alloc(100)]) {
    assert.equal(await openMovie(contentOf(bytes)), undefined);
  }
});

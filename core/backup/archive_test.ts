import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packTar, type TarEntry } from "modern-tar";
import { inTempDir } from "../testing/temp_dir.ts";
import { packed, unpack } from "./archive.ts";
import type { BackupFile, Manifest } from "./manifest.ts";
import { listing } from "./testing/backups.ts";

const SCHEMA = 2;
const streamOf = (bytes: Uint8Array) =>
  new Response(bytes as BodyInit).body as ReadableStream<Uint8Array<ArrayBuffer>>;
const bytesOf = async (stream: ReadableStream<Uint8Array>) =>
  new Uint8Array(await new Response(stream as BodyInit).arrayBuffer());

const contents: Record<string, Uint8Array> = {
  "access.db": new Uint8Array(200_001).map((_, i) => i % 251),
  "access.head": new TextEncoder().encode("1 a b\n"),
  "keys/card.key": new TextEncoder().encode("c".repeat(64)),
  "keys/log.key": new TextEncoder().encode("l".repeat(64)),
  "panel.yaml": new Uint8Array(0),
};

function manifestOf(change: Partial<Manifest> = {}, files: Record<string, Uint8Array> = contents): Manifest {
  return {
    format: 1,
    latchkey: "1.2.3",
    panel: { id: "panel-1", name: "Front door" },
    madeAt: "2026-06-01T12:00:00.000Z",
    schema: SCHEMA,
    log: { rows: 0, findings: [] },
    files: Object.entries(files).map(([name, bytes]): BackupFile => ({
      name,
      size: bytes.length,
      sha256: createHash("sha256").update(bytes).digest("hex"),
    })),
    ...change,
  };
}

function room(dir: string, name: string): string {
  const path = join(dir, name);
  mkdirSync(join(path, "keys"), { recursive: true });
  return path;
}

/** An archive such as somebody could make who knows the passphrase. */
async function forged(
  manifest: unknown,
  entries: TarEntry[],
): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
  const text = typeof manifest === "string" ? manifest : JSON.stringify(manifest);
  const first = {
    header: { name: "manifest.json", size: new TextEncoder().encode(text).length },
    body: text,
  };
  return streamOf(await packTar([first, ...entries]));
}

const entry = (name: string, body: Uint8Array = contents[name]!): TarEntry => ({
  header: { name, size: body.length },
  body,
});
const whole = () => Object.keys(contents).map((name) => entry(name));

Deno.test(
  "an archive gives back each file as it was, for its owner only",
  inTempDir(async (dir) => {
    const [from, to] = [room(dir, "from"), room(dir, "to")];
    for (const [name, bytes] of Object.entries(contents)) writeFileSync(join(from, name), bytes);
    const manifest = manifestOf();
    assert.deepEqual(await unpack(packed(manifest, from), to, SCHEMA), manifest);
    for (const [name, bytes] of Object.entries(contents)) {
      assert.deepEqual(new Uint8Array(readFileSync(join(to, name))), bytes, name);
      assert.equal(Deno.statSync(join(to, name)).mode! & 0o777, 0o600, name);
    }
  }),
);

Deno.test(
  "an archive is read piece by piece, wherever the pieces end",
  inTempDir(async (dir) => {
    const from = room(dir, "from");
    for (const [name, bytes] of Object.entries(contents)) writeFileSync(join(from, name), bytes);
    const bytes = await bytesOf(packed(manifestOf(), from));
    for (const size of [511, 512, 513, 4_097, 65_536]) {
      let at = 0;
      const pieces = new ReadableStream<Uint8Array<ArrayBuffer>>({
        pull(controller) {
          if (at >= bytes.length) return controller.close();
          controller.enqueue(bytes.slice(at, at + size));
          at += size;
        },
      });
      const to = room(dir, `to-${size}`);
      await unpack(pieces, to, SCHEMA);
      assert.deepEqual(listing(to), Object.keys(contents).sort());
    }
  }),
);

Deno.test(
  "an archive is not believed before its very end, where a change of it shows",
  inTempDir(async (dir) => {
    const bytes = await bytesOf(await forged(manifestOf(), whole()));
    let at = 0;
    const pieces = new ReadableStream<Uint8Array<ArrayBuffer>>({
      pull(controller) {
        if (at > bytes.length) return controller.error(new Error("invalid tag"));
        controller.enqueue(at === bytes.length ? new Uint8Array(512) : bytes.slice(at, at + 512));
        at += 512;
      },
    });
    await assert.rejects(unpack(pieces, room(dir, "to"), SCHEMA), {
      code: "backup-damaged",
      message: /invalid tag/,
    });
  }),
);

Deno.test(
  "a file that is gone when its turn comes makes the archive fail, not end early",
  inTempDir(async (dir) => {
    const from = room(dir, "from");
    writeFileSync(join(from, "access.db"), contents["access.db"]!);
    await assert.rejects(bytesOf(packed(manifestOf(), from)));
  }),
);

Deno.test(
  "an archive from elsewhere puts nothing where no file of a panel belongs",
  inTempDir(async (dir) => {
    let count = 0;
    const damaged = "backup-damaged";
    const attempt = async (manifest: unknown, entries: TarEntry[], message: RegExp) => {
      const to = room(dir, `to-${count++}`);
      await assert.rejects(unpack(await forged(manifest, entries), to, SCHEMA), { code: damaged, message });
      for (const name of listing(to)) assert.ok(name in contents, name);
    };
    const nowhere = ["../evil", "/etc/passwd", "keys/../../evil", "keys/.ssh", "keys/a/b", "access.db-wal"];
    for (const name of nowhere) {
      const bytes = new Uint8Array(3);
      const files = { ...contents, [name]: bytes };
      await attempt(manifestOf({}, files), [...whole(), entry(name, bytes)], /a file of a panel/);
    }
    const misplaced = /not what its manifest says/;
    await attempt(manifestOf(), [...whole(), entry("access.db")], misplaced);
    await attempt(manifestOf(), whole().slice(1), misplaced);
    await attempt(manifestOf(), whole().slice(0, -1), /There is no panel\.yaml/);
    await attempt(manifestOf(), whole().toReversed(), misplaced);
    const link = {
      header: { name: "access.db", size: 0, type: "symlink", linkname: "/etc/passwd" },
    } as TarEntry;
    await attempt(manifestOf(), [link, ...whole().slice(1)], misplaced);
    const other = entry("access.db", contents["access.db"]!.map((byte) => byte ^ 1));
    await attempt(manifestOf(), [other, ...whole().slice(1)], /"access\.db" is not as it was saved/);
    const { "keys/card.key": _, ...keyless } = contents;
    await attempt(manifestOf({}, keyless), whole(), /keys\/card\.key/);
    const [file] = manifestOf().files;
    await attempt(manifestOf({ files: [...manifestOf().files, file!] }), whole(), /each once/);
  }),
);

Deno.test(
  "an archive that is none of a panel, or of a newer one, says so",
  inTempDir(async (dir) => {
    const refused = async (archive: ReadableStream<Uint8Array<ArrayBuffer>>, code: string) =>
      await assert.rejects(unpack(archive, room(dir, "to"), SCHEMA), { code });
    await refused(streamOf(await packTar([entry("access.db")])), "backup-unknown");
    await refused(streamOf(new Uint8Array(0)), "backup-damaged");
    await refused(streamOf(new Uint8Array(2_000).fill(7)), "backup-damaged");
    await refused(await forged("{", whole()), "backup-damaged");
    await refused(await forged("null", whole()), "backup-damaged");
    await refused(await forged(manifestOf({ schema: SCHEMA + 1 }), whole()), "backup-newer");
    await refused(await forged({ ...manifestOf(), format: 2, more: true }, whole()), "backup-newer");
    await refused(await forged("x".repeat(300_000), whole()), "backup-unknown");
  }),
);

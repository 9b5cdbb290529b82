import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { createTarDecoder, createTarPacker, type ParsedTarEntry } from "modern-tar";
import { LatchkeyError } from "../errors.ts";
import { errorText } from "../log.ts";
import { piecesOf, writeFileOf } from "./files.ts";
import { type BackupFile, MANIFEST, type Manifest, MANIFEST_BYTES, readManifest } from "./manifest.ts";

type Bytes = ReadableStream<Uint8Array<ArrayBuffer>>;

/** The manifest and the files that it names, in `dir`, as a tar archive. */
export function packed(manifest: Manifest, dir: string): Bytes {
  const { readable, controller } = createTarPacker();
  const mtime = new Date(manifest.madeAt);

  async function add(name: string, size: number, pieces: AsyncIterable<Uint8Array>): Promise<void> {
    const writer = controller.add({ name, size, mtime, mode: 0o600, uid: 0, gid: 0 }).getWriter();
    for await (const piece of pieces) await writer.write(piece);
    await writer.close();
  }

  async function addAll(): Promise<void> {
    const text = Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`);
    await add(MANIFEST, text.length, only(text));
    for (const { name, size } of manifest.files) await add(name, size, piecesOf(join(dir, name)));
    controller.finalize();
  }

  // Whoever reads the stream hears of it.
  addAll().catch((error) => controller.error(error));
  return readable as Bytes;
}

/**
 * Puts the files of an archive into `dir`, each as the manifest says, and reads the archive to its very end: only
 * there is it known to be whole.
 * @throws {LatchkeyError} `backup-damaged`, `backup-newer`, `backup-unknown`
 */
export async function unpack(archive: Bytes, dir: string, newestSchema: number): Promise<Manifest> {
  const source = archive.getReader();
  let manifest: Manifest | undefined;
  const waiting: BackupFile[] = [];
  try {
    const content = new ReadableStream<Uint8Array>({
      async pull(controller) {
        const { done, value } = await source.read();
        if (done) controller.close();
        else controller.enqueue(value);
      },
    });
    for await (const entry of content.pipeThrough(createTarDecoder({ strict: true }))) {
      if (!manifest) {
        manifest = readManifest(await manifestText(entry), newestSchema);
        waiting.push(...manifest.files);
      } else {
        await putFile(entry, waiting.shift(), dir);
      }
    }
  } catch (error) {
    if (error instanceof LatchkeyError) throw error;
    throw damaged(`It was changed, or its end is missing (${errorText(error)})`);
  } finally {
    source.cancel().catch(() => {});
  }
  if (!manifest || waiting.length > 0) throw damaged(`There is no ${waiting[0]?.name ?? MANIFEST} in it`);
  return manifest;
}

async function manifestText({ header, body }: ParsedTarEntry): Promise<string> {
  if (header.name !== MANIFEST || header.type !== "file" || header.size > MANIFEST_BYTES) {
    await body.cancel();
    throw new LatchkeyError(
      "backup-unknown",
      `This file is no backup of a panel: it does not begin with ${MANIFEST}`,
    );
  }
  return await new Response(body as BodyInit).text();
}

async function putFile(
  { header, body }: ParsedTarEntry,
  file: BackupFile | undefined,
  dir: string,
): Promise<void> {
  if (header.name !== file?.name || header.type !== "file" || header.size !== file.size) {
    await body.cancel();
    throw damaged(`"${header.name.slice(0, 80)}" is not what its manifest says comes there`);
  }
  const hash = createHash("sha256");
  async function* hashed() {
    for await (const piece of body) {
      hash.update(piece);
      yield piece;
    }
  }
  await writeFileOf(hashed(), join(dir, file.name));
  if (hash.digest("hex") !== file.sha256) throw damaged(`"${file.name}" is not as it was saved`);
}

async function* only(bytes: Uint8Array) {
  yield bytes;
}

function damaged(why: string): LatchkeyError {
  return new LatchkeyError("backup-damaged", `The backup is damaged. ${why}`);
}

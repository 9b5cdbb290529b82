import { createReadStream, existsSync, mkdirSync, readdirSync, rmdirSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { createTarPacker } from "modern-tar";
import { LatchkeyError } from "../errors.ts";
import { storedGrants } from "../isolate/grants.ts";
import { type Bytes, unpackTar } from "../isolate/install/unpack.ts";
import { packageFiles } from "../isolate/package_sums.ts";
import { pluginIdSchema } from "../plugin/plugin.ts";
import { writeFileOf } from "./files.ts";

const END = ".tar";

/**
 * Packs the folders of the third-party plugins that a database knows of. One whose folder holds what no plugin's may is
 * left out: it would not start either.
 * @param database a copy, which nobody else uses
 */
export async function packPlugins(database: string, plugins: string, into: string): Promise<void> {
  for (const id of grantedIn(database)) {
    const folder = join(plugins, id);
    const out = join(into, `${id}${END}`);
    if (!existsSync(folder)) continue;
    mkdirSync(into, { recursive: true, mode: 0o700 });
    try {
      await writeFileOf(tarOf(folder), out);
    } catch (error) {
      const isFault = !(error instanceof LatchkeyError) && (error as NodeJS.ErrnoException).code !== "ENOENT";
      if (isFault) throw error;
      rmSync(out, { force: true });
    }
  }
}

/** Makes the folders of what was packed. Whether they are what was let in is looked at before each start. */
export async function unpackPlugins(plugins: string): Promise<void> {
  const names = readdirSync(plugins);
  if (names.length === 0) rmdirSync(plugins);
  for (const name of names) {
    const folder = join(plugins, name.slice(0, -END.length));
    mkdirSync(folder, { mode: 0o755 });
    await unpackTar(createReadStream(join(plugins, name)) as Bytes, folder);
    rmSync(join(plugins, name));
  }
}

function grantedIn(database: string): string[] {
  const db = new DatabaseSync(database, { readOnly: true });
  try {
    const store = { prepare: (sql: string) => db.prepare(sql), transaction: <T>(work: () => T) => work() };
    const { plugins, damaged } = storedGrants(store).list();
    const ids = [...plugins.map(({ manifest }) => manifest.id), ...damaged.map(({ id }) => id)];
    return ids.filter((id) => pluginIdSchema.safeParse(id).success);
  } finally {
    db.close();
  }
}

async function* tarOf(folder: string): AsyncGenerator<Uint8Array> {
  const { readable, controller } = createTarPacker();
  async function addAll(): Promise<void> {
    for (const path of packageFiles(folder)) {
      const content = await readFile(join(folder, path));
      const writer = controller.add({ name: `package/${path}`, size: content.length, mtime: new Date(0) })
        .getWriter();
      await writer.write(content);
      await writer.close();
    }
    controller.finalize();
  }
  // Whoever reads the stream hears of it.
  addAll().catch((error) => controller.error(error));
  yield* readable;
}

import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { storedGrants } from "../../core/isolate/grants.ts";
import { pluginManifestSchema, type Wants, wantsSchema } from "../../core/isolate/manifest.ts";
import { systemRandom } from "../../core/random.ts";
import { openStore } from "../../core/store/database.ts";
import { loadKeys } from "../../core/store/keys_file.ts";
import { digestOfSums, packageSums } from "../../core/isolate/package_sums.ts";
import { databasePath, pluginsDir } from "../../core/store/paths.ts";
import type { PluginStatus } from "../../core/plugin/host.ts";
import type { Visitor } from "../boot/panel_process.ts";
import { soon } from "../soon.ts";

export interface Installed {
  id: string;
  /** Where its folder is copied from. */
  from?: URL;
  /** Further files of its folder; `mod.ts` is its entry. */
  files?: Record<string, string>;
  granted?: Partial<Wants>;
  /** It waits for the owner to switch it on. */
  off?: boolean;
}

/** Lets plugins in as an owner does, on the data of a panel that does not run. */
export function install(data: string, ...plugins: Installed[]): void {
  mkdirSync(data, { recursive: true, mode: 0o700 });
  loadKeys(data, systemRandom);
  const store = openStore(databasePath(data));
  const grants = storedGrants(store);
  for (const { id, from, files = {}, granted = {}, off = false } of plugins) {
    if (from) cpSync(from, join(pluginsDir(data), id), { recursive: true });
    for (const [name, text] of Object.entries(files)) {
      const path = join(pluginsDir(data), id, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
    }
    const manifest = { id, title: `The ${id}`, version: "1.0.0", api: 1, entry: "mod.ts", wants: granted };
    grants.put({
      manifest: pluginManifestSchema.parse(manifest),
      granted: wantsSchema.parse(granted),
      digest: digestOf(join(pluginsDir(data), id)),
      origin: { from: "folder", package: id, integrity: null },
      signer: null,
      settings: {},
      off: off ? { by: "owner", reason: "Not yet" } : null,
    });
  }
  store.close();
}

/** Of a folder that no plugin can be in, too: it is not to start. */
function digestOf(folder: string): string {
  try {
    return digestOfSums(packageSums(folder));
  } catch {
    return "0".repeat(64);
  }
}

/** How the plugin is doing, once it is doing so. */
export async function until(
  visitor: Visitor,
  id: string,
  isSo: (status: PluginStatus) => boolean,
): Promise<PluginStatus> {
  return await soon(async () => {
    const { body } = await visitor.api<{ plugins: PluginStatus[] }>("GET", "/status");
    return body.plugins.find((plugin) => plugin.id === id && isSo(plugin));
  });
}

export const isRunning = ({ state }: PluginStatus): boolean => state === "running";
export const hasFailed = ({ state }: PluginStatus): boolean => state === "failed";

/** Resident memory of a process, MB; 0 where it has ended. */
export function memoryOf(pid: number): number {
  try {
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1_024;
  } catch {
    return 0;
  }
}

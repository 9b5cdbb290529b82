import { existsSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pluginIdSchema } from "../../plugin/plugin.ts";
import { type Random, randomId } from "../../random.ts";
import { syncPath } from "../../store/durable_file.ts";
import { watchFolder } from "../folder_watch.ts";
import { cacheOf, cachesOf } from "../launch/fence.ts";
import type { GrantedPlugin } from "../manifest.ts";
import { digestOfSums, packageSums } from "../package_sums.ts";
import type { PluginFolders } from "../plugin_folders.ts";
import { contentOf, incomingDir, UNFINISHED, waitingDir } from "./places.ts";
import { Staging } from "./staging.ts";

/** The folders in the panel's data directory. */
export function pluginFolders(plugins: string, random: Random): PluginFolders {
  const staging = new Staging({ plugins, now: () => 0, random });
  const discard = (path: string) => rmSync(path, { recursive: true, force: true });

  /** Killed between any two steps, the next start does the rest. */
  function place({ manifest: { id }, digest }: GrantedPlugin): void {
    const waiting = waitingDir(plugins, digest);
    const folder = join(plugins, id);
    if (!existsSync(contentOf(waiting))) return;
    const old = join(incomingDir(plugins), `${UNFINISHED}${randomId(random)}`);
    if (existsSync(folder)) renameSync(folder, old);
    renameSync(contentOf(waiting), folder);
    syncPath(plugins);
    syncPath(incomingDir(plugins));
    // What was compiled of other files.
    for (const path of [old, waiting, cacheOf(plugins, id)]) discard(path);
  }

  /** Whether what waits is all of it: it may have been sent away, which was cut off. */
  function isWhole({ digest }: GrantedPlugin): boolean {
    try {
      return digestOfSums(packageSums(contentOf(waitingDir(plugins, digest)))) === digest;
    } catch {
      return false;
    }
  }

  return {
    watch: ({ manifest, digest }) => watchFolder(join(plugins, manifest.id), digest),
    place,
    remove(id) {
      for (const { digest, manifest } of staging.list()) if (manifest.id === id) staging.drop(digest);
      for (const path of [join(plugins, id), cacheOf(plugins, id)]) discard(path);
      const caches = cachesOf(plugins);
      if (existsSync(caches) && readdirSync(caches).length === 0) discard(caches);
      if (existsSync(plugins)) syncPath(plugins);
    },
    settle(granted, damaged) {
      if (!existsSync(plugins)) return;
      for (const plugin of granted) if (isWhole(plugin)) place(plugin);
      const ids = new Set([...granted.map(({ manifest }) => manifest.id), ...damaged]);
      for (const parent of [plugins, cachesOf(plugins)].filter(existsSync)) {
        for (const name of readdirSync(parent)) {
          if (parent === plugins && !pluginIdSchema.safeParse(name).success) continue;
          if (!ids.has(name)) discard(join(parent, name));
        }
      }
      staging.tidy();
    },
  };
}

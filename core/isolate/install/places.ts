import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { pluginIdSchema } from "../../plugin/plugin.ts";

/** Packages that wait for the owner's word, in the folder of all plugins: no plugin's id begins with a dot. */
export const incomingDir = (plugins: string): string => join(plugins, ".incoming");

/** Where a package waits, by its digest. */
export const waitingDir = (plugins: string, digest: string): string => join(incomingDir(plugins), digest);

/** Its files, as they are to be the plugin's folder. */
export const contentOf = (waiting: string): string => join(waiting, "package");

/** How the name of what is not finished begins, or is on its way out. */
export const UNFINISHED = ".part-";

/** Whether there is a plugin's folder, or something that was cut off. */
export function hasFolders(plugins: string): boolean {
  const names = [plugins, incomingDir(plugins)].filter(existsSync).flatMap((path) => readdirSync(path));
  return names.some((name) => name.startsWith(UNFINISHED) || pluginIdSchema.safeParse(name).success);
}

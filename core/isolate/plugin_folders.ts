import type { FolderWatch } from "./folder_watch.ts";
import type { GrantedPlugin } from "./manifest.ts";

/** The plugins' folders. */
export interface PluginFolders {
  /** Looks at a plugin's files from now on. */
  watch(plugin: GrantedPlugin): FolderWatch;
  /** Makes the package that waits under the plugin's digest its folder, where one waits. */
  place(plugin: GrantedPlugin): void;
  /** Removes all that is on disk of it. */
  remove(id: string): void;
  /** Ends what was cut off, and clears away what is nobody's. Of those that can't be read, by id, all stays. */
  settle(plugins: readonly GrantedPlugin[], damaged: readonly string[]): void;
}

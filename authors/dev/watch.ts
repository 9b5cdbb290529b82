/** Files are written in several steps, and several at once, ms. */
const QUIET_MS = 80;

/** Calls `changed` after something in the folder has changed, once it has been quiet for a moment. @returns ends it */
export function watchFolder(folder: string, changed: () => void): () => void {
  const watcher = Deno.watchFs(folder, { recursive: true });
  let timer: ReturnType<typeof setTimeout> | undefined;
  const follow = async () => {
    for await (const { kind } of watcher) {
      if (kind === "access") continue;
      clearTimeout(timer);
      timer = setTimeout(changed, QUIET_MS);
    }
  };
  follow();
  return () => {
    clearTimeout(timer);
    watcher.close();
  };
}

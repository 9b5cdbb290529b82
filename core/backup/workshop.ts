import { join } from "node:path";

/** Where a backup is put together. */
export const workshop = (dataDir: string): string => join(dataDir, "backup");

/** The end of the name of a backup in there that is being handed out. */
export const READY = ".age";

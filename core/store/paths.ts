import { join } from "node:path";

/** Where things are in a panel's data directory. */
export const databasePath = (dataDir: string): string => join(dataDir, "access.db");

/** The seal on the newest access-log row, beside its database. */
export const headPath = (database: string): string => database.replace(/(\.db)?$/, ".head");

export const keysDir = (dataDir: string): string => join(dataDir, "keys");

/** Locked by the panel that runs on this directory. */
export const lockPath = (dataDir: string): string => join(dataDir, "panel.lock");

import { join } from "node:path";

/** Where things are in a panel's data directory. */
export const databasePath = (dataDir: string): string => join(dataDir, "access.db");

/** The seal on the newest access-log row, beside its database. */
export const headPath = (database: string): string => database.replace(/(\.db)?$/, ".head");

export const keysDir = (dataDir: string): string => join(dataDir, "keys");

/** Third-party plugins, each in a folder by its id. */
export const pluginsDir = (dataDir: string): string => join(dataDir, "plugins");

/** The code that a panel without an owner is claimed with, and a label to print. */
export const claimCodePath = (dataDir: string): string => join(dataDir, "claim.code");
export const claimLabelPath = (dataDir: string): string => join(dataDir, "claim.svg");

/** Locked by the panel that runs on this directory. */
export const lockPath = (dataDir: string): string => join(dataDir, "panel.lock");

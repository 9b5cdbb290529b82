import type { Wants } from "./manifest.ts";

/** What is told of a plugin whose folder is another. */
export const FILES_CHANGED =
  "Its files are no longer those that the owner let in. It does not run until it is added again";

/** How a plugin's process ended. */
export interface ProcessEnd {
  /** The exit status; null where a signal ended it. */
  status: number | null;
  signal: string | null;
  /** The end of what it wrote to its standard error. */
  lastWords: string;
  /** It was not even started: its files are not those of the order. `lastWords` says so. */
  changed?: boolean | undefined;
}

/** A plugin's process as the runtime sees it. Nothing is taken from it, nor given to it, faster than it is asked for here. */
export interface PluginProcess {
  /** The next of what it says; undefined once there is no more. One at a time. */
  read(): Promise<Uint8Array | undefined>;
  /** Resolved when it has taken them, or will take nothing any more. One at a time. */
  send(bytes: Uint8Array): Promise<void>;
  kill(): void;
  readonly ended: Promise<ProcessEnd>;
}

/** What is to be started. */
export interface LaunchOrder extends Pick<Wants, "net" | "memoryMb"> {
  /** The plugin's id, which is its folder's name too. */
  id: string;
  /** Its file within the folder. */
  entry: string;
  /** Of the files that may run. */
  digest: string;
}

/** Starts a plugin's process. Where it can't be started, the process ends at once and says why. */
export type Launch = (order: LaunchOrder) => PluginProcess;

/** What one plugin needs of the machine, beyond what every runtime may. */
export interface Needs {
  /** Addresses as `--allow-net` of Deno takes them: one with a port, or a range of IPv4. */
  net?: readonly string[];
  /** Absolute paths of files to read. */
  read?: readonly string[];
  /** Absolute paths of directories to write in. */
  write?: readonly string[];
  /** Facts about the machine as `--allow-sys` takes them. */
  sys?: readonly string[];
}

/** What is known of a panel before its configuration is checked. */
export interface Foreseen {
  /** A setting such as `plugins.lock.pulseMs` as it was given, unchecked; undefined where it was not. */
  given(name: string): unknown;
  /** Whether no other machine can reach the panel. */
  isLoopback: boolean;
}

/** Tells the supervisor what a plugin needs with these settings. A setting that is changed later counts from the next start on. */
export type PluginNeeds = (foreseen: Foreseen) => Needs;

import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { isMap } from "yaml";
import { LatchkeyError } from "../errors.ts";
import type { Json } from "../json.ts";
import { errorText } from "../log.ts";
import { readConfigFile } from "./surroundings.ts";
import { YamlFile } from "./yaml_file.ts";

/**
 * Puts a plugin's settings into the configuration file and leaves the rest of it, comments too, as it is. Killed at
 * any moment, it leaves the old file or the new one. Synchronous: nothing else may happen to the file meanwhile.
 * @throws {LatchkeyError} `config-invalid`, `config-read-only` (409), `disk-full` (507), `config-not-saved` (500)
 */
export function savePluginSettings(path: string, plugin: string, values: Json): void {
  const file = new YamlFile(readConfigFile(path) ?? "", path);
  setPlugin(file, plugin, values);
  replaceFile(path, file.document.toString({ lineWidth: 0 }));
}

function setPlugin({ document }: YamlFile, plugin: string, values: Json): void {
  if (!isMap(document.contents)) document.contents = document.createNode({});
  if (!isMap(document.get("plugins", true))) {
    document.set("plugins", document.createNode({}));
  }
  const place = ["plugins", plugin];
  const old = document.getIn(place, true);
  if (!isMap(old) || typeof values !== "object" || values === null || Array.isArray(values)) {
    return document.setIn(place, document.createNode(values));
  }
  const before = old.toJSON() as Record<string, Json>;
  for (const name of Object.keys(before)) {
    if (!Object.hasOwn(values, name)) old.delete(name);
  }
  for (const [name, value] of Object.entries(values)) {
    if (!isDeepStrictEqual(before[name], value)) document.setIn([...place, name], document.createNode(value));
  }
}

/** Writes beside, then renames: whoever opens `path` sees all of the old text or all of the new. */
function replaceFile(path: string, text: string): void {
  const beside = `${path}.new`;
  try {
    const mode = modeOf(path);
    rmSync(beside, { force: true });
    writeDurably(beside, text, mode);
    renameSync(beside, path);
  } catch (error) {
    discard(beside);
    throw refusal(path, error as NodeJS.ErrnoException);
  }
  syncRename(path);
}

function modeOf(path: string): number {
  return existsSync(path) ? statSync(path).mode & 0o777 : 0o600;
}

function writeDurably(path: string, text: string, mode: number): void {
  const file = openSync(path, "wx", mode);
  try {
    writeFileSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/**
 * So that the rename outlives a power cut. A directory that may not be opened, because the file lies outside the data
 * directory, is left be: to sync the file itself takes its new name along on journalling file systems.
 */
function syncRename(path: string): void {
  const file = openOr(dirname(path)) ?? openOr(path);
  if (file === undefined) return;
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function openOr(path: string): number | undefined {
  try {
    return openSync(path, "r");
  } catch {
    return undefined;
  }
}

function discard(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // What stopped the write may stop this; the next save tries again.
  }
}

function refusal(path: string, error: NodeJS.ErrnoException): LatchkeyError {
  const readOnly = ["EACCES", "EPERM", "EROFS"].includes(error.code ?? "") || error.name === "NotCapable";
  const full = error.code === "ENOSPC" || error.code === "EDQUOT";
  const [code, status, why] = readOnly
    ? ["config-read-only", 409, "it may not be written"] as const
    : full
    ? ["disk-full", 507, "the disk is full"] as const
    : ["config-not-saved", 500, errorText(error)] as const;
  return new LatchkeyError(code, `Cannot save the settings in ${path}: ${why}. The old ones stay in force`, {
    status,
    cause: error,
  });
}

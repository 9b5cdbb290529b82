import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { GrantedPlugin, PluginManifest } from "../core/isolate/manifest.ts";
import { Staging, type WaitingPackage } from "../core/isolate/install/staging.ts";
import { manifestOf, PACKAGE_FILE } from "../core/isolate/package_json.ts";
import { LatchkeyError } from "../core/errors.ts";
import type { Json } from "../core/json.ts";
import { errorText } from "../core/log.ts";
import { systemRandom } from "../core/random.ts";
import { pluginsDir } from "../core/store/paths.ts";
import { copyPacked } from "./packed.ts";

/**
 * What the `package.json` in a plugin's folder says of it.
 * @throws {LatchkeyError} `plugin-package`
 */
export function readManifest(folder: string): PluginManifest {
  let text: string;
  try {
    text = readFileSync(join(folder, PACKAGE_FILE), "utf8");
  } catch (error) {
    throw new LatchkeyError("plugin-package", `"${folder}" is no plugin's folder: ${errorText(error)}`);
  }
  return manifestOf(text);
}

/** What an owner grants and sets. */
export interface Terms {
  /** All that the manifest wants unless told. */
  granted?: PluginManifest["wants"];
  settings?: { [key: string]: Json };
}

/** A plugin with these files as an owner lets it in. */
export function letIn(
  { manifest, digest }: Pick<GrantedPlugin, "manifest" | "digest">,
  { granted = manifest.wants, settings = {} }: Terms = {},
): GrantedPlugin {
  const origin = { from: "folder", package: manifest.id, integrity: null } as const;
  return { manifest, digest, origin, signer: null, granted, settings, off: null };
}

/**
 * Takes what a panel gets of an author's folder in, as a package that waits for the owner's word.
 * @param data the panel's data directory
 * @throws {LatchkeyError} `plugin-package` where no panel can take it
 */
export function takeIn(folder: string, data: string): Promise<WaitingPackage> {
  const staging = new Staging({ plugins: pluginsDir(data), now: () => Date.now(), random: systemRandom });
  const fill = (into: string) => Promise.resolve(void copyPacked(folder, into));
  return staging.take(fill, "folder");
}

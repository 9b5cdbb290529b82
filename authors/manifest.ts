import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { GrantedPlugin, PluginManifest } from "../core/isolate/manifest.ts";
import { manifestOf, PACKAGE_FILE } from "../core/isolate/package_json.ts";
import { digestOfSums, packageSums } from "../core/isolate/package_sums.ts";
import { LatchkeyError } from "../core/errors.ts";
import type { Json } from "../core/json.ts";
import { errorText } from "../core/log.ts";

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

export interface Terms {
  /** All that the manifest wants unless told. */
  granted?: PluginManifest["wants"];
  settings?: { [key: string]: Json };
}

/** The plugin whose files lie in `folder`, as an owner lets it in. */
export function letIn(manifest: PluginManifest, folder: string, terms: Terms = {}): GrantedPlugin {
  return {
    manifest,
    digest: digestOfSums(packageSums(folder)),
    origin: { from: "folder", package: manifest.id, integrity: null },
    signer: null,
    granted: terms.granted ?? manifest.wants,
    settings: terms.settings ?? {},
    off: null,
  };
}

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type GrantedPlugin, grantedPluginSchema, type PluginManifest } from "../core/isolate/manifest.ts";
import { manifestOf, PACKAGE_FILE } from "../core/isolate/package_json.ts";
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

/** A plugin as an owner lets it in who grants all that it wants, unless told. */
export function grantAll(
  manifest: PluginManifest,
  granted: PluginManifest["wants"] = manifest.wants,
  settings: { [key: string]: Json } = {},
): GrantedPlugin {
  return grantedPluginSchema.parse({ manifest, granted, settings, off: null });
}

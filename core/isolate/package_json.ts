import { z } from "zod";
import { LatchkeyError } from "../errors.ts";
import { deeperThan } from "../json.ts";
import { type PluginManifest, pluginManifestSchema } from "./manifest.ts";

/** The file of a plugin's folder, or of its package, that says what it is. */
export const PACKAGE_FILE = "package.json";
/** Levels of what is shown of a wrong field. */
const DEEPEST = 16;

/** A package as npm knows it, whose `latchkey` is the plugin's manifest; the version stands where npm wants it. */
const packageSchema = z.looseObject({
  name: z.string().max(214).regex(/^(@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/, {
    error: "a package's name as npm takes it",
  }),
  version: pluginManifestSchema.shape.version,
  latchkey: pluginManifestSchema.omit({ version: true }),
});

export interface PackageFacts {
  /** The package's name. */
  name: string;
  manifest: PluginManifest;
}

/** What a plugin's `package.json` says of it. @throws {LatchkeyError} as `packageFacts` */
export function manifestOf(text: string): PluginManifest {
  return packageFacts(text).manifest;
}

/**
 * Reads a plugin's `package.json`.
 * @throws {LatchkeyError} `plugin-package` (422), with the field, its value and what is allowed
 */
export function packageFacts(text: string): PackageFacts {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw refusal("it is no JSON");
  }
  const parsed = packageSchema.safeParse(json);
  if (parsed.success) {
    const { name, version, latchkey } = parsed.data;
    return { name, manifest: { ...latchkey, version } };
  }
  const [issue] = parsed.error.issues;
  const path = issue?.path ?? [];
  const value = path.reduce<unknown>(
    (at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key],
    json,
  );
  throw refusal(`${path.join(".") || "all of it"} is ${shown(value)}: ${issue?.message ?? "invalid"}`);
}

function shown(value: unknown): string {
  if (value === undefined) return "missing";
  return deeperThan(DEEPEST, value) ? "nested too deep" : JSON.stringify(value).slice(0, 100);
}

const refusal = (what: string): LatchkeyError =>
  new LatchkeyError("plugin-package", `The plugin's ${PACKAGE_FILE} can't be used: ${what}`, { status: 422 });

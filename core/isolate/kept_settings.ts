import { LatchkeyError } from "../errors.ts";
import type { GrantedPlugin } from "./manifest.ts";

type Settings = GrantedPlugin["settings"];

/**
 * What of the settings of a version still fits the one that has refused them.
 * @param error why it did not start
 * @returns undefined where it is not for the settings, or leaving some out does not help
 */
export function fittingSettings(settings: Settings, error: unknown): Settings | undefined {
  if (!(error instanceof LatchkeyError) || error.code !== "settings-invalid") return undefined;
  const wrong = new Set(error.faults.map(({ field }) => field.split(".")[0]));
  const kept = Object.entries(settings).filter(([name]) => !wrong.has(name));
  return kept.length < Object.keys(settings).length ? Object.fromEntries(kept) : undefined;
}

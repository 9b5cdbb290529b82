import { rmSync } from "node:fs";
import type { PluginManifest } from "../../core/isolate/manifest.ts";
import { errorText } from "../../core/log.ts";
import { readManifest } from "../manifest.ts";
import { copyPacked } from "../packed.ts";
import type { Finding } from "./report.ts";

/** What its `package.json` says. */
export function checkManifest(folder: string): { finding: Finding; manifest?: PluginManifest } {
  const check = "Its package.json says what it is";
  try {
    const manifest = readManifest(folder);
    return { finding: { check, ok: true, lines: [`${manifest.id} ${manifest.version}`] }, manifest };
  } catch (error) {
    return {
      finding: { check, ok: false, lines: [errorText(error)], mend: ["see docs/plugins/contract.md"] },
    };
  }
}

/**
 * Whether a panel can take its files.
 * @param into where they are copied to
 */
export function checkFiles(folder: string, into: string, { entry }: PluginManifest): Finding {
  const check = "Its files can be packed";
  try {
    rmSync(into, { recursive: true, force: true });
    const files = copyPacked(folder, into);
    if (files.includes(entry)) return { check, ok: true, lines: [files.join(", ")] };
    return {
      check,
      ok: false,
      lines: [`package.json names "${entry}" as its entry, and there is no such file`],
      mend: ['put it there, or change "entry" in package.json'],
    };
  } catch (error) {
    return { check, ok: false, lines: [errorText(error)], mend: ["see docs/plugins/publishing.md"] };
  }
}

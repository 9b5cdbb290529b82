import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pluginHostDir } from "../../core/boot/permissions.ts";
import type { PluginManifest } from "../../core/isolate/manifest.ts";
import { errorText } from "../../core/log.ts";
import { pluginsDir } from "../../core/store/paths.ts";
import { linkFolder } from "../tools/link.ts";
import { ROOT } from "../tools/tool.ts";
import { checkLint, checkTests, checkTypes } from "./code.ts";
import { checkFiles, checkManifest } from "./folder.ts";
import { checkLeaks } from "./leaks.ts";
import { tryInOwnProcess } from "./own_process.ts";
import { checkPermissions } from "./permissions.ts";
import type { Finding } from "./report.ts";

/** Checks a plugin's folder from its manifest to its permissions; each finding is given when it is there. */
export async function* checkPlugin(folder: string): AsyncGenerator<Finding, PluginManifest | undefined> {
  const { finding, manifest } = checkManifest(folder);
  yield finding;
  if (!manifest) return undefined;
  linkFolder(folder);
  const scratch = mkdtempSync(join(tmpdir(), "latchkey-"));
  try {
    const files = checkFiles(folder, join(scratch, "packed"), manifest);
    yield files;
    if (!files.ok) return undefined;
    const types = await checkTypes(folder);
    yield types;
    yield await checkLint(folder);
    // What does not type-check does not run as it is meant to.
    if (!types.ok) return undefined;
    const data = join(scratch, "data");
    const tried = await tryInOwnProcess(folder, data).catch((error) => ({
      finding: { check: "It can be run", ok: false, lines: [errorText(error)] },
      usage: new Set<string>(),
      asked: [],
    }));
    yield tried.finding;
    yield await checkLeaks(folder, manifest);
    const tests = await checkTests(folder);
    yield tests.finding;
    const usage = new Set([...tried.usage, ...tests.usage]);
    const readable = [join(pluginsDir(data), manifest.id), pluginHostDir(ROOT)];
    yield checkPermissions(manifest, usage, tried.asked, readable);
    return manifest;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

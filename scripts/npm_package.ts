import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { PACKAGE_FILE, packageFacts } from "../core/isolate/package_json.ts";
import { copyPackage } from "../core/isolate/install/copy.ts";

export interface NpmSpec {
  name: string;
  version: string;
}

/** `name@1.2.3` or `@scope/name@1.2.3`; undefined for anything else. */
export function npmSpec(text: string): NpmSpec | undefined {
  const [, name, version] =
    /^((?:@[a-z0-9~-][\w.~-]*\/)?[a-z0-9~-][\w.~-]*)@(\d+\.\d+\.\d+[\w.+-]*)$/.exec(text) ?? [];
  return name === undefined || version === undefined ? undefined : { name, version };
}

/**
 * Has Deno fetch a package, from wherever the user's `.npmrc` says, and puts its files into a directory. Deno checks the
 * archive against what the registry says of it, and runs none of its scripts.
 */
export async function fetchPackage(spec: NpmSpec, into: string): Promise<{ integrity: string }> {
  const shop = join(dirname(into), "npm");
  mkdirSync(shop);
  try {
    const lock = join(shop, "deno.lock");
    await cache(spec, shop, lock);
    await copyPackage(folderIn(join(shop, "deno", "npm"), spec), into);
    assertNamed(join(into, PACKAGE_FILE), spec);
    return { integrity: integrityIn(readFileSync(lock, "utf8"), spec) };
  } finally {
    rmSync(shop, { recursive: true, force: true });
  }
}

/** What a registry calls it and what it calls itself are two things. */
function assertNamed(path: string, spec: NpmSpec): void {
  // Whoever takes it in tells that there is none.
  if (!existsSync(path)) return;
  const { name, manifest: { version } } = packageFacts(readFileSync(path, "utf8"));
  if (name === spec.name && version === spec.version) return;
  throw new Error(
    `${spec.name}@${spec.version} was fetched, and its ${PACKAGE_FILE} says that it is ${name}@${version}`,
  );
}

function cache({ name, version }: NpmSpec, cwd: string, lock: string): Promise<void> {
  const args = ["cache", "--quiet", "--no-config", `--lock=${lock}`, `npm:${name}@${version}`];
  const env = { ...process.env, DENO_DIR: join(cwd, "deno"), DENO_NO_UPDATE_CHECK: "1", NO_COLOR: "1" };
  const child = spawn(process.execPath, args, { cwd, env, stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => said += text);
  return new Promise((done, fail) => {
    child.once("error", fail);
    child.once("close", (code) => {
      if (code === 0) done();
      else {fail(
          new Error(
            `${name}@${version} can't be fetched: ${
              said.replace(/\n\nStack backtrace[^]*/, "").trim().slice(0, 1_000)
            }`,
          ),
        );}
    });
  });
}

/** Below a folder for each registry. */
function folderIn(npm: string, { name, version }: NpmSpec): string {
  const folder = readdirSync(npm).map((registry) => join(npm, registry, name, version)).find(existsSync);
  if (folder === undefined) throw new Error(`${name}@${version} was fetched, and is not there`);
  return folder;
}

function integrityIn(lock: string, { name, version }: NpmSpec): string {
  const { npm } = JSON.parse(lock) as { npm?: Record<string, { integrity?: string }> };
  const integrity = npm?.[`${name}@${version}`]?.integrity;
  if (integrity === undefined) {
    throw new Error(`The registry says nothing of the integrity of ${name}@${version}`);
  }
  return integrity;
}

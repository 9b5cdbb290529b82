import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import process from "node:process";
import { packageJson, tgz } from "../../core/isolate/testing/packages.ts";
import { pluginsDir } from "../../core/store/paths.ts";
import { inTempDir } from "../../core/testing/temp_dir.ts";
import { runTask } from "../backup/commands.ts";
import { install } from "./installed.ts";

const integrityOf = (bytes: Uint8Array) => `sha512-${createHash("sha512").update(bytes).digest("base64")}`;

/** A registry on this machine, with one package whose archive a test changes. */
class Registry implements AsyncDisposable {
  readonly #server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? "");
    this.asked.push(path);
    if (path.endsWith(".tgz")) return void response.end(this.archive);
    if (path !== `/${this.name}`) return void response.writeHead(404).end();
    const tarball = `${this.url}/${this.name}/-/archive.tgz`;
    const version = (version: string) => ({
      name: this.name,
      version,
      dist: { tarball, integrity: this.integrity ?? integrityOf(this.archive), shasum: "" },
    });
    response.end(JSON.stringify({
      name: this.name,
      "dist-tags": { latest: "1.0.0" },
      versions: { "1.0.0": version("1.0.0") },
    }));
  });
  readonly name: string;
  readonly asked: string[] = [];
  archive: Uint8Array;
  integrity: string | undefined;

  constructor(name: string, archive: Uint8Array) {
    this.name = name;
    this.archive = archive;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async start(): Promise<this> {
    await new Promise<void>((done) => this.#server.listen(0, "127.0.0.1", done));
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }
}

/** A user who gets the packages of one scope from there. */
function homeWith(home: string, { url }: Registry): Record<string, string> {
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, ".npmrc"), `@ann:registry=${url}\n`);
  const { DENO_DIR, HOME = "" } = process.env;
  return { HOME: home, DENO_DIR: DENO_DIR ?? join(HOME, ".cache", "deno") };
}

const NAME = "@ann/latchkey-plugin-chime";
const files = (more: Record<string, string> = {}) => ({
  "package.json": packageJson("chime", { name: NAME, wants: { net: ["chime.lan"] } }),
  "mod.ts": "export default 1;",
  ...more,
});

Deno.test(
  "a package of npm is fetched by name and exact version, and what the registry says of it is kept: another archive by that version is refused",
  inTempDir(async (dir) => {
    const [data, home] = [join(dir, "data"), join(dir, "home")];
    install(data);
    await using registry = await new Registry(NAME, tgz(files())).start();
    const add = (what: string, ...args: string[]) =>
      runTask("plugin:add", [what, "--data", data, ...args], homeWith(home, registry));
    const added = await add(`${NAME}@1.0.0`, "--yes");
    assert.deepEqual([added.code, added.error], [0, ""]);
    assert.match(
      added.out,
      /The chime 1\.0\.0 \(chime\), package @ann\/latchkey-plugin-chime[^]*May reach chime\.lan/,
    );
    assert.deepEqual(readdirSync(join(pluginsDir(data), "chime")).sort(), ["mod.ts", "package.json"]);
    const again = await add(`${NAME}@1.0.0`, "--yes");
    assert.match(again.out, /1\.0\.0 is installed\. It wants nothing new\./);

    registry.archive = tgz(files({ "mod.ts": "export default 2;" }));
    const other = await add(`${NAME}@1.0.0`, "--yes");
    assert.equal(other.code, 2);
    assert.match(other.error, /the registry of npm now has another archive by that name and version/);
    registry.integrity = integrityOf(tgz(files()));
    const forged = await add(`${NAME}@1.0.0`, "--yes");
    assert.equal(forged.code, 2);
    assert.match(forged.error, /can't be fetched: [^]*checksum did not match/);
    assert.match((await add(`${NAME}@9.9.9`)).error, /can't be fetched/);
    for (const inexact of [NAME, `${NAME}@^1.0.0`, `${NAME}@latest`]) {
      assert.match((await add(inexact)).error, /no package's name and exact version/, inexact);
    }
    assert.deepEqual(
      readdirSync(join(pluginsDir(data), ".incoming")).filter((name) => !name.startsWith("panel.lock")),
      [],
    );
  }),
);

Deno.test(
  "none of a package's scripts is run while it is fetched, and one that claims another name, or paints the terminal, is refused",
  inTempDir(async (dir) => {
    const [data, home] = [join(dir, "data"), join(dir, "home")];
    install(data);
    const trace = join(dir, "ran");
    const scripts = Object.fromEntries(
      ["preinstall", "install", "postinstall", "prepare"].map((name) => [name, `touch ${trace}-${name}`]),
    );
    const manifest = { ...JSON.parse(files()["package.json"]), scripts, dependencies: {} };
    await using registry = await new Registry(
      NAME,
      tgz({ ...files(), "package.json": JSON.stringify(manifest) }),
    ).start();
    const env = homeWith(home, registry);
    const added = await runTask("plugin:add", [`${NAME}@1.0.0`, "--data", data, "--yes"], env);
    assert.equal(added.code, 0, added.error);
    assert.deepEqual(readdirSync(dir).sort(), ["data", "home"]);
    registry.archive = tgz({ ...files(), "package.json": packageJson("chime", { name: "another" }) });
    const other = await runTask("plugin:add", [`${NAME}@1.0.0`, "--data", data, "--yes"], env);
    assert.match(other.error, /its package\.json says that it is another@1\.0\.0/);
    registry.archive = tgz({ ...files(), "package.json": packageJson("chime", { name: "\u001b[2Jchime" }) });
    const painted = await runTask("plugin:add", [`${NAME}@1.0.0`, "--data", data, "--yes"], env);
    assert.match(painted.error, /name is "\\u001b\[2Jchime": a package's name as npm takes it/);
  }),
);

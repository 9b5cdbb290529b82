import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inTempDir } from "../core/testing/temp_dir.ts";
import { buildWeb } from "./build_web.ts";

/** esbuild's `stop` ends its process without waiting for the end. */
const unwatched = { sanitizeOps: false, sanitizeResources: false };

const PAGE = '<link rel="stylesheet" href="/%style%"><script type="module" src="/%script%"></script>';

function writeSources(source: string): void {
  for (const folder of ["app", "simulator", "trust"]) {
    mkdirSync(join(source, folder), { recursive: true });
    writeFileSync(join(source, folder, "page.html"), PAGE);
    writeFileSync(join(source, folder, "page.css"), "h1 { color: red }");
    writeFileSync(
      join(source, folder, "main.tsx"),
      `import "./page.css"; console.log("${folder}" as string);`,
    );
  }
}

Deno.test(
  "the pages are built once, and again when a source or a built file has changed",
  unwatched,
  inTempDir(async (source) => {
    writeSources(source);
    const first = await buildWeb({ source });
    assert.equal(first.built, true);
    assert.deepEqual(await buildWeb({ source }), { built: false, files: first.files });

    writeFileSync(join(source, "app", "main.tsx"), 'import "./page.css"; console.log("changed");');
    const second = await buildWeb({ source });
    assert.equal(second.built, true);
    assert.deepEqual(
      readdirSync(join(source, "dist")).toSorted(),
      [".build", ...second.files].toSorted(),
      "old files are gone",
    );

    rmSync(join(source, "dist", "index.html"));
    assert.equal((await buildWeb({ source })).built, true);
  }),
);

Deno.test(
  "a page names its own files, which carry the hash of what they hold",
  unwatched,
  inTempDir(async (source) => {
    writeSources(source);
    await buildWeb({ source });
    const page = readFileSync(join(source, "dist", "simulator.html"), "utf8");
    const names = [...page.matchAll(/"\/([^"]+)"/g)].map(([, name]) => name!);
    assert.equal(names.length, 2);
    for (const name of names) {
      assert.match(name, /^simulator-[A-Z0-9]{8}\.(css|js)$/);
      assert.ok(readFileSync(join(source, "dist", name), "utf8").length > 0);
    }
  }),
);

Deno.test("the built pages have nothing inline and name no other host", unwatched, async () => {
  const { files } = await buildWeb();
  const dist = new URL("../web/dist/", import.meta.url);
  for (const name of files.filter((file) => file.endsWith(".html"))) {
    const page = readFileSync(new URL(name, dist), "utf8");
    assert.doesNotMatch(page, /<style|style=|<script(?![^>]* src=)|\son\w+=/i, name);
    assert.doesNotMatch(page, /(src|href)="(https?:)?\/\//i, name);
  }
  for (const name of files.filter((file) => file.endsWith(".css"))) {
    const style = readFileSync(new URL(name, dist), "utf8").replaceAll(/url\("data:[^"]*"\)/g, "");
    assert.doesNotMatch(style, /url\(|@import/i, name);
  }
});

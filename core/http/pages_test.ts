import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { definePlugin } from "../plugin/plugin.ts";
import { inTempDir } from "../testing/temp_dir.ts";
import { pagesPoint } from "./keys.ts";
import { serveFile } from "./static.ts";
import { ApiPanel } from "./testing/api_panel.ts";

const ORIGIN = "http://127.0.0.1:8080";

/** A panel with built pages; beside their folder lies what nobody may read. */
const withPages = (run: (panel: ApiPanel) => Promise<void>) =>
  inTempDir(async (dir) => {
    const webDir = join(dir, "dist");
    mkdirSync(join(webDir, "sub"), { recursive: true });
    writeFileSync(join(dir, "secret.js"), "secret");
    writeFileSync(join(webDir, "index.html"), "<!doctype html><title>Home</title>");
    writeFileSync(join(webDir, "trust.html"), "<!doctype html><title>Trust</title>");
    writeFileSync(join(webDir, "timetable.html"), "<!doctype html><title>Times</title>");
    writeFileSync(join(webDir, "app-3KVJX2QD.js"), "run()");
    writeFileSync(join(webDir, "plain.css"), "p{}");
    writeFileSync(join(webDir, "sub", "icon.svg"), "<svg/>");
    writeFileSync(join(webDir, ".build"), "secret");
    writeFileSync(join(webDir, "notes.txt"), "secret");
    const plugin = definePlugin({
      id: "timetable",
      api: 1,
      setup: (ctx) =>
        void ctx.contribute(pagesPoint, { path: "/timetable", file: "timetable.html", title: "Times" }),
    });
    await using panel = await ApiPanel.start({ plugins: [plugin], webDir });
    await run(panel);
  });

const get = (panel: ApiPanel, path: string, headers: Record<string, string> = {}, method = "GET") =>
  panel.send(method, ORIGIN + path, { device: null, headers });

Deno.test(
  "the files of the pages need no token and come with a policy that allows nothing from elsewhere",
  withPages(async (panel) => {
    for (
      const [path, type, text] of [
        ["/", "text/html; charset=utf-8", "<!doctype html><title>Home</title>"],
        ["/trust", "text/html; charset=utf-8", "<!doctype html><title>Trust</title>"],
        ["/app-3KVJX2QD.js", "text/javascript; charset=utf-8", "run()"],
        ["/plain.css", "text/css; charset=utf-8", "p{}"],
        ["/sub/icon.svg", "image/svg+xml", "<svg/>"],
      ]
    ) {
      const response = await get(panel, path!);
      assert.deepEqual([response.status, response.headers.get("content-type")], [200, type], path!);
      const policy = response.headers.get("content-security-policy")!;
      assert.match(policy, /default-src 'self'/);
      assert.match(policy, /frame-ancestors 'none'/);
      assert.doesNotMatch(policy, /unsafe|\*/);
      assert.equal(response.headers.get("x-content-type-options"), "nosniff");
      assert.equal(await response.text(), text);
    }
  }),
);

Deno.test(
  "no path leads out of the pages' folder, or to what is not meant to be served",
  withPages(async (panel) => {
    for (
      const path of [
        "/../secret.js",
        "/..%2fsecret.js",
        "/%2e%2e/secret.js",
        "/%2e%2e%2fsecret.js",
        "/..%5csecret.js",
        "/..\\secret.js",
        "/sub/../../secret.js",
        "/sub/..%2f..%2fsecret.js",
        "/....//secret.js",
        "//secret.js",
        "/./../secret.js",
        "/%252e%252e/secret.js",
        "/..;/secret.js",
        "/secret.js%00.css",
        "/.build",
        "/%2ebuild",
        "/notes.txt",
        "/sub",
        "/sub/",
        "/index.html",
        "/timetable.html",
        "/trust.html",
        "/nothing.js",
        "/plain.css/x.css",
        "/PLAIN.CSS",
      ]
    ) {
      const response = await get(panel, path);
      assert.equal(response.status, 404, path);
      assert.equal((await response.json()).code, "route-unknown", path);
    }
  }),
);

Deno.test(
  "a file is found below its folder only, whoever asks",
  inTempDir(async (dir) => {
    const served = join(dir, "dist");
    mkdirSync(join(served, "sub"), { recursive: true });
    for (const path of ["secret.js", "dist/app.js", "dist/sub/app.js", "dist/.hidden.js"]) {
      writeFileSync(join(dir, path), path);
    }
    const names = ["app.js", "sub/app.js"];
    for (const name of names) assert.equal((await serveFile({ dir: served, name }))?.status, 200, name);
    for (
      const name of [
        "../secret.js",
        "sub/../../secret.js",
        "./app.js",
        "sub//app.js",
        "/app.js",
        "sub\\app.js",
        ".hidden.js",
        "sub/../app.js",
        "app.js/",
        "app.js\0",
        "",
      ]
    ) {
      assert.equal(await serveFile({ dir: served, name }), undefined, name);
    }
  }),
);

Deno.test(
  "a plugin's page is there as long as the plugin runs",
  withPages(async (panel) => {
    assert.equal(await (await get(panel, "/timetable")).text(), "<!doctype html><title>Times</title>");
    await panel.core.host.halt("timetable");
    assert.equal((await get(panel, "/timetable")).status, 404);
    await panel.core.host.restart("timetable");
    assert.equal((await get(panel, "/timetable")).status, 200);
  }),
);

Deno.test("a page can't take another one's place, nor the API's", async () => {
  const greedy = definePlugin({
    id: "greedy",
    api: 1,
    setup(ctx) {
      for (const path of ["/", "/trust", "/api", "/api/v1/status", "/../x", "/Timetable", "/timetable"]) {
        ctx.contribute(pagesPoint, { path, file: "plain.css", title: "Mine" });
      }
    },
  });
  await withPages(async (panel) => {
    panel.core.host.add(greedy, {});
    await panel.core.host.restart("greedy");
    assert.match(await (await get(panel, "/")).text(), /Home/);
    assert.match(await (await get(panel, "/trust")).text(), /Trust/);
    assert.match(await (await get(panel, "/timetable")).text(), /Times/);
    assert.equal((await get(panel, "/api/v1/status")).status, 401);
    assert.ok(panel.core.lines.some(({ message }) => message === "A page can't be served there"));
  })();
});

Deno.test(
  "a file whose name has its content's hash is kept for ever, others are asked for again by their tag",
  withPages(async (panel) => {
    const hashed = await get(panel, "/app-3KVJX2QD.js");
    assert.match(hashed.headers.get("cache-control")!, /immutable/);
    const plain = await get(panel, "/plain.css");
    assert.equal(plain.headers.get("cache-control"), "no-cache");
    const tag = plain.headers.get("etag")!;
    for (const known of [tag, `"x", ${tag}`]) {
      const again = await get(panel, "/plain.css", { "if-none-match": known });
      assert.deepEqual([again.status, await again.text()], [304, ""]);
    }
    assert.equal((await get(panel, "/plain.css", { "if-none-match": '"x"' })).status, 200);
  }),
);

Deno.test(
  "files can be read and nothing else",
  withPages(async (panel) => {
    const head = await get(panel, "/", {}, "HEAD");
    assert.deepEqual([head.status, await head.text()], [200, ""]);
    for (const method of ["POST", "PUT", "DELETE", "OPTIONS"]) {
      const response = await get(panel, "/plain.css", {}, method);
      assert.deepEqual([response.status, response.headers.get("allow")], [405, "GET, HEAD"], method);
      await response.body?.cancel();
    }
  }),
);

Deno.test("without built pages the API is there all the same", async () => {
  await using panel = await ApiPanel.start();
  assert.equal((await get(panel, "/")).status, 404);
  assert.equal((await get(panel, "/api/v1/health")).status, 200);
});

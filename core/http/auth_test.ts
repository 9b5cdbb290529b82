import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { definePlugin } from "../plugin/plugin.ts";
import { systemRandom } from "../random.ts";
import { temporaryStore } from "../testing/temporary_store.ts";
import { createOwnerToken, createTokenCheck, hasOwnerToken, replaceOwnerToken } from "./auth.ts";
import { route } from "./route.ts";
import type { ServedRoute } from "./route_table.ts";
import { ApiPanel } from "./testing/api_panel.ts";

/** All that answers without a token, apart from the files of the pages. */
const PUBLIC = ["GET /api/v1/docs", "GET /api/v1/docs.css", "GET /api/v1/health", "GET /api/v1/openapi.json"];

const greeter = definePlugin({
  id: "greeter",
  api: 1,
  setup(ctx) {
    const handle = () => {};
    ctx.routes([
      route({ method: "post", path: "/waves", access: "owner", summary: "Wave", handle }),
      route({ method: "get", path: "/waves/{id}", access: "owner", summary: "Show a wave", handle }),
    ]);
  },
});

function spell({ route, path }: ServedRoute): string {
  return `${route.method.toUpperCase()} ${path}`;
}

Deno.test("every route is refused without a good token, but for exactly those that are public", async () => {
  await using panel = await ApiPanel.start({ plugins: [greeter] });
  const routes = panel.routes.all();
  assert.ok(routes.some(({ owner }) => owner === "greeter"));
  const good = panel.token;
  const swapped = good.startsWith("A") ? `B${good.slice(1)}` : `A${good.slice(1)}`;
  const bad = [
    {},
    { authorization: "" },
    { authorization: good },
    { authorization: `Basic ${good}` },
    { authorization: "Bearer " },
    { authorization: `Bearer ${swapped}` },
    { authorization: `Bearer ${good}x` },
    { authorization: `Bearer ${good.slice(0, -1)}` },
    { authorization: `Bearer ${good} ${good}` },
    { authorization: `Bearer x, Bearer ${good}` },
    { authorization: `Bearer ${"x".repeat(5_000)}` },
    { cookie: `token=${good}` },
    { "x-authorization": `Bearer ${good}` },
  ];
  const answered: string[] = [];
  for (const served of routes) {
    for (const headers of bad) {
      for (const query of ["", `?token=${good}&access_token=${good}`]) {
        const url = `http://127.0.0.1:8080${served.path.replace(/\{\w+\}/g, "lock")}${query}`;
        const response = await panel.send(served.route.method.toUpperCase(), url, { token: null, headers });
        const text = await response.text();
        if (response.status !== 401) answered.push(spell(served));
        else {
          assert.match(response.headers.get("www-authenticate")!, /^Bearer/);
          assert.match(JSON.parse(text).code, /^token-(missing|wrong)$/);
        }
      }
    }
  }
  assert.deepEqual([...new Set(answered)].toSorted(), PUBLIC);
  assert.deepEqual(panel.core.lock.pulses, []);
});

Deno.test("with the owner's token no route answers 401", async () => {
  await using panel = await ApiPanel.start({ plugins: [greeter] });
  for (const served of panel.routes.all()) {
    const url = `http://127.0.0.1:8080${served.path.replace(/\{\w+\}/g, "lock")}`;
    const response = await panel.send(served.route.method.toUpperCase(), url);
    assert.notEqual(response.status, 401, spell(served));
    await response.body?.cancel();
  }
});

Deno.test("a request without a good token is not read any further", async () => {
  await using panel = await ApiPanel.start();
  const { status } = await panel.ask("POST", "/access-points/lock/release", {
    token: null,
    text: "{".repeat(100_000),
    headers: { "content-type": "text/plain" },
  });
  assert.equal(status, 401);
});

Deno.test("no token reaches the log, whether it is good or bad", async () => {
  await using panel = await ApiPanel.start();
  for (const token of [panel.token, "canary-9f31"]) {
    for (const path of ["/status", `/nothing?token=${token}`, `/cards/${token}`]) {
      await (await panel.send("GET", path, { token })).body?.cancel();
    }
  }
  const logged = JSON.stringify(panel.core.lines);
  assert.ok(!logged.includes(panel.token) && !logged.includes("canary-9f31"), logged);
});

Deno.test("the owner's token is unpredictable, kept as its hash only, and made once", () => {
  using temporary = temporaryStore();
  const { store } = temporary;
  assert.equal(hasOwnerToken(store), false);
  const token = createOwnerToken(store, systemRandom, 1);
  assert.match(token, /^[\w-]{43}$/);
  assert.ok(hasOwnerToken(store));
  const [row, ...others] = store.prepare("SELECT * FROM tokens").all();
  assert.equal(others.length, 0);
  assert.deepEqual(Buffer.from(row!["hash"] as Uint8Array), createHash("sha256").update(token).digest());
  assert.ok(!JSON.stringify(row).includes(token));
  assert.throws(() => createOwnerToken(store, systemRandom, 2), { code: "owner-known" });
});

Deno.test("a new owner's token ends the old one", () => {
  using temporary = temporaryStore();
  const { store } = temporary;
  const check = createTokenCheck(store);
  const first = createOwnerToken(store, systemRandom, 1);
  assert.deepEqual(check.actorOf(first)?.kind, "person");
  const second = replaceOwnerToken(store, systemRandom, 2);
  assert.notEqual(second, first);
  assert.equal(check.actorOf(first), undefined);
  assert.equal(check.actorOf(second)?.name, "Owner");
});

import assert from "node:assert/strict";
import { PROBLEM_TYPE } from "./problem.ts";
import { ApiPanel } from "./testing/api_panel.ts";

const ORIGIN = "http://127.0.0.1:8080";

/** Everything that a request could have changed. */
async function stateOf(panel: ApiPanel): Promise<string> {
  const { store, lock, gate } = panel.core;
  const tables = store.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").all();
  const rows = tables.map(({ name }) => [name, store.prepare(`SELECT * FROM "${name}"`).all()]);
  return JSON.stringify([rows, lock.pulses, gate.pulses, [...panel.saved], await panel.core.rows()]);
}

Deno.test("I-24: a foreign Host is answered 421 on every path, whatever forwarding headers say", async () => {
  await using panel = await ApiPanel.start();
  const before = await stateOf(panel);
  const foreign = [
    { host: "evil.example" },
    { host: "evil.example:8080" },
    { host: "127.0.0.1.evil.example" },
    { host: "127.0.0.2:8080" },
    { host: "[::2]:8080" },
    { host: "" },
    { host: "evil.example", "x-forwarded-host": "127.0.0.1:8080", "forwarded": "host=127.0.0.1" },
  ];
  for (const headers of foreign) {
    for (const path of ["/health", "/status", "/docs", "/nothing", "/access-points/lock/release"]) {
      const method = path.endsWith("release") ? "POST" : "GET";
      const { status, body } = await panel.ask(method, path, { headers });
      assert.deepEqual([status, body.code], [421, "host-unknown"], `${path} ${JSON.stringify(headers)}`);
    }
  }
  const absolute = await panel.ask("GET", "http://evil.example/api/v1/health", {
    headers: { host: "127.0.0.1:8080" },
  });
  assert.equal(absolute.status, 421);
  assert.equal(await stateOf(panel), before);
});

Deno.test("I-24: a request that says it came encrypted and did not, or the other way round, is answered 421", async () => {
  await using panel = await ApiPanel.start();
  for (
    const [origin, secure, status] of [
      ["http://127.0.0.1", false, 200],
      ["https://127.0.0.1", true, 200],
      ["https://127.0.0.1", false, 421],
      ["http://127.0.0.1", true, 421],
    ] as const
  ) {
    const response = await panel.fetch(new Request(`${origin}/api/v1/health`), { secure });
    assert.equal(response.status, status, `${origin} ${secure}`);
    if (status === 421) assert.equal((await response.json()).code, "scheme-wrong");
  }
});

Deno.test("I-24: X-Forwarded-Host does not make an own Host foreign either", async () => {
  await using panel = await ApiPanel.start();
  const headers = { "host": "127.0.0.1:8080", "x-forwarded-host": "evil.example" };
  assert.equal((await panel.ask("GET", "/health", { headers })).status, 200);
});

Deno.test("the panel answers as its own names, with any port and in any case", async () => {
  await using panel = await ApiPanel.start({ address: { host: "192.168.1.20", hosts: ["Door.local"] } });
  for (const host of ["192.168.1.20:8080", "door.LOCAL", "DOOR.local.:80", "localhost:1", "[::1]:8080"]) {
    assert.equal((await panel.ask("GET", "/health", { headers: { host } })).status, 200, host);
  }
  await using everywhere = await ApiPanel.start({ address: { host: "0.0.0.0" } });
  for (const [host, status] of [["10.0.0.7:8080", 200], ["[fe80::1]", 200], ["door.local", 421]] as const) {
    assert.equal((await everywhere.ask("GET", "/health", { headers: { host } })).status, status, host);
  }
});

Deno.test("I-24: a change asked for by another site is answered 403 and changes nothing", async () => {
  await using panel = await ApiPanel.start();
  const before = await stateOf(panel);
  const sites = [
    { "sec-fetch-site": "cross-site" },
    { "sec-fetch-site": "same-site" },
    { "origin": "http://evil.example" },
    { "origin": "http://127.0.0.1:9999", "host": "127.0.0.1:8080" },
    { "origin": "https://127.0.0.1:8080", "host": "127.0.0.1:8080" },
    { "origin": "null" },
  ];
  for (const headers of sites) {
    for (const method of ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"]) {
      const { status, body } = await panel.ask(method, "/access-points/lock/release", { headers });
      assert.deepEqual([status, body.code], [403, "cross-site"], `${method} ${JSON.stringify(headers)}`);
    }
  }
  assert.equal(await stateOf(panel), before);
  const own = { "origin": ORIGIN, "sec-fetch-site": "same-origin", "host": "127.0.0.1:8080" };
  assert.equal((await panel.ask("POST", "/access-points/lock/release", { headers: own })).status, 200);
});

Deno.test("I-24: GET and HEAD change nothing, on any route and with any query", async () => {
  await using panel = await ApiPanel.start();
  const card = await panel.core.addCard();
  const before = await stateOf(panel);
  for (const { path } of panel.routes.all()) {
    const url = ORIGIN + path.replace("{id}", path.includes("cards") ? card.id : "lock")
      .replace(/\{\w+\}/g, "lock");
    for (const method of ["GET", "HEAD"]) {
      for (const query of ["", "?requestId=x&_method=POST"]) {
        const headers = { "x-http-method-override": "POST" };
        const response = await panel.send(method, url + query, { headers });
        await response.body?.cancel();
      }
    }
  }
  assert.equal(await stateOf(panel), before);
});

Deno.test("I-24: a body that is not declared as JSON is answered 415 and changes nothing", async () => {
  await using panel = await ApiPanel.start();
  const before = await stateOf(panel);
  const types = [
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/jsonp",
    "application/json; charset=utf-16",
    "text/plain, application/json",
  ];
  for (const type of types) {
    for (const text of ["{}", ""]) {
      const { status, body } = await panel.ask("POST", "/access-points/lock/release", {
        text,
        headers: { "content-type": type },
      });
      assert.deepEqual([status, body.code], [415, "not-json"], `${type} ${text}`);
    }
  }
  for (const coding of ["gzip", "br", "identity, gzip", ""]) {
    const headers = { "content-type": "application/json", "content-encoding": coding };
    const { status, body } = await panel.ask("POST", "/access-points/lock/release", { text: "{}", headers });
    assert.deepEqual([status, body.code], [415, "not-json"], coding);
  }
  const bytes = new TextEncoder().encode("{}");
  const untyped = await panel.ask("POST", "/access-points/lock/release", { text: bytes });
  assert.deepEqual([untyped.status, untyped.body.code], [415, "not-json"]);
  assert.equal(await stateOf(panel), before);
});

Deno.test("a path means one route or nothing: no other spelling of it is answered", async () => {
  await using panel = await ApiPanel.start();
  const spellings = [
    "/api/v1/status/",
    "/api/v1//status",
    "//api/v1/status",
    "/api//v1/status",
    "/API/v1/status",
    "/api/V1/status",
    "/api/v1/Status",
    "/api/v1/statu%73",
    "/api/v1%2fstatus",
    "/api/v1/status%2f",
    "/api/v1/status%20",
    "/api/v1/status%00",
    "/api/v1/status;x=1",
    "/api/v1/%2e%2e/v1/status%3f",
    "/api/v1/plugins/core/status",
    "/api/v1/plugins//status",
    "/api/v1/plugins/status",
    "/api/v1/plugins",
    "/api/v1/",
    "/api/v1",
    "/api",
    "/status",
    "/api/v1/statuses",
    "/api/v1/access-points/lock%2frelease",
    "/api/v1/access-points/%6cock/release",
  ];
  for (const path of spellings) {
    for (const method of ["GET", "POST"]) {
      const response = await panel.send(method, ORIGIN + path);
      assert.equal(response.status, 404, `${method} ${path}`);
      assert.equal(response.headers.get("content-type"), PROBLEM_TYPE, path);
      assert.equal((await response.json()).code, "route-unknown", path);
    }
  }
  assert.deepEqual(panel.core.lock.pulses, []);
});

Deno.test("dot segments are resolved before anything is decided", async () => {
  await using panel = await ApiPanel.start();
  for (const path of ["/api/v1/health/../status", "/api/v1/docs/%2e%2e/status", "/api/v1/./status"]) {
    const bare = await panel.send("GET", ORIGIN + path, { device: null });
    assert.equal(bare.status, 401, path);
    await bare.body?.cancel();
  }
});

Deno.test("a method that a path does not have is answered 405 with those it has", async () => {
  await using panel = await ApiPanel.start();
  for (
    const [method, path, allow] of [
      ["POST", "/status", "GET, HEAD"],
      ["DELETE", "/access-log", "GET, HEAD"],
      ["GET", "/access-points/lock/release", "POST"],
      ["PUT", "/cards/card-1", "GET, PATCH, DELETE, HEAD"],
      ["OPTIONS", "/status", "GET, HEAD"],
      ["BREW", "/status", "GET, HEAD"],
    ] as const
  ) {
    const response = await panel.send(method, path);
    assert.deepEqual([response.status, response.headers.get("allow")], [405, allow], `${method} ${path}`);
    assert.equal((await response.json()).code, "method-not-allowed");
  }
});

Deno.test("HEAD is answered as GET without its body", async () => {
  await using panel = await ApiPanel.start();
  for (const path of ["/status", "/health", "/docs", "/openapi.json", "/events", "/nothing"]) {
    const get = await panel.send("GET", path);
    await get.body?.cancel();
    const head = await panel.send("HEAD", path);
    assert.equal(head.status, get.status, path);
    assert.equal(head.headers.get("content-type"), get.headers.get("content-type"), path);
    assert.equal(await head.text(), "", path);
  }
});

Deno.test("every answer, a refusal too, forbids sniffing, framing and storing", async () => {
  await using panel = await ApiPanel.start();
  for (const path of ["/status", "/nothing", "/docs", "/events", "/calls/current"]) {
    const response = await panel.send("GET", path);
    await response.body?.cancel();
    assert.equal(response.headers.get("x-content-type-options"), "nosniff", path);
    assert.match(
      response.headers.get("content-security-policy")!,
      /default-src 'none'.*frame-ancestors 'none'/,
    );
    assert.equal(response.headers.get("referrer-policy"), "no-referrer", path);
    assert.equal(response.headers.get("cross-origin-resource-policy"), "same-origin", path);
    assert.equal(response.headers.get("cache-control"), "no-store", path);
    assert.equal(response.headers.get("access-control-allow-origin"), null, path);
  }
});

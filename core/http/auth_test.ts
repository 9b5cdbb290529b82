import assert from "node:assert/strict";
import { type AccessLevel, rolesOf } from "../auth/levels.ts";
import type { NewMember } from "../members/model.ts";
import { definePlugin } from "../plugin/plugin.ts";
import { TestDevice } from "../testing/device.ts";
import { route } from "./route.ts";
import type { ServedRoute } from "./route_table.ts";
import { ApiPanel } from "./testing/api_panel.ts";

/** All that answers before the panel has an owner, apart from the files of the pages. */
const PUBLIC = ["GET /api/v1/health", "GET /api/v1/identity", "POST /api/v1/claim"];
/** All that answers without a token once it has one. */
const ANYONE = [
  ...PUBLIC,
  "GET /api/v1/docs",
  "GET /api/v1/docs.css",
  "GET /api/v1/openapi.json",
  "GET /api/v1/root.crt",
  "GET /api/v1/root.mobileconfig",
  "GET /api/v1/root.pem",
  "POST /api/v1/codes/check",
  "POST /api/v1/codes/release",
  "POST /api/v1/join",
].toSorted();

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

const spell = ({ route, path }: ServedRoute) => `${route.method.toUpperCase()} ${path}`;
const urlOf = ({ path }: ServedRoute) => `http://127.0.0.1:8080${path.replace(/\{\w+\}/g, "lock")}`;

Deno.test("I-23: every route is refused without a good credential, but for exactly those that are open", async () => {
  await using panel = await ApiPanel.start({ plugins: [greeter] });
  const routes = panel.routes.all();
  assert.ok(routes.some(({ owner }) => owner === "greeter"));
  const good = panel.device.token!;
  const swapped = good.startsWith("A") ? `B${good.slice(1)}` : `A${good.slice(1)}`;
  const bad: Record<string, string>[] = [
    {},
    { authorization: "" },
    { authorization: good },
    { authorization: `Basic ${good}` },
    { authorization: `Bearer ${good}` },
    { authorization: `DPoP ${good}` },
    { authorization: `DPoP ${swapped}` },
    { authorization: `DPoP ${good}x` },
    { authorization: `DPoP ${good}, DPoP ${good}` },
    { authorization: `Bearer ${"x".repeat(5_000)}` },
    { cookie: `token=${good}` },
    { "x-authorization": `DPoP ${good}` },
  ];
  const answered: string[] = [];
  for (const served of routes) {
    for (const headers of bad) {
      for (const query of ["", `?token=${good}&access_token=${good}`]) {
        await panel.clock.advance(60_000);
        const method = served.route.method.toUpperCase();
        const response = await panel.send(method, urlOf(served) + query, { device: null, headers });
        const text = await response.text();
        const code = response.headers.get("content-type")?.includes("problem") ? JSON.parse(text).code : "";
        const refused = response.status === 401 && /^(token|proof)-/.test(code) && !served.route.signed;
        if (refused) assert.match(response.headers.get("www-authenticate")!, /^DPoP algs="ES256"/);
        else if (code !== "slow-down") answered.push(spell(served));
      }
    }
  }
  assert.deepEqual([...new Set(answered)].toSorted(), ANYONE);
  assert.deepEqual(panel.core.lock.pulses, []);
});

Deno.test("B-SET-5: a panel without an owner answers health, identity and the claim, and nothing else", async () => {
  await using panel = await ApiPanel.start({ plugins: [greeter] });
  panel.core.parts.members.removeAll();
  const answered: string[] = [];
  for (const served of panel.routes.all()) {
    const { status, body } = await panel.ask(served.route.method.toUpperCase(), urlOf(served));
    if (body?.code !== "unclaimed") answered.push(spell(served));
    else assert.equal(status, 403);
  }
  assert.deepEqual(answered.toSorted(), PUBLIC);
});

Deno.test("I-23: the matrix of routes and roles is what each route declares, for every role", async () => {
  await using panel = await ApiPanel.start({ plugins: [greeter] });
  const terms = {
    validity: { kind: "always" as const },
    accessPoints: ["lock"],
    usesLeft: null,
    suspended: false,
  };
  const callers: Record<string, TestDevice> = {
    owner: panel.device,
    family: panel.add({ role: "family" }).device,
    guest: panel.add({ role: "guest", terms }).device,
    monitor: panel.add({ role: "monitor" }).device,
    service: panel.add({ role: "service", scopes: ["cards:read"] }).device,
  };
  for (const served of panel.routes.all()) {
    const { access, scope, method } = served.route;
    for (const [role, device] of Object.entries(callers)) {
      // What it does to the panel is not the question, and it must not remove who asks.
      if (/\/(me\/device|members\/\{id\})/.test(served.path) && method === "delete") continue;
      const sent = access === "public" || access === "anyone" ? null : device;
      const response = await panel.send(method.toUpperCase(), urlOf(served), { device: sent });
      // The event stream would never end.
      const text = response.ok ? "" : await response.text();
      if (response.ok) await response.body?.cancel();
      const refused = /"code":"(role-not-allowed|scope-missing)"/.test(text);
      assert.equal(refused, !admits(access, scope, role), `${role}: ${spell(served)} answered ${text}`);
    }
  }
});

function admits(access: AccessLevel, scope: string | undefined, role: string): boolean {
  if (access === "public" || access === "anyone") return true;
  return role === "service" ? scope === "cards:read" : (rolesOf(access) as string[]).includes(role);
}

Deno.test("a request without a good credential is not read any further", async () => {
  await using panel = await ApiPanel.start();
  const { status } = await panel.ask("POST", "/access-points/lock/release", {
    device: null,
    text: "{".repeat(100_000),
    headers: { "content-type": "text/plain" },
  });
  assert.equal(status, 401);
});

Deno.test("I-10: whoever loses access while the body is still coming does nothing any more", async () => {
  await using panel = await ApiPanel.start();
  const { members } = panel.core.parts;
  const until = "2026-06-01T13:00:00Z";
  const cases: [
    Partial<NewMember> & Pick<NewMember, "role">,
    (id: string) => void | Promise<void>,
    string,
  ][] = [
    [{ role: "owner" }, (id) => members.remove(id), "token-wrong"],
    [{ role: "family", until }, () => panel.clock.advance(3_600_000), "access-expired"],
  ];
  for (const [member, lose, code] of cases) {
    const { id, device } = panel.add(member);
    const asked = Promise.withResolvers<void>();
    let send = () => {};
    const text = new ReadableStream<Uint8Array>({
      pull(body) {
        send = () => {
          body.enqueue(new TextEncoder().encode('{"name":"Own","terms":{"accessPoints":["lock"]}}'));
          body.close();
        };
        asked.resolve();
      },
    }, { highWaterMark: 0 });
    const headers = { "content-type": "application/json" };
    const reply = panel.ask("POST", "/codes", { device, text, headers });
    await asked.promise;
    await lose(id);
    send();
    assert.equal((await reply).body.code, code);
  }
  assert.deepEqual((await panel.ask("GET", "/codes")).body, []);
});

Deno.test("I-25: a crowd of strangers with keys of their own keeps no paired device out", async () => {
  await using panel = await ApiPanel.start();
  const { device } = panel.add({ role: "family" });
  const stranger = new TestDevice();
  const answered = new Map<string, number>();
  for (let n = 0; n < 40; n++) {
    const { body } = await panel.ask("POST", "/join", { device: stranger, body: { code: 7 } });
    answered.set(body.code, (answered.get(body.code) ?? 0) + 1);
  }
  assert.deepEqual([...answered], [["input-invalid", 10], ["slow-down", 30]]);
  assert.equal((await panel.ask("GET", "/status", { device })).status, 200);
});

Deno.test("a new device signs anew with the nonce that the refusal brings", async () => {
  await using panel = await ApiPanel.start();
  const { device } = panel.add({ role: "family" });
  device.nonce = undefined;
  const url = "http://127.0.0.1:8080/api/v1/me";
  const first = await panel.fetch(new Request(url, { headers: device.headers("GET", url) }));
  assert.match(first.headers.get("www-authenticate")!, /error="use_dpop_nonce"/);
  await first.body?.cancel();
  device.nonce = first.headers.get("dpop-nonce")!;
  const second = await panel.fetch(new Request(url, { headers: device.headers("GET", url) }));
  assert.equal((await second.json()).member.role, "family");
});

Deno.test("no token, proof or code reaches the log, whether it is good or bad", async () => {
  await using panel = await ApiPanel.start();
  const canary = new TestDevice();
  canary.token = "canary-9f31".padEnd(43, "x");
  for (const device of [panel.device, canary]) {
    for (const path of ["/status", `/nothing?token=${device.token}`, `/cards/${device.token}`]) {
      await (await panel.send("GET", path, { device })).body?.cancel();
    }
    const body = { code: "c".repeat(22), deviceName: "Phone" };
    await (await panel.send("POST", "/join", { body, device })).body?.cancel();
  }
  const logged = JSON.stringify(panel.core.lines) + JSON.stringify(await panel.core.rows());
  assert.ok(
    !logged.includes(panel.device.token!) && !logged.includes("canary-9f31") && !logged.includes("cccc"),
    logged,
  );
});

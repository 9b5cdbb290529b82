import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { createHmac, randomBytes } from "node:crypto";
import { LINK_LIFE_MS } from "../../core/auth/links.ts";
import { route } from "../../core/http/route.ts";
import { startServer } from "../../core/http/server.ts";
import { ApiPanel } from "../../core/http/testing/api_panel.ts";
import { signed, Wire } from "../../core/http/testing/wire.ts";
import { definePlugin } from "../../core/plugin/plugin.ts";
import type { TestDevice } from "../../core/testing/device.ts";
import { readAnswer } from "./answer.ts";
import { requestText } from "./target.ts";

const CLIPS = "/api/v1/plugins/clips/clips";
const UNTIL = "2026-06-01T12:30:00Z";

/** What a browser fetches by itself. */
const clips = definePlugin({
  id: "clips",
  api: 1,
  setup: (ctx) =>
    ctx.routes(
      ["/clips", "/clips/one", "/clips/two"].map((path) =>
        route({ method: "get", path, access: "residents", link: true, summary: "Show", handle: () => {} })
      ),
    ),
});

/** A panel behind a socket, on time that moves when told to. */
async function serve() {
  const panel = await ApiPanel.start({ plugins: [clips] });
  let visits = 0;
  const log = panel.core.host.core.log;
  const server = await startServer({ fetch: panel.fetch, host: "127.0.0.1", port: 0, log });

  async function get(target: string): Promise<[number, string | undefined]> {
    // Who comes without a token is slowed down by the address.
    await using wire = await Wire.open(server.port, `127.0.0.${10 + visits++}`);
    wire.send(requestText("GET", target));
    const { status, body } = readAnswer(await wire.end());
    return [status, body?.code];
  }

  async function linkTo(path: string, device: TestDevice): Promise<string> {
    const { body } = await panel.ask("POST", "/links", { device, body: { path } });
    return body.url;
  }

  return {
    panel,
    port: server.port,
    get,
    linkTo,
    async [Symbol.asyncDispose]() {
      await panel[Symbol.asyncDispose]();
      await server.close();
    },
  };
}

const GONE = [401, "token-missing"];

Deno.test("I-27: a link opens one resource, of which it was made, and no other", async () => {
  await using here = await serve();
  const { panel, get, linkTo } = here;
  const family = panel.add({ role: "family" });
  const link = await linkTo(`${CLIPS}/one`, family.device);
  assert.deepEqual(await get(link), [204, undefined]);
  assert.deepEqual(await get(link), [204, undefined]);

  const [path = "", query = ""] = link.split("?link=");
  const [until = "", device = "", seal = ""] = query.split(".");
  const monitor = panel.add({ role: "monitor" });
  const forged = createHmac("sha256", randomBytes(32)).update(JSON.stringify([path, device, until])).digest();
  const wrong = [
    link.replace("one", "two"),
    link.replace("/one", ""),
    link.replace("/one?", "/one/?"),
    link.replace("/one?", "/%6fne?"),
    link.replace(`${CLIPS}/one`, "/api/v1/status"),
    link.replace(`${CLIPS}/one`, "/api/v1/events"),
    `${path}?link=${Number(until) + 60_000}.${device}.${seal}`,
    `${path}?link=${until}0.${device}.${seal}`,
    `${path}?link=${until}.device-1.${seal}`,
    `${path}?link=${until}.${device}.${"A".repeat(43)}`,
    `${path}?link=${until}.${device}.${seal.slice(0, -1)}`,
    `${path}?link=${until}.${device}.${Buffer.from(forged).toString("base64url")}`,
    `${path}?link=`,
    `${path}?Link=${query}`,
    path,
  ];
  for (const target of wrong) {
    const [status, code] = await get(target);
    assert.ok([401, 404].includes(status), `${target} is answered ${status} ${code}`);
  }
  // The role is asked for when it is used, not when it is made.
  assert.deepEqual(await get(await linkTo(`${CLIPS}/one`, monitor.device)), [403, "role-not-allowed"]);
});

Deno.test("I-27: a link dies with a minute, with its device, with its member's time, and with the panel's run", async () => {
  const links: string[] = [];
  {
    await using here = await serve();
    const { panel, get, linkTo } = here;
    const { members } = panel.core.parts;
    const path = `${CLIPS}/two`;
    const phone = panel.add({ role: "family" });
    const old = await linkTo(path, phone.device);
    await panel.clock.advance(LINK_LIFE_MS);
    assert.deepEqual(await get(old), GONE);

    const fresh = await linkTo(path, phone.device);
    assert.deepEqual(await get(fresh), [204, undefined]);
    members.removeDevice(members.get(phone.id)!.devices[0]!.id);
    assert.deepEqual(await get(fresh), GONE);

    const visitor = panel.add({ role: "family", until: UNTIL });
    await panel.clock.advance(Date.parse(UNTIL) - panel.clock.now() - 10_000);
    const last = await linkTo(path, visitor.device);
    assert.deepEqual(await get(last), [204, undefined]);
    await panel.clock.advance(10_000);
    assert.deepEqual(await get(last), [403, "access-expired"]);
    links.push(await linkTo(path, panel.device));
  }
  await using again = await serve();
  for (const link of links) assert.deepEqual(await again.get(link), GONE);
});

Deno.test("I-10: an event stream ends within a second of its member's time, though nothing happens", async () => {
  await using here = await serve();
  const { panel, port } = here;
  const { device } = panel.add({ role: "family", until: UNTIL });
  const path = "/api/v1/events";
  device.nonce = panel.device.nonce;
  await panel.ask("GET", "/me", { device });
  await using wire = await Wire.open(port);
  wire.get(path, signed(device, "GET", path));
  await wire.until(/event: ready/);
  await panel.clock.advance(Date.parse(UNTIL) - panel.clock.now() - 1);
  assert.doesNotMatch(wire.text, /\r\n0\r\n\r\n$/);
  await panel.clock.advance(1_001);
  await wire.end();
});

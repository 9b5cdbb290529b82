import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { DEFAULT_LIMITS } from "./server.ts";
import { PanelChild } from "./testing/panel_child.ts";
import { signed, Wire } from "./testing/wire.ts";

const RELEASE = "/api/v1/access-points/lock/release";
const OPEN_FILES = 1_024;

function post(
  wire: Wire,
  child: PanelChild,
  path: string,
  text: string,
  headers: Record<string, string> = {},
) {
  wire.get(path, {
    ...signed(child.device, "POST", path),
    "content-type": "application/json",
    "content-length": String(text.length),
    ...headers,
  }, "POST");
  wire.send(text);
}

Deno.test("I-25: with 1,100 half-open connections from one address another one gets its release within 1 s", async () => {
  await using child = await PanelChild.start(OPEN_FILES);
  assert.match(readFileSync(`/proc/${child.pid}/limits`, "utf8"), /^Max open files\s+1024\s+1024/m);
  const flood = await Promise.all(Array.from({ length: 1_100 }, () => Wire.open(child.port)));
  for (const wire of flood) wire.send(`POST ${RELEASE} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthori`);

  const began = performance.now();
  const neighbour = await Wire.open(child.port, "127.0.0.2");
  post(neighbour, child, RELEASE, '{"requestId":"flooded"}');
  assert.match(await neighbour.until(/\}$/), /^HTTP\/1\.1 200 OK[^]*"outcome":"released"/);
  const took = performance.now() - began;
  assert.ok(took < 1_000, `took ${took} ms`);

  const { lines } = await child.report();
  const warnings = lines.filter(({ message }) => message === "Too many connections from one address");
  assert.deepEqual(warnings.map(({ fields }) => fields["address"]), ["127.0.0.1"]);
  await Promise.all([neighbour, ...flood].map((wire) => wire.close()));
  assert.equal(await child.stop(), 0);
});

Deno.test("I-25: connections from many addresses at once leave the process most of its files", async () => {
  await using child = await PanelChild.start(OPEN_FILES);
  const count = 1_100;
  const from = (index: number) => `127.0.1.${1 + index % 50}`;
  const flood = await Promise.all(
    Array.from({ length: count }, (_, index) => Wire.open(child.port, from(index))),
  );
  let ended = 0;
  const allButAllowed = Promise.withResolvers<void>();
  const ends = Promise.all(flood.map(async (wire) => {
    await wire.end();
    if (++ended === count - DEFAULT_LIMITS.connections) allButAllowed.resolve();
  }));
  await Promise.race([allButAllowed.promise, ends]);
  const files = readdirSync(`/proc/${child.pid}/fd`).length;
  assert.ok(files < DEFAULT_LIMITS.connections + 100, `${files} files are open`);
  await Promise.all(flood.map((wire) => wire.close()));
  await ends;
  assert.equal(await child.stop(), 0);
});

Deno.test("I-26: 20 stalled event-stream clients are let go and take no more than 32 MiB", async () => {
  await using child = await PanelChild.start(OPEN_FILES);
  const maker = await Wire.open(child.port, "127.0.0.2");
  async function makeNoise(count: number, size: number) {
    maker.text = "";
    post(maker, child, "/api/v1/plugins/noise/noises", JSON.stringify({ count, size }));
    await maker.until(/^HTTP\/1\.1 204 [^]*\r\n\r\n$/);
  }
  await makeNoise(300, 50_000);
  const before = (await child.report()).rss;

  const stalled = await Promise.all(Array.from({ length: 20 }, () => Wire.open(child.port)));
  for (const wire of stalled) {
    wire.get("/api/v1/events", signed(child.device, "GET", "/api/v1/events"));
    await wire.until(/event: ready/);
    wire.socket.pause();
  }
  let most = before;
  for (let round = 0; round < 30; round++) {
    await makeNoise(10, 50_000);
    most = Math.max(most, (await child.report()).rss);
  }
  const { lines } = await child.report();
  const letGo = lines.filter(({ message }) => message.startsWith("Let go an event stream"));
  assert.equal(letGo.length, 20);
  const grown = (most - before) / 1_048_576;
  assert.ok(grown <= 32, `grew by ${grown.toFixed(1)} MiB`);
  for (const wire of stalled) {
    wire.socket.resume();
    await wire.end();
  }
  await maker.close();
  assert.equal(await child.stop(), 0);
});

Deno.test("a body of more than 64 KiB is answered 413 over the wire, chunked too, and the connection ends", async () => {
  await using child = await PanelChild.start(OPEN_FILES);
  const declared = await Wire.open(child.port);
  post(declared, child, RELEASE, " ", { "content-length": "10000000" });
  assert.match(await declared.end(), /^HTTP\/1\.1 413 [^]*too-large/);
  const chunked = await Wire.open(child.port);
  chunked.get(RELEASE, {
    ...signed(child.device, "POST", RELEASE),
    "content-type": "application/json",
    "transfer-encoding": "chunked",
  }, "POST");
  for (let count = 0; count < 70; count++) chunked.send(`400\r\n${" ".repeat(1_024)}\r\n`);
  assert.match(await chunked.end(), /^HTTP\/1\.1 413 [^]*too-large/);
  assert.equal(await child.stop(), 0);
});

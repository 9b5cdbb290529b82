import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { DEFAULT_LIMITS } from "./server.ts";
import { PanelChild } from "./testing/panel_child.ts";
import { Wire } from "./testing/wire.ts";

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
    ...child.signed("POST", path),
    "content-type": "application/json",
    "content-length": String(text.length),
    ...headers,
  }, "POST");
  wire.send(text);
}

/** What a visitor begins with and does not go on. */
const HALF_OPEN = {
  plain: `POST ${RELEASE} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthori`,
  tls: Uint8Array.of(22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3),
};

for (const speaks of ["plain", "tls"] as const) {
  Deno.test(`I-25: with 1,100 half-open connections from one address another one gets its release within 1 s (${speaks})`, async () => {
    await using child = await PanelChild.start(OPEN_FILES, speaks);
    assert.match(readFileSync(`/proc/${child.pid}/limits`, "utf8"), /^Max open files\s+1024\s+1024/m);
    const flood = await Promise.all(Array.from({ length: 1_100 }, () => Wire.open(child.port)));
    for (const wire of flood) wire.socket.write(HALF_OPEN[speaks]);

    const neighbours: Wire[] = [];
    const took: number[] = [];
    // Whom the flood keeps out is late each time, whom a busy machine delays is not.
    for (let round = 0; round < 3 && Math.min(...took) >= 1_000; round++) {
      const began = performance.now();
      const neighbour = await child.connect("127.0.0.2");
      neighbours.push(neighbour);
      post(neighbour, child, RELEASE, `{"requestId":"flooded-${round}"}`);
      assert.match(await neighbour.until(/\}$/), /^HTTP\/1\.1 200 OK[^]*"outcome":"(already-)?released"/);
      took.push(performance.now() - began);
    }
    assert.ok(Math.min(...took) < 1_000, `took ${took} ms`);

    const { lines } = await child.report();
    const warnings = lines.filter(({ message }) => message === "Too many connections from one address");
    assert.deepEqual(warnings.map(({ fields }) => fields["address"]), ["127.0.0.1"]);
    await Promise.all([...neighbours, ...flood].map((wire) => wire.close()));
    assert.equal(await child.stop(), 0);
  });
}

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
  const files = child.openFiles();
  assert.ok(files < DEFAULT_LIMITS.connections + 100, `${files} files are open`);
  await Promise.all(flood.map((wire) => wire.close()));
  await ends;
  assert.equal(await child.stop(), 0);
});

for (const speaks of ["plain", "tls"] as const) {
  Deno.test(`I-26: 20 stalled event-stream clients are let go and take no more than 32 MiB (${speaks})`, async () => {
    await using child = await PanelChild.start(OPEN_FILES, speaks);
    const maker = await child.connect("127.0.0.2");
    async function makeNoise(count: number, size: number) {
      maker.text = "";
      post(maker, child, "/api/v1/plugins/noise/noises", JSON.stringify({ count, size }));
      await maker.until(/^HTTP\/1\.1 204 [^]*\r\n\r\n$/);
    }
    await makeNoise(300, 50_000);
    const before = (await child.report()).rss;
    const files = child.openFiles();

    const stalled = await Promise.all(Array.from({ length: 20 }, () => child.connect()));
    for (const wire of stalled) {
      wire.get("/api/v1/events", child.signed("GET", "/api/v1/events"));
      await wire.until(/event: ready/);
      wire.stall();
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
    // The database may have opened some more by now.
    for (let tries = 0; child.openFiles() > files + 10; tries++) {
      assert.ok(tries < 1_000, `${child.openFiles() - files} more files are open`);
      await child.report();
    }
    await Promise.all(stalled.map((wire) => wire.close()));
    await maker.close();
    assert.equal(await child.stop(), 0);
  });
}

Deno.test("who sends on while an event stream is open, over TLS, is cut before it fills the memory", async () => {
  await using child = await PanelChild.start(OPEN_FILES, "tls");
  const wire = await child.connect();
  const path = "/api/v1/events";
  wire.get(path, { ...child.signed("GET", path), "content-length": "999999999" });
  await wire.until(/event: ready/);
  const before = (await child.report()).rss;
  let ended = false;
  const end = wire.end().then(() => ended = true);
  const chunk = new Uint8Array(65_536);
  let sent = 0;
  while (!ended && sent < 400_000_000) {
    sent += chunk.length;
    if (!wire.socket.write(chunk)) {
      await Promise.race([new Promise((done) => wire.socket.once("drain", done)), end]);
    }
  }
  await end;
  const grown = ((await child.report()).rss - before) / 1_048_576;
  assert.ok(grown <= 96, `grew by ${grown.toFixed(1)} MiB, ${sent} bytes sent`);
  assert.equal(await child.stop(), 0);
});

Deno.test("a body of more than 64 KiB is answered 413 over the wire, in chunks 411, and the connection ends", async () => {
  await using child = await PanelChild.start(OPEN_FILES);
  const declared = await Wire.open(child.port);
  post(declared, child, RELEASE, " ", { "content-length": "10000000" });
  assert.match(await declared.end(), /^HTTP\/1\.1 413 [^]*too-large/);
  const chunked = await Wire.open(child.port);
  chunked.get(RELEASE, {
    ...child.signed("POST", RELEASE),
    "content-type": "application/json",
    "transfer-encoding": "chunked",
  }, "POST");
  // Who sends on after the answer may lose it with the connection.
  await chunked.until(/^HTTP\/1\.1 411 [^]*length-missing/);
  for (let count = 0; count < 70; count++) chunked.send(`400\r\n${" ".repeat(1_024)}\r\n`);
  await chunked.end();
  assert.equal(await child.stop(), 0);
});

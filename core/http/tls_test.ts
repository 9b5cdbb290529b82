import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect as secureConnect, type TLSSocket } from "node:tls";
import { createLog, type LogLine } from "../log.ts";
import { systemRandom } from "../random.ts";
import { openAuthority } from "../tls/authority.ts";
import type { CertificateSource } from "../tls/source.ts";
import type { Api } from "./deps.ts";
import { DEFAULT_LIMITS, type RunningServer, type ServerLimits, startServer } from "./server.ts";
import { ApiPanel } from "./testing/api_panel.ts";
import { Wire } from "./testing/wire.ts";

const RELEASE = "/api/v1/access-points/lock/release";
const HELLO = /^HTTP\/1\.1 200 OK\r\n[^]*hello/;
const NAMES = ["localhost", "127.0.0.1"];
const hello: Api["fetch"] = () => Promise.resolve(new Response("hello"));

interface SecureServer extends RunningServer, AsyncDisposable {
  source: CertificateSource;
  root: string;
  lines: LogLine[];
}

async function serve(fetch: Api["fetch"], limits: Partial<ServerLimits> = {}): Promise<SecureServer> {
  const dataDir = mkdtempSync(join(tmpdir(), "latchkey-"));
  const lines: LogLine[] = [];
  const log = createLog({ level: "debug", now: () => 0, sink: (line) => void lines.push(line) });
  const source = await openAuthority({ dataDir, name: "Door", names: NAMES, random: systemRandom, log });
  const tls = await source.pair({ now: Date.now(), trusted: true }, NAMES);
  const server = await startServer({ fetch, host: "127.0.0.1", port: 0, log, limits, tls });
  return {
    ...server,
    source,
    root: source.root!,
    lines,
    async [Symbol.asyncDispose]() {
      await server.close();
      rmSync(dataDir, { recursive: true });
    },
  };
}

/** The first bytes of a real handshake. */
async function clientHello(): Promise<Uint8Array> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  const accepted = once(server, "connection");
  const client = secureConnect({ port, host: "127.0.0.1", servername: "localhost" });
  client.on("error", () => {});
  const [socket] = await accepted;
  const [bytes] = await once(socket, "data");
  const gone = Promise.all([once(client, "close"), once(socket, "close"), once(server, "close")]);
  client.destroy();
  socket.destroy();
  server.close();
  await gone;
  return bytes;
}

function signed(panel: ApiPanel, method: string, path: string): Record<string, string> {
  return panel.device.headers(method, `https://127.0.0.1${path}`);
}

Deno.test("over TLS the API sees https, the visitor's address, and one connection for several requests", async () => {
  const seen: string[] = [];
  await using server = await serve((request, info) => {
    seen.push(`${request.url} ${info?.address}`);
    return Promise.resolve(new Response("hello"));
  });
  await using wire = await Wire.secure(server.port, server.root, "127.0.0.3");
  wire.get("/one", { host: `localhost:${server.port}` });
  await wire.until(HELLO);
  wire.text = "";
  wire.get("/two", { host: `localhost:${server.port}` });
  await wire.until(HELLO);
  const origin = `https://localhost:${server.port}`;
  assert.deepEqual(seen, [`${origin}/one 127.0.0.3`, `${origin}/two 127.0.0.3`]);
  assert.match((wire.socket as TLSSocket).getProtocol()!, /^TLSv1\.[23]$/);
});

Deno.test("a renewed certificate is shown from the next connection on; open ones stay", async () => {
  await using server = await serve(hello);
  await using before = await Wire.secure(server.port, server.root);
  before.get("/");
  await before.until(HELLO);
  const old = (before.socket as TLSSocket).getPeerCertificate().serialNumber;
  server.renew(await server.source.pair({ now: Date.now(), trusted: true }, [...NAMES, "new.local"]));
  await using after = await Wire.secure(server.port, server.root);
  const { serialNumber, subjectaltname } = (after.socket as TLSSocket).getPeerCertificate();
  assert.notEqual(serialNumber, old);
  assert.match(subjectaltname ?? "", /new\.local/);
  before.text = "";
  before.get("/");
  await before.until(HELLO);
});

Deno.test("plain HTTP on the port that speaks TLS is cut off and reaches nobody", async () => {
  let reached = 0;
  await using server = await serve(() => {
    reached++;
    return Promise.resolve(new Response("hello"));
  });
  await using wire = await Wire.open(server.port);
  wire.get("/");
  assert.doesNotMatch(await wire.end(), /HTTP/);
  assert.equal(reached, 0);
});

Deno.test("a handshake that does not come, or stops in the middle, ends the connection", async () => {
  await using server = await serve(hello, { headersMs: 100 });
  const begun = await clientHello();
  for (const bytes of [new Uint8Array(), begun.subarray(0, 3), begun.subarray(0, 60), begun]) {
    await using wire = await Wire.open(server.port);
    if (bytes.length > 0) wire.socket.write(bytes);
    await wire.end();
  }
});

Deno.test("headers that do not come in time over TLS end the connection; so does a body", async () => {
  await using panel = await ApiPanel.start();
  await using server = await serve(panel.fetch, { headersMs: 100, requestMs: 200 });
  for (const beginning of ["", "GET / HT", "GET / HTTP/1.1\r\nhost: localhost\r\nx: "]) {
    await using wire = await Wire.secure(server.port, server.root);
    wire.send(beginning);
    assert.match(await wire.end(), /^$|^HTTP\/1\.1 408 /, beginning);
  }
  await using wire = await Wire.secure(server.port, server.root);
  wire.get(RELEASE, {
    ...signed(panel, "POST", RELEASE),
    "content-type": "application/json",
    "content-length": "20",
  }, "POST");
  wire.send('{"requestId"');
  await wire.end();
  assert.deepEqual(panel.core.lock.pulses, []);
});

Deno.test("over TLS, too, whoever sends requests ahead is cut, and so is whoever does not read the answer", async () => {
  let left = Promise.withResolvers<void>();
  let asked = 0;
  const endless = {
    pull: (answer: ReadableStreamDefaultController) => answer.enqueue(new Uint8Array(65_536)),
    cancel: () => left.resolve(),
  };
  const fetch = () => {
    asked++;
    return Promise.resolve(new Response(new ReadableStream(endless)));
  };
  await using server = await serve(fetch, { silentMs: 500 });
  await using hasty = await Wire.secure(server.port, server.root);
  hasty.send("GET / HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n".repeat(5_000));
  await hasty.end();
  assert.equal(asked, 1);
  await left.promise;
  left = Promise.withResolvers();
  await using wire = await Wire.secure(server.port, server.root);
  wire.stall();
  wire.get("/");
  const timer = setTimeout(() => left.reject(new Error("It is kept")), 15_000);
  await left.promise;
  clearTimeout(timer);
});

Deno.test("I-25: with 300 connections from one address that never finish a handshake, another one gets its release within 1 s", async () => {
  await using panel = await ApiPanel.start();
  await using server = await serve(panel.fetch);
  const begun = await clientHello();
  const flood = await Promise.all(Array.from({ length: 300 }, () => Wire.open(server.port)));
  let ended = 0;
  const allButAllowed = Promise.withResolvers<void>();
  const ends = Promise.all(flood.map(async (wire) => {
    await wire.end();
    if (++ended === flood.length - DEFAULT_LIMITS.connectionsPerAddress) allButAllowed.resolve();
  }));
  for (const [index, wire] of flood.entries()) {
    if (index % 3 === 1) wire.socket.write(begun.subarray(0, 60));
    if (index % 3 === 2) wire.socket.write(begun);
  }
  const began = performance.now();
  await using neighbour = await Wire.secure(server.port, server.root, "127.0.0.2");
  const body = '{"requestId":"flooded"}';
  neighbour.get(RELEASE, {
    ...signed(panel, "POST", RELEASE),
    "content-type": "application/json",
    "content-length": String(body.length),
  }, "POST");
  neighbour.send(body);
  assert.match(await neighbour.until(/\}$/), /^HTTP\/1\.1 200 OK[^]*"outcome":"released"/);
  const took = performance.now() - began;
  assert.ok(took < 1_000, `took ${took} ms`);
  await allButAllowed.promise;
  await Promise.all(flood.map((wire) => wire.close()));
  await ends;
});

Deno.test("I-25: a connection counts from its first packet until it is gone, with or without a handshake", async () => {
  await using server = await serve(hello, { connectionsPerAddress: 2 });
  const silent = await Wire.open(server.port);
  const secure = await Wire.secure(server.port, server.root);
  await using third = await Wire.open(server.port);
  await third.end();
  await using neighbour = await Wire.secure(server.port, server.root, "127.0.0.2");
  neighbour.get("/");
  await neighbour.until(HELLO);
  await Promise.all([silent.close(), secure.close()]);
  // The server may learn later than its client that a connection is closed.
  for (let tries = 0;; tries++) {
    assert.ok(tries < 1_000, "The server does not notice that connections are closed");
    const wire = await Wire.secure(server.port, server.root).catch(() => undefined);
    if (!wire) continue;
    wire.get("/", { connection: "close" });
    assert.match(await wire.end(), HELLO);
    break;
  }
});

Deno.test("a client that breaks the handshake, or goes away in it, leaves the server as it was", async () => {
  await using server = await serve(hello);
  const begun = await clientHello();
  for (const bytes of [Uint8Array.of(0x16, 3, 1, 0xff, 0xff, 1), begun.subarray(0, 100), begun]) {
    await using wire = await Wire.open(server.port);
    wire.socket.write(bytes);
    wire.socket.end();
    await wire.end();
  }
  for (let round = 0; round < 20; round++) {
    const socket = connect(server.port, "127.0.0.1");
    socket.on("error", () => {});
    await once(socket, "connect");
    socket.write(begun);
    socket.resetAndDestroy();
    await once(socket, "close");
  }
  await using wire = await Wire.secure(server.port, server.root);
  wire.get("/");
  await wire.until(HELLO);
});

Deno.test("an event stream flows over TLS, and closing ends what does not end", async () => {
  await using panel = await ApiPanel.start();
  const server = await serve(panel.fetch, { closeMs: 50 });
  await using wire = await Wire.secure(server.port, server.root);
  wire.get("/api/v1/events", signed(panel, "GET", "/api/v1/events"));
  await wire.until(/event: ready/);
  await panel.ask("POST", "/access-points/lock/release");
  await wire.until(/event: access\.logged/);
  await using handshaking = await Wire.open(server.port);
  await server[Symbol.asyncDispose]();
  await Promise.all([wire.end(), handshaking.end()]);
});

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:net";
import { createLog, type LogLine } from "../log.ts";
import { groupOf } from "./connection_cap.ts";
import type { Api } from "./deps.ts";
import { type ServerLimits, startServer } from "./server.ts";
import { ApiPanel } from "./testing/api_panel.ts";
import { signed, Wire } from "./testing/wire.ts";

async function serve(fetch: Api["fetch"], limits: Partial<ServerLimits> = {}) {
  const lines: LogLine[] = [];
  const log = createLog({ level: "debug", now: () => 0, sink: (line) => void lines.push(line) });
  const server = await startServer({ fetch, host: "127.0.0.1", port: 0, log, limits });
  return { ...server, lines, [Symbol.asyncDispose]: () => server.close() };
}

const hello: Api["fetch"] = () => Promise.resolve(new Response("hello"));
const HELLO = /^HTTP\/1\.1 200 OK\r\n[^]*hello/;

/** The server may learn later than its client that a connection is closed. */
async function untilAdmitted(port: number): Promise<string> {
  for (let tries = 0; tries < 1_000; tries++) {
    await using wire = await Wire.open(port);
    wire.get("/", { connection: "close" });
    const text = await wire.end();
    if (text !== "") return text;
  }
  return assert.fail("The server does not notice that connections are closed");
}

Deno.test("the server tells the API the address and answers on a connection that is kept", async () => {
  let address = "";
  await using server = await serve((request, info) => {
    address = info?.address ?? "";
    return Promise.resolve(new Response(new URL(request.url).pathname));
  });
  await using wire = await Wire.open(server.port, "127.0.0.3");
  wire.get("/one");
  await wire.until(/\/one/);
  wire.get("/two");
  await wire.until(/\/two/);
  assert.equal(address, "127.0.0.3");
});

Deno.test("headers that do not come in time end the connection", async () => {
  await using server = await serve(hello, { headersMs: 50 });
  for (const beginning of ["", "GET / HT", "GET / HTTP/1.1\r\nhost: 127.0.0.1\r\nx: "]) {
    await using wire = await Wire.open(server.port);
    wire.send(beginning);
    assert.match(await wire.end(), /^$|^HTTP\/1\.1 408 /, beginning);
  }
});

Deno.test("a body that does not come in time ends the connection", async () => {
  await using panel = await ApiPanel.start();
  await using server = await serve(panel.fetch, { headersMs: 50, requestMs: 100 });
  await using wire = await Wire.open(server.port);
  wire.get("/api/v1/access-points/lock/release", {
    ...signed(panel.device, "POST", "/api/v1/access-points/lock/release"),
    "content-type": "application/json",
    "content-length": "20",
  }, "POST");
  wire.send('{"requestId"');
  await wire.end();
  assert.deepEqual(panel.core.lock.pulses, []);
});

Deno.test("I-6: a request whose sender is gone before its body was read is not taken for one without a body", async () => {
  await using panel = await ApiPanel.start();
  const asked = Promise.withResolvers<void>();
  const answered = Promise.withResolvers<string>();
  await using server = await serve(async (request, info) => {
    const gone = once(request.signal, "abort");
    asked.resolve();
    await gone;
    const response = await panel.fetch(request, info);
    answered.resolve(await response.clone().text());
    return response;
  });
  const path = "/api/v1/access-points/lock/release";
  const wire = await Wire.open(server.port);
  wire.get(path, {
    ...signed(panel.device, "POST", path),
    "content-type": "application/json",
    "content-length": "30",
  }, "POST");
  wire.send('{"requestId"');
  await asked.promise;
  await wire.close();
  assert.match(await answered.promise, /body-cut/);
  assert.deepEqual(panel.core.lock.pulses, []);
});

Deno.test("a connection that is idle is closed", async () => {
  await using server = await serve(hello, { keepAliveMs: 50 });
  await using wire = await Wire.open(server.port);
  wire.get("/");
  await wire.until(HELLO);
  await wire.end();
});

Deno.test("a connection whose client does not read its answer is closed", async () => {
  const left = Promise.withResolvers<void>();
  const endless = {
    pull: (answer: ReadableStreamDefaultController) => answer.enqueue(new Uint8Array(65_536)),
    cancel: () => left.resolve(),
  };
  const fetch = () => Promise.resolve(new Response(new ReadableStream(endless)));
  await using server = await serve(fetch, { silentMs: 500 });
  await using wire = await Wire.open(server.port);
  wire.stall();
  wire.get("/");
  const timer = setTimeout(() => left.reject(new Error("It is kept")), 15_000);
  await left.promise;
  clearTimeout(timer);
});

Deno.test("I-25: one address gets so many connections and no more; the others theirs all the same", async () => {
  await using server = await serve(hello, { connectionsPerAddress: 2 });
  await using first = await Wire.open(server.port);
  await using second = await Wire.open(server.port);
  for (let count = 0; count < 5; count++) {
    await using third = await Wire.open(server.port);
    third.get("/");
    assert.equal(await third.end(), "");
  }
  assert.deepEqual(server.lines.map(({ message, fields }) => [message, fields["address"]]), [
    ["Too many connections from one address", "127.0.0.1"],
  ]);
  await using neighbour = await Wire.open(server.port, "127.0.0.2");
  neighbour.get("/");
  await neighbour.until(HELLO);
  second.get("/");
  await second.until(HELLO);
  await first.close();
  await second.close();
  assert.match(await untilAdmitted(server.port), HELLO);
});

Deno.test("an IPv6 address counts with its network, IPv4 in IPv6 as itself", () => {
  const groups: Record<string, string> = {
    "127.0.0.1": "127.0.0.1",
    "::ffff:10.0.0.7": "10.0.0.7",
    "::1": "0:0:0:0",
    "2001:db8:1:2:3:4:5:6": "2001:db8:1:2",
    "2001:db8:1:2::1": "2001:db8:1:2",
    "2001:db8::1": "2001:db8:0:0",
    "fe80::1%eth0": "fe80:0:0:0",
    "": "",
  };
  for (const [address, group] of Object.entries(groups)) assert.equal(groupOf(address), group, address);
});

Deno.test("a port that is taken is named, with what to do", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const { port } = other.address() as { port: number };
  const log = createLog({ level: "error", now: () => 0, sink: () => {} });
  await assert.rejects(startServer({ fetch: hello, host: "127.0.0.1", port, log }), {
    code: "port-busy",
    message:
      `Port ${port} on 127.0.0.1 is taken by another program; end it, or choose another port with --port`,
    faults: [{ field: "port", value: port, message: "A port that is free" }],
  });
  other.close();
  await once(other, "close");
});

Deno.test("an address that is not this machine's is named", async () => {
  const log = createLog({ level: "error", now: () => 0, sink: () => {} });
  await assert.rejects(startServer({ fetch: hello, host: "192.0.2.1", port: 0, log }), {
    code: "address-unknown",
    message: 'This machine has no address "192.0.2.1"; choose one of its own with --host',
  });
});

Deno.test("closing lets a request under way end, closes idle connections, takes no more", async () => {
  const answer = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const server = await serve(async (request) => {
    if (!request.url.endsWith("/slow")) return new Response("hello");
    begun.resolve();
    await answer.promise;
    return new Response("at last");
  }, { keepAliveMs: 600_000, closeMs: 600_000 });
  await using idle = await Wire.open(server.port);
  idle.get("/");
  await idle.until(HELLO);
  await using busy = await Wire.open(server.port);
  busy.get("/slow");
  await begun.promise;
  const closing = server.close();
  await idle.end();
  await assert.rejects(Wire.open(server.port), { code: "ECONNREFUSED" });
  answer.resolve();
  await busy.until(/at last/);
  await closing;
});

Deno.test("closing cuts what does not end", async () => {
  const begun = Promise.withResolvers<void>();
  const server = await serve(() => {
    begun.resolve();
    return new Promise(() => {});
  }, { closeMs: 50 });
  await using wire = await Wire.open(server.port);
  wire.get("/");
  await begun.promise;
  const closing = server.close();
  assert.equal(await wire.end(), "");
  await closing;
});

Deno.test("an event stream flows over the wire and ends when the panel stops", async () => {
  const panel = await ApiPanel.start();
  await using server = await serve(panel.fetch);
  await using wire = await Wire.open(server.port);
  wire.get("/api/v1/events", signed(panel.device, "GET", "/api/v1/events"));
  await wire.until(/event: ready/);
  await panel.ask("POST", "/access-points/lock/release");
  await wire.until(/event: access\.logged/);
  await panel[Symbol.asyncDispose]();
  await wire.until(/\r\n0\r\n\r\n$/);
});

Deno.test("a client that goes away in the middle of the event stream leaves nothing behind", async () => {
  await using panel = await ApiPanel.start();
  await using server = await serve(panel.fetch);
  for (let round = 0; round < 70; round++) {
    await using wire = await Wire.open(server.port);
    wire.get("/api/v1/events", signed(panel.device, "GET", "/api/v1/events"));
    assert.match(await wire.until(/ready|\}$/), /event: ready/, `stream ${round}`);
    await wire.close();
  }
});

Deno.test("I-24: what is no proper request is refused on the wire, and the server goes on", async () => {
  await using panel = await ApiPanel.start();
  await using server = await serve(panel.fetch);
  const headers = signed(panel.device, "GET", "/api/v1/status");
  const authorization = Object.entries(headers).map(([name, value]) => `${name}: ${value}`).join("\r\n");
  const release = "POST /api/v1/access-points/lock/release HTTP/1.1";
  const requests: [string, RegExp][] = [
    [`GET /api/v1/status HTTP/1.1\r\n${authorization}`, /^HTTP\/1\.1 400 /],
    [`GET /api/v1/status HTTP/1.1\r\nhost: evil.example\r\n${authorization}`, /^HTTP\/1\.1 421 /],
    [
      `GET http://evil.example/api/v1/status HTTP/1.1\r\nhost: 127.0.0.1\r\n${authorization}`,
      /^HTTP\/1\.1 421 /,
    ],
    [
      `GET http://127.0.0.1/api/v1/status HTTP/1.1\r\nhost: evil.example\r\n${authorization}`,
      /^HTTP\/1\.1 421 /,
    ],
    [`GET /api/v1/status HTTP/1.1\r\nhost: a@127.0.0.1\r\n${authorization}`, /^HTTP\/1\.1 4/],
    [
      `GET /api/v1/status HTTP/1.1\r\nhost: 127.0.0.1\r\nhost: evil.example\r\n${authorization}`,
      /^HTTP\/1\.1 4|421/,
    ],
    [`GET \\api\\v1\\status HTTP/1.1\r\nhost: 127.0.0.1\r\n${authorization}`, /^HTTP\/1\.1 4/],
    [`TRACE /api/v1/status HTTP/1.1\r\nhost: 127.0.0.1\r\n${authorization}`, /^HTTP\/1\.1 40[05] /],
    [
      `${release}\r\nhost: 127.0.0.1\r\n${authorization}\r\ncontent-length: 2\r\ntransfer-encoding: chunked`,
      /^HTTP\/1\.1 400 /,
    ],
    [`${release}\r\nhost: 127.0.0.1\r\n${authorization}\r\ncontent-length: -1`, /^HTTP\/1\.1 400 /],
    [`GET /api/v1/status HTTP/1.1\r\nhost: 127.0.0.1\r\nx: ${"y".repeat(100_000)}`, /^HTTP\/1\.1 431 /],
    ["\x16\x03\x01\x02\x00\x01\x00", /^HTTP\/1\.1 400 /],
  ];
  for (const [request, expected] of requests) {
    await using wire = await Wire.open(server.port);
    wire.send(`${request}\r\nconnection: close\r\n\r\n`);
    assert.match(await wire.end(), expected, request.slice(0, 120));
  }
  assert.deepEqual(panel.core.lock.pulses, []);
  await using wire = await Wire.open(server.port);
  wire.get("/api/v1/health");
  await wire.until(/degraded/);
});

import assert from "node:assert/strict";
import { createLog, type LogLine } from "../log.ts";
import type { Api } from "./deps.ts";
import { startServer } from "./server.ts";
import { Wire } from "./testing/wire.ts";

const HELLO = /^HTTP\/1\.1 200 OK\r\n[^]*hello/;

async function serve(fetch: Api["fetch"]) {
  const lines: LogLine[] = [];
  const log = createLog({ level: "debug", now: () => 0, sink: (line) => void lines.push(line) });
  const server = await startServer({ fetch, host: "127.0.0.1", port: 0, log });
  return { ...server, lines, [Symbol.asyncDispose]: () => server.close() };
}

const hello: Api["fetch"] = () => Promise.resolve(new Response("hello"));

Deno.test("requests sent ahead of an answer end the connection; one after the other is as ever", async () => {
  let asked = 0;
  await using server = await serve(async () => {
    asked++;
    await Promise.resolve();
    return new Response("hello");
  });
  await using hasty = await Wire.open(server.port);
  hasty.send("GET / HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n".repeat(5_000));
  assert.equal(await hasty.end(), "");
  assert.equal(asked, 1);
  assert.deepEqual(server.lines.map(({ message }) => message), [
    "Cut a connection on which requests were sent ahead",
  ]);
  await using patient = await Wire.open(server.port);
  for (let round = 0; round < 50; round++) {
    patient.text = "";
    patient.get("/");
    await patient.until(HELLO);
  }
});

Deno.test("what comes in chunks is refused before a chunk is looked at, and ends the connection", async () => {
  let asked = 0;
  await using server = await serve(() => {
    asked++;
    return Promise.resolve(new Response("hello"));
  });
  const head = "POST / HTTP/1.1\r\nhost: 127.0.0.1\r\ntransfer-encoding: chunked\r\n\r\n";
  for (const body of ["0\r\n\r\n", "1\r\n \r\n".repeat(60_000), `1;x=${"y".repeat(400_000)}`, ""]) {
    await using wire = await Wire.open(server.port);
    wire.send(head + body);
    const answer = await wire.end();
    // The connection may be gone before its last words are read.
    assert.match(
      answer,
      /^$|^HTTP\/1\.1 411 Length Required\r\n[^]*problem\+json[^]*"code":"length-missing"/,
    );
    if (body.length < 10) assert.notEqual(answer, "");
  }
  assert.equal(asked, 0);
});

Deno.test("of a body that goes on after the answer no more than 256 KiB is taken", async () => {
  await using server = await serve(hello);
  await using wire = await Wire.open(server.port);
  wire.send("GET / HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 9999999\r\n\r\n");
  await wire.until(HELLO);
  wire.send("x".repeat(400_000));
  await wire.end();
});

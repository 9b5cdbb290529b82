import assert from "node:assert/strict";
import { createLog, type LogLine } from "../log.ts";
import { type RedirectOptions, startRedirect } from "./redirect.ts";
import { Wire } from "./testing/wire.ts";

async function redirect(options: Partial<RedirectOptions> = {}) {
  const lines: LogLine[] = [];
  const log = createLog({ level: "debug", now: () => 0, sink: (line) => void lines.push(line) });
  const address = { host: "127.0.0.1", hosts: ["door.local"] };
  const server = await startRedirect({ address, port: 0, securePort: 8443, log, ...options });
  return { ...server, lines, [Symbol.asyncDispose]: () => server.close() };
}

async function ask(port: number, head: string): Promise<string> {
  await using wire = await Wire.open(port);
  wire.send(`${head}\r\n\r\n`);
  return await wire.end();
}

const status = (answer: string) => Number(/^HTTP\/1\.1 (\d+) /.exec(answer)?.[1]);
const location = (answer: string) => /^location: (\S+)\r$/im.exec(answer)?.[1];

Deno.test("a page asked for in clear is to be found where the panel speaks TLS", async () => {
  await using server = await redirect();
  const visits: [string, string, string][] = [
    ["GET / HTTP/1.1", "127.0.0.1", "https://127.0.0.1:8443/"],
    ["GET /docs?x=1 HTTP/1.1", `door.local:${server.port}`, "https://door.local:8443/docs?x=1"],
    ["HEAD / HTTP/1.1", "LOCALHOST", "https://localhost:8443/"],
    ["GET /a HTTP/1.1", "[::1]:80", "https://[::1]:8443/a"],
  ];
  for (const [line, host, expected] of visits) {
    const answer = await ask(server.port, `${line}\r\nhost: ${host}`);
    assert.equal(status(answer), 308, line);
    assert.match(answer, /^connection: close\r$/im);
    assert.equal(location(answer), expected);
    assert.match(answer, /\r\n\r\n$/, "no body");
  }
  await using standard = await redirect({ securePort: 443 });
  assert.equal(
    location(await ask(standard.port, "GET / HTTP/1.1\r\nhost: door.local")),
    "https://door.local/",
  );
});

Deno.test("nothing else is answered in clear: no change, no token, no other host", async () => {
  await using server = await redirect();
  const refused: [string, number][] = [
    ["POST /api/v1/access-points/lock/release HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 2", 403],
    ["PUT / HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 0", 403],
    ["OPTIONS * HTTP/1.1\r\nhost: 127.0.0.1", 403],
    ["GET / HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer abc", 403],
    ["GET / HTTP/1.1\r\nhost: 127.0.0.1\r\ndpop: x", 403],
    ["GET / HTTP/1.1\r\nhost: 127.0.0.1\r\ncookie: a=b", 403],
    ["GET http://127.0.0.1/ HTTP/1.1\r\nhost: 127.0.0.1", 403],
    ["GET //evil.example/ HTTP/1.1\r\nhost: 127.0.0.1", 403],
    ["GET / HTTP/1.1\r\nhost: evil.example", 421],
    ["GET / HTTP/1.1\r\nhost: 127.0.0.1@evil.example", 421],
    ["GET / HTTP/1.0", 421],
  ];
  for (const [head, expected] of refused) {
    const answer = await ask(server.port, head);
    assert.equal(status(answer), expected, head);
    assert.equal(location(answer), undefined, head);
    assert.match(answer, /\r\n\r\n$/, "no body");
  }
});

Deno.test("I-25: one address takes eight connections in clear and no more", async () => {
  await using server = await redirect();
  const flood = await Promise.all(Array.from({ length: 8 }, () => Wire.open(server.port)));
  await using ninth = await Wire.open(server.port);
  assert.equal(await ninth.end(), "");
  await using neighbour = await Wire.open(server.port, "127.0.0.2");
  neighbour.get("/");
  assert.equal(status(await neighbour.end()), 308);
  assert.deepEqual(server.lines.map(({ fields }) => fields["address"]), ["127.0.0.1"]);
  await Promise.all(flood.map((wire) => wire.close()));
});

Deno.test("a port that is taken is named by its own setting", async () => {
  await using server = await redirect();
  await assert.rejects(redirect({ port: server.port }), {
    code: "port-busy",
    message:
      `Port ${server.port} on 127.0.0.1 is taken by another program; end it, or choose another port with ` +
      "--tls.redirectPort",
  });
});

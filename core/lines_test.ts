import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer } from "node:net";
import { LineReader, onLines } from "./lines.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

Deno.test("lines are the same however their bytes are cut", () => {
  const whole = bytes("one\n\nzwölf\nthe rest");
  for (let size = 1; size <= whole.length; size++) {
    const reader = new LineReader(100);
    const lines = [];
    for (let at = 0; at < whole.length; at += size) lines.push(...reader.push(whole.subarray(at, at + size)));
    assert.deepEqual(lines, ["one", "", "zwölf"], `${size}`);
  }
});

Deno.test("a line that is too long or no UTF-8 is refused, also before it ends", () => {
  assert.deepEqual(new LineReader(5).push(bytes("12345\n")), ["12345"]);
  assert.throws(() => new LineReader(5).push(bytes("123456\n")), { code: "line-refused" });
  const reader = new LineReader(5);
  reader.push(bytes("123"));
  assert.throws(() => reader.push(bytes("456")), { code: "line-refused" });
  assert.throws(() => new LineReader(5).push(new Uint8Array([0xff, 0x0a])), { code: "line-refused" });
});

Deno.test("a socket's lines are handed on, and one that is no text closes the connection", async () => {
  const lines: string[] = [];
  const heard = Promise.withResolvers<void>();
  const server = createServer((socket) =>
    onLines(socket, (line) => {
      if (lines.push(line) === 2) heard.resolve();
    })
  );
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  assert.ok(address && typeof address === "object");
  const socket = connect(address.port, "127.0.0.1");
  const closed = once(socket, "close");
  socket.resume();
  socket.write("one\nzwei\nthr");
  await heard.promise;
  socket.write(new Uint8Array([0xff, 0x0a]));
  await closed;
  assert.deepEqual(lines, ["one", "zwei"]);
  await new Promise((done) => server.close(done));
});

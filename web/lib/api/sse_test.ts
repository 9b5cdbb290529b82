import assert from "node:assert/strict";
import { SseParser } from "./sse.ts";

Deno.test("an event stream is read the same in pieces of any size", () => {
  const text = "retry: 2000\n\nid: a-1\nevent: ready\ndata: {}\n\n: still here\n\n" +
    'id: a-2\nevent: call.changed\ndata: {"text":"è: pronto"}\n\n';
  const expected = [
    { id: "a-1", name: "ready", data: "{}" },
    { id: "a-2", name: "call.changed", data: '{"text":"è: pronto"}' },
  ];
  for (let size = 1; size <= text.length; size++) {
    const parser = new SseParser();
    const events = [];
    for (let at = 0; at < text.length; at += size) events.push(...parser.push(text.slice(at, at + size)));
    assert.deepEqual(events, expected, `pieces of ${size}`);
  }
});

Deno.test("an event that has not ended yet is kept back", () => {
  const parser = new SseParser();
  assert.deepEqual(parser.push("id: a-1\nevent: x\ndata: 1\n"), []);
  assert.deepEqual(parser.push("\n"), [{ id: "a-1", name: "x", data: "1" }]);
});

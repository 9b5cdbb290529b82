import assert from "node:assert/strict";
import { BODY_LIMIT, readJson } from "./body.ts";
import { ApiPanel } from "./testing/api_panel.ts";

const RELEASE = "/access-points/lock/release";
const JSON_TYPE = { "content-type": "application/json" };

/** A body of unknown length, as chunked transfer brings it. */
function streamOf(chunk: string, times: number): { body: ReadableStream<Uint8Array>; pulled: () => number } {
  let pulled = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (pulled++ < times) controller.enqueue(new TextEncoder().encode(chunk));
      else controller.close();
    },
  }, { highWaterMark: 0 });
  return { body, pulled: () => pulled };
}

Deno.test("a body of more than 64 KiB is answered 413, by its length or as it comes", async () => {
  await using panel = await ApiPanel.start();
  const big = JSON.stringify({ requestId: "x".repeat(BODY_LIMIT) });
  const declared = await panel.send("POST", RELEASE, { text: big, headers: JSON_TYPE });
  assert.equal(declared.status, 413);
  assert.equal(declared.headers.get("connection"), "close");
  assert.equal((await declared.json()).code, "too-large");

  const { body, pulled } = streamOf(" ".repeat(1_000), 10_000);
  const chunked = await panel.ask("POST", RELEASE, { text: body, headers: JSON_TYPE });
  assert.deepEqual([chunked.status, chunked.body.code], [413, "too-large"]);
  assert.ok(pulled() < 70, `read ${pulled()} KB of it`);

  const lying = await panel.ask("POST", RELEASE, {
    text: streamOf(" ".repeat(1_000), 100).body,
    headers: { ...JSON_TYPE, "content-length": "2" },
  });
  assert.equal(lying.status, 413);
  assert.deepEqual(panel.core.lock.pulses, []);
});

Deno.test("a body that breaks off is answered 400, and is no fault of the panel's to log", async () => {
  await using panel = await ApiPanel.start();
  const text = new ReadableStream({ pull: (body) => body.error(new Error("aborted")) });
  const { status, body } = await panel.ask("POST", RELEASE, { text, headers: JSON_TYPE });
  assert.deepEqual([status, body.code], [400, "body-cut"]);
  assert.deepEqual(panel.core.lines.filter(({ level }) => level === "error"), []);
});

Deno.test("a body of exactly 64 KiB is read", async () => {
  await using panel = await ApiPanel.start();
  const text = "{}".padEnd(BODY_LIMIT, " ");
  assert.equal((await panel.ask("POST", RELEASE, { text, headers: JSON_TYPE })).status, 200);
});

Deno.test("what is not JSON is answered 400 and says so", async () => {
  await using panel = await ApiPanel.start();
  const texts = ["{", "{'a':1}", "{}{}", "\u0000", "[1,]", "NaN", '{"a":1e}', "<xml/>"];
  for (const text of texts) {
    const { status, body } = await panel.ask("POST", RELEASE, { text, headers: JSON_TYPE });
    assert.deepEqual([status, body.code], [400, "json-invalid"], text);
    assert.match(body.detail, /not valid JSON/);
  }
  const notUtf8 = new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]);
  const { body } = await panel.ask("POST", RELEASE, { text: notUtf8, headers: JSON_TYPE });
  assert.equal(body.code, "json-invalid");
});

Deno.test("JSON nested without end is answered 400, in a list and in an object", async () => {
  await using panel = await ApiPanel.start();
  for (
    const text of [
      "[".repeat(30_000) + "]".repeat(30_000),
      '{"requestId":'.repeat(4_000) + "1" + "}".repeat(4_000),
    ]
  ) {
    const { status, body } = await panel.ask("POST", RELEASE, { text, headers: JSON_TYPE });
    assert.deepEqual([status, body.code], [400, "json-invalid"]);
  }
});

Deno.test("JSON in UTF-8 is read, declared in any way that means it; no body at all is undefined", async () => {
  const request = (body: string | undefined, type?: string) =>
    new Request("http://panel/", {
      method: "POST",
      ...(body === undefined ? {} : { body: new TextEncoder().encode(body) }),
      headers: type === undefined ? {} : { "content-type": type },
    });
  for (
    const type of ["application/json", "Application/JSON; charset=UTF-8", 'application/json;charset="utf-8"']
  ) {
    assert.deepEqual(await readJson(request('{"name":"Zoë"}', type)), { name: "Zoë" }, type);
  }
  assert.equal(await readJson(request(undefined)), undefined);
  assert.equal(await readJson(request("", "application/json")), undefined);
});

Deno.test("a name such as __proto__ in a body is an unknown field like any other", async () => {
  await using panel = await ApiPanel.start();
  for (const text of ['{"__proto__":{"requestId":"x"}}', '{"constructor":1}']) {
    const { status, body } = await panel.ask("POST", RELEASE, { text, headers: JSON_TYPE });
    assert.deepEqual([status, body.code], [400, "input-invalid"], text);
  }
  assert.deepEqual(panel.core.lock.pulses, []);
});

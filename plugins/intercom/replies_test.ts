import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import type { Json, PluginStore } from "../../core/mod.ts";
import { LARGEST_SOUND_BYTES } from "../../media/keys.ts";
import { Replies } from "./replies.ts";
import { IntercomPanel } from "./testing/intercom_panel.ts";

Deno.test("B-CALL-5: a quick reply is brought, listed, heard, played at the panel and deleted", async () => {
  await using bench = await IntercomPanel.start();
  const brought = await bench.bring("Leave it at the door");
  const reply = await brought.json();
  assert.deepEqual([brought.status, reply.name, reply.ms], [201, "Leave it at the door", 2_000]);
  assert.deepEqual((await bench.state()).replies, [reply]);
  const heard = await bench.send("GET", `/replies/${reply.id}/sound`);
  assert.equal(heard.headers.get("content-type"), "audio/ogg");
  assert.deepEqual(new Uint8Array(await heard.arrayBuffer()), bench.media.picture, "what was made of it");
  const played = await bench.send("POST", `/replies/${reply.id}/play`);
  const { session } = await played.json();
  assert.equal((await bench.state()).talk.reply, "Leave it at the door");
  bench.media.tell({ event: "session-ended", session, why: "" });
  await bench.panel.advance(0);
  assert.equal((await bench.state()).talk, null);
  assert.equal((await bench.send("DELETE", `/replies/${reply.id}`)).status, 204);
  assert.deepEqual((await bench.state()).replies, []);
  for (const [method, path] of [["GET", "/sound"], ["POST", "/play"], ["DELETE", ""]] as const) {
    assert.equal((await bench.send(method, `/replies/${reply.id}${path}`)).status, 404, path);
  }
});

Deno.test("B-CALL-5: one that is played does not speak over somebody, and can be stopped", async () => {
  await using bench = await IntercomPanel.start();
  const family = await bench.join("family");
  const { id } = await (await bench.bring("Wait")).json();
  await bench.talk();
  assert.equal((await bench.send("POST", `/replies/${id}/play`, { device: family })).status, 409);
  const played = await bench.send("POST", `/replies/${id}/play?take=true`, { device: family });
  const { session } = await played.json();
  const refused = await (await bench.talk()).json();
  assert.match(refused.detail, /"Wait" is being played/);
  assert.equal((await bench.send("DELETE", `/sessions/${session}`, { device: family })).status, 204);
  assert.equal((await bench.state()).speaking, false);
});

Deno.test("a sound that is larger than a value of the store is kept whole, and nothing of it stays behind", async () => {
  const kept = new Map<string, Json>();
  const replies = await Replies.open(smallStore(kept), () => {});
  const sound = Buffer.from(Array.from({ length: 400_000 }, (_, index) => index % 251));
  await replies.add({ id: "long", name: "Long", ms: 30_000 }, sound);
  assert.ok(sound.equals(await replies.sound("long")));
  await replies.delete("long");
  assert.deepEqual([...kept.keys()], ["replies"]);
});

Deno.test("quick replies outlive a restart", async () => {
  await using bench = await IntercomPanel.start();
  const { id } = await (await bench.bring("Wait")).json();
  await bench.panel.restart();
  await bench.panel.advance(0);
  assert.equal((await bench.state()).replies[0].id, id);
  assert.equal((await bench.send("GET", `/replies/${id}/sound`)).status, 200);
});

Deno.test("what is no quick reply is refused, says why, and leaves nothing", async () => {
  await using bench = await IntercomPanel.start();
  const family = await bench.join("family");
  assert.equal((await bench.bring("Mine", new Uint8Array(10), family)).status, 403);
  assert.equal((await bench.bring("", new Uint8Array(10))).status, 400);
  assert.equal((await bench.bring("x".repeat(41))).status, 400);
  assert.equal((await bench.bring("Long", new Uint8Array(LARGEST_SOUND_BYTES + 1))).status, 413);
  assert.equal((await bench.bring("Wait")).status, 201);
  const twice = await bench.bring("Wait");
  assert.deepEqual([twice.status, (await twice.json()).code], [409, "reply-taken"]);
  for (let i = 1; i < 8; i++) assert.equal((await bench.bring(`Reply ${i}`)).status, 201);
  const full = await bench.bring("One more");
  assert.match((await full.json()).detail, /8 quick replies, which is the most; delete one first/);
  bench.media.set(false);
  assert.equal((await bench.bring("Away")).status, 409);
  assert.equal((await bench.state()).replies.length, 8);
});

Deno.test("two that come at once under one name are one", async () => {
  await using bench = await IntercomPanel.start();
  const answers = await Promise.all([bench.bring("Wait"), bench.bring("Wait")]);
  assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 409]);
  assert.equal((await bench.state()).replies.length, 1);
});

/** Takes values as large as a panel's takes. */
/** @param writes so many come to the disk; then there is no power */
function smallStore(kept: Map<string, Json>, writes = Infinity): PluginStore {
  let left = writes;
  const write = (action: () => unknown) =>
    left-- > 0 ? Promise.resolve(void action()) : Promise.reject(new Error("no power"));
  return {
    get: <T extends Json>(key: string) => Promise.resolve(kept.get(key) as T | undefined),
    set: (key, value) => {
      assert.ok(JSON.stringify(value).length <= 256 * 1024, `${key} is too large`);
      return write(() => kept.set(key, value));
    },
    delete: (key) => write(() => kept.delete(key)),
  };
}

Deno.test("a quick reply that the power was cut at is kept whole or not at all", async () => {
  const whole = new Map<string, Json>();
  await (await Replies.open(smallStore(whole), () => {})).add(
    { id: "a", name: "Wait", ms: 100 },
    new Uint8Array(200_000),
  );
  const steps = whole.size + 2;
  for (let step = 0; step <= steps; step++) {
    const kept = new Map<string, Json>();
    const replies = await Replies.open(smallStore(kept, step), () => {});
    await replies.add({ id: "a", name: "Wait", ms: 100 }, new Uint8Array(200_000)).catch(() => {});
    const { list } = await Replies.open(smallStore(kept), () => {});
    assert.deepEqual(
      [...kept].sort(),
      list.length === 0 ? [...kept].filter(([key]) => key === "replies") : [...whole].sort(),
    );
  }
});

Deno.test("a list that can't be read is told of, and kept aside", async () => {
  const kept = new Map<string, Json>([["replies", [{ id: "a", tune: 7 }]]]);
  const told: string[] = [];
  const replies = await Replies.open(smallStore(kept), (sentence) => told.push(sentence));
  assert.deepEqual([replies.list, told.length], [[], 1]);
  assert.deepEqual(kept.get("replies that could not be read"), [{ id: "a", tune: 7 }]);
});

Deno.test("whoever loses access while a file comes brings nothing", async () => {
  await using bench = await IntercomPanel.start();
  const owner = await bench.join("owner");
  const { body } = await bench.panel.get("/members");
  const { id } = body.find(({ name }: { name: string }) => name === "Bruno");
  bench.media.late.set("convert", () => bench.panel.api("DELETE", `/members/${id}`));
  assert.equal((await bench.bring("Wait", new Uint8Array(10), owner)).status, 401);
  assert.deepEqual((await bench.state()).replies, []);
});

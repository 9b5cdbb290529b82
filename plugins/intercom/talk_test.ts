import assert from "node:assert/strict";
import { settle } from "../../core/testing/virtual_clock.ts";
import { Listener } from "../../tests/harness/listener.ts";
import { Talks } from "./talk.ts";
import { IntercomPanel } from "./testing/intercom_panel.ts";

const HOUR = 60 * 60 * 1_000;
const ALWAYS = { validity: { kind: "always" }, accessPoints: ["lock"] };

Deno.test("B-CALL-4: an offer to speak is answered, everybody is told who is heard, and the session is ended", async () => {
  await using bench = await IntercomPanel.start();
  const response = await bench.talk();
  assert.deepEqual([response.status, response.headers.get("content-type")], [201, "application/sdp"]);
  assert.equal(await response.text(), "v=0");
  const place = response.headers.get("location")!;
  const { talk, speaking } = await bench.state();
  assert.deepEqual([talk.session, talk.reply, speaking], [place.split("/").at(-1), null, true]);
  assert.equal((await bench.send("DELETE", place)).status, 204);
  assert.deepEqual([bench.media.sessions.size, (await bench.state()).talk], [0, null]);
  assert.equal((await bench.send("DELETE", place)).status, 404);
});

Deno.test("B-CALL-4: residents and monitors may speak, services with the scope for it, guests not", async () => {
  await using bench = await IntercomPanel.start();
  const who = [
    ["owner", bench.panel.device, 201],
    ["family", await bench.join("family"), 201],
    ["monitor", await bench.join("monitor"), 201],
    ["guest", await bench.join("guest", { terms: ALWAYS }), 403],
    ["service", await bench.join("service", { scopes: ["calls:talk"] }), 201],
    ["service without", await bench.join("service", { scopes: ["camera:view"] }), 403],
  ] as const;
  for (const [role, device, status] of who) {
    assert.equal((await bench.talk(device, "?take=true")).status, status, role);
    const list = await bench.send("GET", "/replies", { device });
    assert.equal(list.status, status === 201 ? 200 : 403, role);
  }
});

Deno.test("B-CALL-4: one is heard at a time; another is told who it is, and may take over", async () => {
  await using bench = await IntercomPanel.start();
  const family = await bench.join("family");
  const first = (await bench.talk()).headers.get("location")!;
  const refused = await bench.talk(family);
  const { code, detail } = await refused.json();
  assert.deepEqual([refused.status, code], [409, "talk-busy"]);
  assert.match(detail, /is speaking at the panel; with take=true you take over/);
  const second = (await bench.talk(family, "?take=true")).headers.get("location")!;
  bench.media.tell({
    event: "session-ended",
    session: first.split("/").at(-1)!,
    why: "somebody else is heard now",
  });
  await bench.panel.advance(0);
  assert.equal((await bench.state()).talk.session, second.split("/").at(-1));
  assert.equal((await bench.send("DELETE", second)).status, 404, "another device's");
  assert.equal((await bench.talk(family)).status, 201, "one's own is begun anew");
});

Deno.test("B-CALL-4: of two who begin at once one is heard, and the other is told who", async () => {
  const talks = new Talks({ after: () => () => {}, end: () => {}, changed: () => {} });
  const answer = Promise.withResolvers<void>();
  const open = (deviceId: string) => async () => {
    await answer.promise;
    return { session: deviceId, deviceId, by: deviceId, reply: null, still: () => true };
  };
  const wish = (deviceId: string) => ({ deviceId, takes: false, assertStill: () => {} });
  const both = Promise.allSettled([
    talks.admit(wish("Anna"), open("Anna")),
    talks.admit(wish("Bruno"), open("Bruno")),
  ]);
  answer.resolve();
  const [first, second] = await both;
  assert.equal(first.status, "fulfilled");
  assert.match(String(second.status === "rejected" && second.reason), /Anna is speaking at the panel/);
  assert.equal(talks.now?.by, "Anna");
});

Deno.test("one whose answer comes when the intercom has stopped is heard no more: nobody else could end that", async () => {
  const ended: string[] = [];
  const talks = new Talks({
    after() {
      throw new Error("it has stopped");
    },
    end: (session) => void ended.push(session),
    changed: () => {},
  });
  const talk = { session: "one", deviceId: "phone", by: "Anna", reply: null, still: () => true };
  const wish = { deviceId: "phone", takes: false, assertStill: () => {} };
  await assert.rejects(talks.admit(wish, () => Promise.resolve(talk)), /it has stopped/);
  assert.deepEqual([ended, talks.now], [["one"], undefined]);
});

Deno.test("a take-over is told as one change: nobody hears that nobody is heard", async () => {
  await using bench = await IntercomPanel.start();
  const family = await bench.join("family");
  const first = (await bench.talk()).headers.get("location")!.split("/").at(-1)!;
  await using app = await Listener.open(bench.panel);
  bench.media.before.set("talk", () => {
    bench.media.tell({ event: "session-ended", session: first, why: "somebody else is heard now" });
  });
  const second = (await bench.talk(family, "?take=true")).headers.get("location")!.split("/").at(-1)!;
  await settle();
  const told = app.of("part.changed").filter(({ id }) => id === "intercom");
  assert.deepEqual(told.map(({ state }) => state.talk?.session), [second]);
});

Deno.test("whoever is revoked is heard no more from that moment on", async () => {
  await using bench = await IntercomPanel.start();
  const family = await bench.join("family");
  await bench.talk(family);
  await bench.revoke("family");
  assert.deepEqual([bench.media.sessions.size, (await bench.state()).talk], [0, null]);
});

Deno.test("whoever loses access while the answer is on its way is not heard", async () => {
  await using bench = await IntercomPanel.start();
  const service = await bench.join("service", { scopes: ["calls:talk", "camera:view"] });
  const id = await bench.memberOf("service");
  bench.media.late.set("talk", () => bench.panel.api("PATCH", `/members/${id}`, { scopes: ["camera:view"] }));
  assert.equal((await bench.talk(service)).status, 403);
  assert.deepEqual([bench.media.sessions.size, (await bench.state()).talk], [0, null]);
});

Deno.test("a quick reply of somebody who loses access is played no more", async () => {
  await using bench = await IntercomPanel.start();
  const family = await bench.join("family");
  const { id } = await (await bench.bring("Wait")).json();
  bench.media.late.set("play", () => bench.revoke("family"));
  assert.equal((await bench.send("POST", `/replies/${id}/play`, { device: family })).status, 401);
  assert.deepEqual([bench.media.sessions.size, (await bench.state()).talk], [0, null]);
});

Deno.test("whoever loses access while waiting for their turn ends nobody's talk", async () => {
  await using bench = await IntercomPanel.start();
  const family = await bench.join("family");
  const turn = Promise.withResolvers<void>();
  bench.media.late.set("talk", () => turn.promise);
  const owner = bench.talk();
  await settle();
  const other = bench.talk(family, "?take=true");
  await settle();
  await bench.revoke("family");
  turn.resolve();
  assert.deepEqual([(await owner).status, (await other).status], [201, 401]);
  assert.equal(bench.media.calls.filter(({ name }) => name === "talk").length, 1);
  assert.notEqual((await bench.state()).talk, null);
});

Deno.test("an end that comes before its answer is handled is heard of", async () => {
  await using bench = await IntercomPanel.start();
  bench.media.late.set("talk", () => {
    const [session] = bench.media.sessions;
    bench.media.tell({ event: "session-ended", session: session!, why: "gone" });
    return Promise.resolve();
  });
  assert.equal((await bench.talk()).status, 201);
  await bench.panel.advance(1);
  assert.equal((await bench.state()).talk, null);
});

Deno.test("an access that ends by time ends what is said within half a second", async () => {
  await using bench = await IntercomPanel.start();
  const until = new Date(bench.panel.clock.now() + HOUR).toISOString();
  const family = await bench.join("family", { until });
  await bench.panel.advance(HOUR - 1_000);
  await bench.talk(family);
  await bench.panel.advance(900);
  assert.equal(bench.media.sessions.size, 1);
  await bench.panel.advance(700);
  assert.equal(bench.media.sessions.size, 0);
});

Deno.test("a media process that dies ends what is said, and is told of loudspeaker and microphone anew", async () => {
  await using bench = await IntercomPanel.start();
  await bench.talk();
  const spec = bench.media.sound;
  bench.media.set(false);
  await bench.panel.advance(0);
  assert.equal((await bench.state()).talk, null);
  assert.match((await bench.state()).fault, /media process/);
  assert.equal((await bench.talk()).status, 503);
  bench.media.sound = null;
  bench.media.set(true);
  await bench.panel.advance(0);
  assert.deepEqual([bench.media.sound, (await bench.state()).fault], [spec, ""]);
  assert.equal((await bench.talk()).status, 201);
});

import assert from "node:assert/strict";
import { LatchkeyError } from "../../core/mod.ts";
import { BASE, bridgeBench, type BridgeBenchOptions } from "./testing/panel.ts";
import { button, lamp, releasable } from "./testing/parts.ts";

const RELEASE = `${BASE}/release/lock`;

/** With a lock that may be released. */
async function bench(options: BridgeBenchOptions = {}) {
  const made = await bridgeBench({
    parts: [releasable("lock", "lock")],
    ...options,
    settings: { releases: ["lock"], ...options.settings },
  });
  const pulses: string[] = [];
  made.access.points.set("lock", {
    id: "lock",
    name: "Lock",
    pulseMs: () => 700,
    released: () => false,
    open: (cause) => Promise.resolve(void pulses.push(cause)),
  });
  const at = () => made.clock.now() / 1_000;
  const answer = (subject = "lock") => made.replyTo(subject);
  return { ...made, pulses, at, answer };
}

Deno.test("a release goes the way of everyone's, as a service with the owner's scopes, and is answered", async () => {
  const { broker, access, at, answer, pulses } = await bench();
  await broker.send(RELEASE, JSON.stringify({ command: "UNLOCK", at: at() }));
  const requestId = `mqtt:lock:${at()}`;
  assert.deepEqual(access.requests, [{
    requestId,
    accessPoint: "lock",
    actor: { kind: "service", id: "mqtt", scopes: ["parts:write", "release:lock"] },
    via: "integration",
  }]);
  assert.deepEqual(pulses, [requestId]);
  assert.deepEqual(answer(), {
    command: "release",
    id: null,
    ok: true,
    outcome: "released",
    reason: "granted",
    message: "",
    repeated: false,
  });
});

Deno.test("a denial is answered as one", async () => {
  const { broker, access, at, answer } = await bench();
  access.denied.add("mqtt");
  await broker.send(RELEASE, JSON.stringify({ at: at(), id: "a-1" }));
  const { ok, outcome, id } = answer();
  assert.deepEqual([ok, outcome, id], [false, "denied", "a-1"]);
});

Deno.test("a retained release opens nothing, and is a denial in the log", async () => {
  const { broker, access, at, answer, pulses } = await bench();
  await broker.send(RELEASE, JSON.stringify({ at: at() }), { retain: true });
  assert.deepEqual([pulses, access.requests, answer().reason], [[], [], "retained"]);
  const [row] = access.rows;
  assert.deepEqual(
    [row?.kind, row?.outcome, row?.reason, row?.accessPoint, row?.via, row?.detail],
    ["release", "denied", "not-allowed", "lock", "integration", { refused: "retained" }],
  );
});

Deno.test("a release that is older than it may be, or from the future, opens nothing", async () => {
  const { broker, at, answer, pulses } = await bench({ settings: { maxAgeSeconds: 10 } });
  for (const off of [-10.001, 10.001, -86_400]) {
    await broker.send(RELEASE, JSON.stringify({ at: at() + off }));
    assert.deepEqual([pulses, answer().reason], [[], "stale"], String(off));
  }
  assert.match(answer().message ?? "", /from 86400 s ago by the panel's clock; at most 10 s are allowed/);
  for (const off of [-10, 10]) await broker.send(RELEASE, JSON.stringify({ at: at() + off }));
  assert.equal(pulses.length, 2);
});

Deno.test("a release that does not say when it was sent opens nothing", async () => {
  const { broker, clock, at, answer, pulses } = await bench();
  for (
    const payload of [
      "",
      "UNLOCK",
      "OPEN",
      "{}",
      "[]",
      "null",
      '{"at":"now"}',
      `{"at":${at()},"force":true}`,
      `{"at":${at()},"id":"a b"}`,
      `{"at":${at()},"command":"EXPLODE"}`,
      `{"at":1e999}`,
    ]
  ) {
    await broker.send(RELEASE, payload);
    assert.deepEqual([pulses, answer().ok, answer().reason], [[], false, "unclear"], payload);
    await clock.advance(5_000);
  }
});

Deno.test("while the panel's clock is not believed, nothing is opened", async () => {
  const { broker, time, at, answer, access, pulses } = await bench();
  time.isTrusted = false;
  await broker.send(RELEASE, JSON.stringify({ at: at() }));
  assert.deepEqual([pulses, answer().reason, access.rows[0]?.reason], [
    [],
    "clock-untrusted",
    "clock-untrusted",
  ]);
});

Deno.test("to lock is not possible, and is no denial", async () => {
  const { broker, at, answer, access } = await bench();
  await broker.send(RELEASE, JSON.stringify({ at: at(), command: "LOCK" }));
  assert.deepEqual([answer().reason, access.rows], ["not-possible", []]);
});

Deno.test("one wish has one id: what is sent twice asks under the same", async () => {
  const { broker, access, clock, at } = await bench();
  const sentAt = at();
  await broker.send(RELEASE, JSON.stringify({ at: sentAt }));
  await clock.advance(1_000);
  await broker.send(RELEASE, JSON.stringify({ at: sentAt }));
  await broker.send(RELEASE, JSON.stringify({ at: at(), id: "door-7" }));
  await broker.send(RELEASE, JSON.stringify({ at: at() + 1, id: "door-7" }));
  const ids = access.requests.map(({ requestId }) => requestId);
  assert.deepEqual(ids, [
    `mqtt:lock:${sentAt}`,
    `mqtt:lock:${sentAt}`,
    "mqtt:lock:door-7",
    "mqtt:lock:door-7",
  ]);
});

Deno.test("a part is driven by its own schema, and what became of it is told", async () => {
  const told: unknown[] = [];
  const { broker, answer } = await bench({ parts: [lamp(told), button()] });
  await broker.send(`${BASE}/command/lamp/set`, '{"mode":"on","level":0.5}');
  assert.deepEqual(told, [[{ mode: "on", level: 0.5 }, "service", "mqtt"]]);
  assert.deepEqual(answer("lamp"), { command: "set", id: null, ok: true });
  await broker.send(`${BASE}/command/restart/press`, "");
  assert.equal(answer("restart").ok, true);
  for (
    const [topic, payload, reason] of [
      ["lamp/set", '{"level":2}', "invalid"],
      ["lamp/set", "ON", "invalid"],
      ["lamp/sit", "{}", "unknown"],
      ["lamp/toString", "{}", "unknown"],
      ["lump/set", "{}", "unknown"],
    ] as const
  ) {
    await broker.send(`${BASE}/command/${topic}`, payload);
    assert.deepEqual(
      [answer(topic.split("/")[0]).ok, answer(topic.split("/")[0]).reason],
      [false, reason],
      topic,
    );
  }
  assert.equal(told.length, 1);
});

Deno.test("a retained command drives nothing: it would do so at every start", async () => {
  const told: unknown[] = [];
  const { broker, answer } = await bench({ parts: [lamp(told)] });
  await broker.send(`${BASE}/command/lamp/set`, '{"mode":"on"}', { retain: true });
  assert.deepEqual([told, answer("lamp").reason], [[], "retained"]);
});

Deno.test("the owner may switch commands off", async () => {
  const told: unknown[] = [];
  const { broker, answer, access, at } = await bench({
    parts: [lamp(told)],
    settings: { commands: false, releases: [] },
  });
  await broker.send(`${BASE}/command/lamp/set`, '{"mode":"on"}');
  assert.deepEqual([told, answer("lamp").reason], [[], "not-allowed"]);
  await broker.send(RELEASE, JSON.stringify({ at: at() }));
  assert.deepEqual(access.requests[0]?.actor.scopes, []);
});

Deno.test("a part's own refusal is passed on; its fault is too, and a command that hangs keeps no other", async () => {
  const part = lamp();
  const runs = [
    () => Promise.reject(new LatchkeyError("output-failed", "The board does not answer")),
    () => Promise.reject(new Error("Boom")),
    () => new Promise<void>(() => {}),
    () => Promise.resolve(),
  ];
  part.commands!["set"]!.run = () => runs.shift()!();
  const { broker, answer, clock } = await bench({ parts: [part] });
  const drive = () => broker.send(`${BASE}/command/lamp/set`, "{}");
  await drive();
  assert.equal(answer("lamp").reason, "output-failed");
  await drive();
  assert.deepEqual([answer("lamp").reason, answer("lamp").message], ["failed", "Boom"]);
  const hanging = drive();
  await clock.advance(6_000);
  await hanging;
  assert.equal(answer("lamp").reason, "no-answer");
  await drive();
  assert.equal(answer("lamp").ok, true);
});

Deno.test("topics that ask for nothing, or for something that can't have that name, are left alone", async () => {
  const { broker, at, access } = await bench();
  const before = broker.link.said.length;
  for (
    const topic of [
      `${BASE}/release`,
      `${BASE}/release/`,
      `${BASE}/release/lock/now`,
      `${BASE}/release/${"x".repeat(65)}`,
      `${BASE}/release/a b`,
      `${BASE}/command/lamp`,
      `${BASE}/state/lock`,
      "elsewhere/release/lock",
    ]
  ) await broker.send(topic, JSON.stringify({ at: at() }));
  assert.deepEqual([broker.link.said.length, access.requests], [before, []]);
});

Deno.test("too much is too much: ten releases at once, then one in five seconds, so that the log is not filled", async () => {
  const { broker, access, clock, at, answer } = await bench();
  for (let n = 0; n < 50; n++) await broker.send(RELEASE, JSON.stringify({ at: at(), id: `n-${n}` }));
  assert.equal(answer().reason, "too-many");
  assert.equal(access.requests.length, 10);
  for (let second = 0; second < 60; second++) {
    await clock.advance(1_000);
    await broker.send(RELEASE, JSON.stringify({ at: at() }));
  }
  assert.equal(access.requests.length, 22);
});

Deno.test("what is refused before it is decided fills the log no faster", async () => {
  const { broker, access, clock } = await bench();
  for (let second = 0; second < 600; second++) {
    await broker.send(RELEASE, "{}");
    await clock.advance(1_000);
  }
  assert.ok(access.rows.length <= 130, String(access.rows.length));
});

Deno.test("a flood of commands that are refused does not fill the panel's own log", async () => {
  const { broker, lines } = await bench();
  for (let n = 0; n < 200; n++) {
    await broker.send(RELEASE, "{}");
    await broker.send(`${BASE}/command/nobody/set`, "{}");
  }
  const refused = lines.filter(({ message }) => message === "A command is refused");
  assert.equal(refused.length, 10);
});

Deno.test("a dimmer that is dragged is followed", async () => {
  const told: unknown[] = [];
  const { broker, clock } = await bench({ parts: [lamp(told)] });
  for (let n = 1; n <= 50; n++) {
    await broker.send(`${BASE}/command/lamp/set`, JSON.stringify({ level: n / 50 }));
    await clock.advance(100);
  }
  assert.equal(told.length, 50);
});

Deno.test("what is too long is not looked into", async () => {
  const { broker, answer } = await bench();
  await broker.send(RELEASE, " ".repeat(4_097));
  assert.deepEqual([answer().reason, answer().message], ["invalid", "A command has at most 4096 bytes"]);
});

Deno.test("answers that the broker does not take do not pile up", async () => {
  const { broker, clock } = await bench();
  broker.link.acknowledges = false;
  for (let n = 0; n < 60; n++) {
    await broker.send(`${BASE}/command/lump/set`, "{}");
    await clock.advance(100);
  }
  const replies = broker.link.said.filter(({ topic }) => topic.includes("/reply/"));
  assert.ok(replies.length <= 16, String(replies.length));
});

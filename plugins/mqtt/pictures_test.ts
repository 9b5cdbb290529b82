import assert from "node:assert/strict";
import { definePlugin, type Part, partChanged, partOccurred, partsPoint } from "../../core/mod.ts";
import { BASE, bridgeBench, type BridgeBenchOptions } from "./testing/panel.ts";
import { bell, camera, JPEG, releasable } from "./testing/parts.ts";

const PICTURE = `${BASE}/picture/camera`;
const WISH = `${BASE}/command/camera/picture`;

/** With a bell and, unless told otherwise, a camera that has a picture at once. */
async function bench({ parts = [camera()], settings = {}, ...more }: BridgeBenchOptions = {}) {
  const made = await bridgeBench({
    ...more,
    parts: [bell(), ...parts],
    settings: { pictures: true, ...settings },
  });
  const { broker, core, clock, lines } = made;
  const happens = (id: string, type: string) => {
    core.emit(partOccurred, { id, type, at: clock.now() });
    return clock.advance(0);
  };
  return {
    ...made,
    ring: () => happens("bell", "ring"),
    moves: (id = "camera") => happens(id, "motion"),
    pictures: (topic = PICTURE) => broker.link.said.filter((said) => said.topic === topic),
    answer: (subject = "camera") => made.replyTo(subject),
    warnings: () =>
      lines.filter(({ level }) => level === "warn").map(({ message, fields }) => [message, fields["error"]]),
  };
}

/** A camera whose pictures a test gives when it likes. */
function slowCamera() {
  const asked: PromiseWithResolvers<Uint8Array>[] = [];
  const picture = () => {
    const one = Promise.withResolvers<Uint8Array>();
    asked.push(one);
    return one.promise;
  };
  return { asked, part: camera({ picture }) };
}

const sensor = (): Part => ({
  id: "garden",
  kind: "sensor",
  name: "Garden",
  state: () => ({}),
  events: { types: ["motion"], meaning: "motion" },
});

Deno.test("when somebody rings, what every camera sees is told as it is, once, and not kept", async () => {
  const { ring, pictures } = await bench({ parts: [camera(), camera({ id: "yard" })] });
  assert.deepEqual(pictures(), []);
  await ring();
  assert.deepEqual(pictures(), [{ topic: PICTURE, payload: "", bytes: JPEG, retain: false }]);
  assert.equal(pictures(`${BASE}/picture/yard`).length, 1);
});

Deno.test("a ring is told before anybody is asked for a picture", async () => {
  const order: string[] = [];
  const { core, clock } = await bench({
    parts: [camera({ picture: () => (order.push("picture"), Promise.resolve(JPEG)) })],
  });
  core.on(partOccurred, () => void order.push("others hear"));
  core.emit(partOccurred, { id: "bell", type: "ring", at: clock.now() });
  order.push("the bell goes on");
  await clock.advance(0);
  assert.deepEqual(order, ["others hear", "the bell goes on", "picture"]);
});

Deno.test("motion that a camera sees is told by its own picture; what a sensor feels, by all", async () => {
  const { moves, pictures, clock } = await bench({ parts: [camera(), camera({ id: "yard" }), sensor()] });
  const counts = () => [pictures().length, pictures(`${BASE}/picture/yard`).length];
  await moves("yard");
  assert.deepEqual(counts(), [0, 1]);
  await clock.advance(1_000);
  await moves("garden");
  assert.deepEqual(counts(), [1, 2]);
});

Deno.test("the home asks for a picture, and is answered; not by a message that was kept, nor where commands are off", async () => {
  const { broker, clock, pictures, answer } = await bench();
  await broker.send(WISH, '{"command":"picture"}');
  assert.deepEqual([answer().ok, answer().reason], [false, "invalid"]);
  await broker.send(WISH, "{}", { retain: true });
  assert.deepEqual([answer().ok, answer().reason], [false, "retained"]);
  await clock.advance(0);
  assert.deepEqual(pictures(), []);
  await broker.send(WISH, "{}");
  assert.deepEqual(answer(), { command: "picture", id: null, ok: true });
  await clock.advance(0);
  assert.equal(pictures().length, 1);
  const off = await bench({ settings: { commands: false } });
  await off.broker.send(WISH, "{}");
  await off.clock.advance(0);
  assert.deepEqual([off.answer().reason, off.pictures()], ["not-allowed", []]);
});

Deno.test("a part's own command of that name goes first", async () => {
  const own: unknown[] = [];
  const set = camera().commands!["zoom"]!;
  const part = camera({ commands: { picture: { ...set, run: (args) => void own.push(args) } } });
  const { broker, pictures, clock } = await bench({ parts: [part] });
  await broker.send(WISH, "{}");
  await clock.advance(0);
  assert.deepEqual([own, pictures()], [[{}], []]);
});

Deno.test("there is one picture a second at most, however many want one, and the last wish is served", async () => {
  const { broker, ring, moves, pictures, clock } = await bench();
  for (let n = 0; n < 20; n++) await broker.send(WISH, "{}");
  await moves();
  await ring();
  assert.equal(pictures().length, 1);
  await clock.advance(999);
  assert.equal(pictures().length, 1);
  await clock.advance(1);
  assert.equal(pictures().length, 2);
  await clock.advance(60_000);
  assert.equal(pictures().length, 2);
});

Deno.test("I-8: a camera that does not answer holds up no release, no state and no event", async () => {
  const { asked, part } = slowCamera();
  const made = await bench({
    parts: [part, releasable("lock", "lock")],
    settings: { releases: ["lock"] },
  });
  const { broker, clock, core, access, answer, pictures, warnings } = made;
  access.points.set("lock", {
    id: "lock",
    name: "Lock",
    pulseMs: () => 700,
    released: () => false,
    open: () => Promise.resolve(),
  });
  await made.ring();
  await broker.send(WISH, "{}");
  assert.equal(answer().ok, true, "answered without the picture");
  await broker.send(`${BASE}/release/lock`, JSON.stringify({ at: clock.now() / 1_000 }));
  assert.equal(answer("lock").outcome, "released");
  core.emit(partChanged, { id: "camera", state: { viewers: 1 } });
  await made.ring();
  assert.deepEqual(broker.link.last(`${BASE}/state/camera`), { viewers: 1 });
  assert.equal(broker.link.said.filter(({ topic }) => topic === `${BASE}/event/bell`).length, 2);
  await clock.advance(9_999);
  assert.deepEqual([asked.length, warnings()], [1, []], "nobody asks a camera twice at once");
  await clock.advance(1);
  assert.deepEqual(warnings(), [["A part gives no picture", "No picture in 10 s"]]);
  assert.equal(asked.length, 2, "what was wanted meanwhile is asked for");
  asked[0]!.resolve(Uint8Array.of(0xff, 0xd8, 1));
  asked[1]!.resolve(JPEG);
  await clock.advance(0);
  assert.deepEqual(pictures().map(({ bytes }) => bytes), [JPEG], "what comes too late is not told");
});

Deno.test("a camera that fails, or gives no JPEG or too long a one, is told of in the log, and asked again", async () => {
  const long = new Uint8Array(1_000_001);
  long.set(JPEG);
  const turns = [
    () => Promise.reject(new Error("No route to host")),
    () => {
      throw new Error("Boom");
    },
    () => Promise.resolve(new TextEncoder().encode("<html>")),
    () => Promise.resolve(long),
    () => Promise.resolve(long.subarray(0, 1_000_000)),
  ];
  const { ring, clock, pictures, warnings, status } = await bench({
    parts: [camera({ picture: () => turns.shift()!() })],
  });
  while (turns.length > 0) {
    await ring();
    await clock.advance(1_000);
  }
  assert.deepEqual(warnings().map(([, error]) => error), [
    "No route to host",
    "Boom",
    "It is no JPEG",
    "The picture has 1000001 bytes; at most 1000000 are told",
  ]);
  assert.deepEqual(pictures().map(({ bytes }) => bytes?.length), [1_000_000]);
  assert.deepEqual([status()?.state, status()?.errors], ["running", 0]);
});

Deno.test("while the broker is away no picture is taken, and one that was is told to no later connection", async () => {
  const { asked, part } = slowCamera();
  const { broker, ring, clock, pictures } = await bench({ parts: [part] });
  await ring();
  broker.mood = "refuses";
  broker.link.end("lost");
  await clock.advance(0);
  // Attempts are made after 1 s and after 3 s.
  await clock.advance(2_500);
  await ring();
  await ring();
  broker.mood = "well";
  await clock.advance(500);
  asked[0]!.resolve(JPEG);
  await clock.advance(5_000);
  assert.equal(broker.links.length, 2);
  assert.deepEqual([asked.length, pictures()], [1, []]);
  await ring();
  asked[1]!.resolve(JPEG);
  await clock.advance(0);
  assert.equal(pictures().length, 1);
});

Deno.test("a broker that acknowledges nothing is sent one picture of each camera", async () => {
  const { broker, ring, clock, pictures } = await bench();
  broker.link.acknowledges = false;
  for (let n = 0; n < 10; n++) {
    await ring();
    await clock.advance(1_000);
  }
  assert.equal(pictures().length, 1);
});

Deno.test("no picture is taken, told or asked for unless the owner wants it", async () => {
  let taken = 0;
  const part = camera({ picture: () => (taken++, Promise.resolve(JPEG)) });
  const { broker, ring, moves, answer, clock } = await bench({
    parts: [part],
    settings: { pictures: false },
  });
  await ring();
  await moves();
  await broker.send(WISH, "{}");
  await clock.advance(0);
  assert.deepEqual([taken, answer().reason], [0, "unknown"]);
});

Deno.test("of a part that is gone no picture is told, also where it was taken before", async () => {
  const { asked, part } = slowCamera();
  const { host, core, broker, clock, pictures } = await bench({ parts: [] });
  host.add(
    definePlugin({ id: "shed", api: 1, setup: (ctx) => void ctx.contribute(partsPoint, part) }),
    {},
  );
  await clock.advance(0);
  core.emit(partOccurred, { id: "bell", type: "ring", at: clock.now() });
  await clock.advance(0);
  await broker.send(WISH, "{}");
  await host.halt("shed");
  asked[0]!.resolve(JPEG);
  await clock.advance(60_000);
  assert.deepEqual([asked.length, pictures()], [1, []]);
});

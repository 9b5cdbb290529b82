import assert from "node:assert/strict";
import { duplexPair, PassThrough, type Writable } from "node:stream";
import { settle } from "../../testing/virtual_clock.ts";
import type { LaunchOrder, ProcessEnd } from "../process.ts";
import { PluginDesk } from "./desk.ts";
import { type FrameKind, FrameReader, writeFrame } from "./frames.ts";
import { remoteLaunch } from "./remote.ts";
import type { Spawned } from "./spawn.ts";

const ORDER: LaunchOrder = { id: "weather", entry: "mod.ts", digest: "0".repeat(64), net: [], memoryMb: 64 };
const text = (bytes: Uint8Array | undefined) => bytes && new TextDecoder().decode(bytes);
const bytes = (value: string) => new TextEncoder().encode(value);

/** The bytes of one frame. */
function frameOf(kind: FrameKind, run: number, payload: unknown): Uint8Array {
  const parts: Uint8Array[] = [];
  const link = { write: (part: Uint8Array) => parts.push(part) > 0 } as unknown as Writable;
  writeFrame(link, kind, run, payload instanceof Uint8Array ? payload : bytes(JSON.stringify(payload)));
  return new Uint8Array(parts.flatMap((part) => [...part]));
}

class FakeSpawned implements Spawned {
  readonly order: LaunchOrder;
  readonly stdin = new PassThrough({ highWaterMark: 1_024 });
  readonly stdout = new PassThrough();
  readonly ended: Promise<ProcessEnd>;
  readonly end: (end: ProcessEnd) => void;
  killed = false;

  constructor(order: LaunchOrder) {
    this.order = order;
    const { promise, resolve } = Promise.withResolvers<ProcessEnd>();
    this.ended = promise;
    this.end = resolve;
  }

  kill(): void {
    this.killed = true;
    this.end({ status: null, signal: "SIGKILL", lastWords: "" });
  }
}

function linked(spawn?: () => Spawned | Promise<Spawned>) {
  const [runtime, supervisor] = duplexPair();
  const children: FakeSpawned[] = [];
  const said: string[] = [];
  new PluginDesk({
    link: supervisor,
    // deno-lint-ignore require-await -- what it throws is a rejection
    async spawn(order) {
      if (spawn) return spawn();
      const child = new FakeSpawned(order);
      children.push(child);
      return child;
    },
    say: (line) => void said.push(line),
  });
  return { runtime, supervisor, children, said, launch: remoteLaunch(runtime) };
}

Deno.test("bytes pass both ways, several plugins at a time, and the end is told with the last words", async () => {
  const { launch, children } = linked();
  const [one, two] = [launch(ORDER), launch({ ...ORDER, id: "chime" })];
  await settle();
  assert.deepEqual(children.map(({ order }) => order.id), ["weather", "chime"]);
  await one.send(bytes("to one"));
  children[1]!.stdout.write("from two");
  assert.equal(text(await two.read()), "from two");
  await settle();
  assert.equal(String(children[0]!.stdin.read()), "to one");
  const end = { status: 139, signal: null, lastWords: "Ouch" };
  children[0]!.end(end);
  assert.deepEqual(await one.ended, end);
  assert.equal(await one.read(), undefined);
  two.kill();
  await settle();
  assert.equal(children[1]!.killed, true);
  assert.equal((await two.ended).signal, "SIGKILL");
});

Deno.test("I-15: what the runtime does not read waits at its source: 64 KiB are on their way and no more", async () => {
  const { launch, children, runtime } = linked();
  const process = launch(ORDER);
  await settle();
  const { stdout } = children[0]!;
  let written = 0;
  const flood = async () => {
    for (let i = 0; i < 100; i++) {
      const more = stdout.write(new Uint8Array(16_384));
      written += 16_384;
      if (!more) await new Promise((drained) => stdout.once("drain", drained));
    }
  };
  const flooding = flood();
  for (let i = 0; i < 20; i++) await settle();
  const stalled = written;
  assert.ok(stalled <= 64 * 1_024 + 4 * 65_536, `${stalled} were taken from it`);
  assert.ok(runtime.readableLength <= 65_536 * 2);
  for (let i = 0; i < 5; i++) await settle();
  assert.equal(written, stalled, "and it stays so");
  let read = 0;
  while (read < 100 * 16_384) read += (await process.read())!.length;
  await flooding;
});

Deno.test("what a plugin does not read waits in the runtime: 64 KiB are on their way and no more", async () => {
  const { launch, children } = linked();
  const process = launch(ORDER);
  await settle();
  let sent = false;
  const sending = process.send(new Uint8Array(200_000)).then(() => sent = true);
  for (let i = 0; i < 10; i++) await settle();
  assert.equal(sent, false);
  const { stdin } = children[0]!;
  assert.ok(stdin.writableLength <= 64 * 1_024, `${stdin.writableLength} wait in the supervisor`);
  let taken = 0;
  stdin.on("data", (piece: Uint8Array) => void (taken += piece.length));
  await sending;
  for (let i = 0; i < 10; i++) await settle();
  assert.equal(taken, 200_000);
});

Deno.test("I-16: the runtime can have nothing started but a plugin of the panel's folder by its id", async () => {
  const wrong: unknown[] = [
    { ...ORDER, id: "../../etc" },
    { ...ORDER, id: "access" },
    { ...ORDER, entry: "../other/mod.ts" },
    { ...ORDER, entry: "/etc/passwd" },
    { ...ORDER, net: ["*"] },
    { ...ORDER, net: ["a.org,b.org"] },
    { ...ORDER, net: ["a.org --allow-run"] },
    { ...ORDER, memoryMb: 100_000 },
    { ...ORDER, flags: ["--allow-all"] },
    { id: "weather" },
    null,
  ];
  for (const order of wrong) {
    const { launch, children } = linked();
    const { status, lastWords } = await launch(order as LaunchOrder).ended;
    assert.equal(status, 126, JSON.stringify(order));
    assert.notEqual(lastWords, "");
    assert.equal(children.length, 0, JSON.stringify(order));
  }
});

Deno.test("a plugin that can't be started ends at once and says why", async () => {
  const { launch } = linked(() => {
    throw new Error("There is no folder");
  });
  assert.deepEqual(await launch(ORDER).ended, { status: 126, signal: null, lastWords: "There is no folder" });
});

for (
  const [what, frames] of Object.entries({
    "no frame": [new Uint8Array(32).fill(255)],
    "the same run twice": [frameOf("start", 1, ORDER), frameOf("start", 1, ORDER)],
    "what only the supervisor says": [frameOf("start", 1, ORDER), frameOf("end", 1, null)],
    "more than there is room for": [
      frameOf("start", 1, ORDER),
      frameOf("data", 1, new Uint8Array(60_000)),
      frameOf("data", 1, new Uint8Array(60_000)),
    ],
  })
) {
  Deno.test(`a runtime that says ${what} gets no plugins any more, and those there are end`, async () => {
    const { runtime, supervisor, children, said } = linked();
    for (const frame of frames) {
      runtime.write(frame);
      await settle();
    }
    assert.match(said.join(), /^The runtime asks for what makes no sense/);
    assert.equal(supervisor.destroyed, true);
    assert.ok(children.every(({ killed }) => killed));
  });
}

Deno.test("a plugin that is killed, or whose runtime is gone, while its files are looked at, ends as soon as it has begun", async () => {
  for (const end of ["kill", "close"]) {
    const { promise: looked, resolve } = Promise.withResolvers<void>();
    const child = new FakeSpawned(ORDER);
    const { launch, supervisor, runtime } = linked(async () => {
      await looked;
      return child;
    });
    const process = launch(ORDER);
    await settle();
    if (end === "kill") process.kill();
    else supervisor.destroy();
    await settle();
    resolve();
    await settle();
    assert.equal(child.killed, true, end);
    runtime.destroy();
    await process.ended;
  }
});

Deno.test("when the link closes, every plugin ends, on both sides", async () => {
  const { launch, children, supervisor, runtime } = linked();
  const process = launch(ORDER);
  await settle();
  supervisor.destroy();
  await settle();
  assert.equal(children[0]!.killed, true);
  runtime.destroy();
  assert.equal((await process.ended).lastWords, "The supervisor is gone");
  assert.equal((await launch(ORDER).ended).lastWords, "The supervisor is gone");
});

Deno.test("frames are the same however they are cut", () => {
  const whole = [
    frameOf("start", 7, { a: 1 }),
    frameOf("data", 7, bytes("hello")),
    frameOf("kill", 8, new Uint8Array()),
  ];
  const all = new Uint8Array(whole.flatMap((frame) => [...frame]));
  for (const size of [1, 2, 9, 13, all.length]) {
    const reader = new FrameReader();
    const frames = [];
    for (let at = 0; at < all.length; at += size) frames.push(...reader.push(all.subarray(at, at + size)));
    assert.deepEqual(
      frames.map(({ kind, run }) => [kind, run]),
      [["start", 7], ["data", 7], ["kill", 8]],
      `${size}`,
    );
    assert.equal(text(frames[1]!.payload), "hello");
  }
});

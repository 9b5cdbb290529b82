import assert from "node:assert/strict";
import { boardLink, callChanged, partChanged, partOccurred } from "../../core/mod.ts";
import { checkLifecycle } from "../../core/testing/plugin_check.ts";
import { type BenchOptions, provideAll, startBench } from "../testing/bench.ts";
import { bellPressed } from "./keys.ts";
import doorbell from "./mod.ts";

async function bell(options: BenchOptions = {}) {
  const bench = await startBench(doorbell, options);
  return {
    ...bench,
    led: () => bench.edges("indicator"),
    lit: () => bench.edges("indicator").at(-1)?.[1] === 1,
    async press(ms = 200) {
      bench.board.press("bell", ms);
      await bench.clock.advance(0);
    },
    async become(state: "answered" | "missed" | "rejected" | "ended") {
      bench.calls.become(state);
      await bench.clock.advance(0);
    },
  };
}

Deno.test("B-CALL-1: a press rings, and the LED answers in the same moment", async () => {
  const { press, led, calls, hear, clock } = await bell();
  const pressed = hear(bellPressed);
  await press();
  assert.equal(calls.rings, 1);
  assert.equal(calls.call?.source, "bell");
  assert.deepEqual(led(), [[0, 1]]);
  assert.deepEqual(pressed, [{ at: clock.now() }]);
});

Deno.test("each press is told as something that happened to the part, once for a hand that trembles", async () => {
  const { press, hear, clock, parts } = await bell();
  const occurred = hear(partOccurred);
  const at = clock.now();
  await press(50);
  await clock.advance(100);
  await press(50);
  assert.deepEqual(occurred, [{ id: "bell", type: "ring", at }]);
  assert.deepEqual(parts.get("bell")?.events, { types: ["ring"], meaning: "bell" });
});

Deno.test("B-CALL-1: the LED does not wait for the call to be written", async () => {
  const { calls, press, led } = await bell();
  calls.ring = () => new Promise(() => {});
  await press();
  assert.deepEqual(led(), [[0, 1]]);
});

Deno.test("B-CALL-1: the LED blinks as long as it rings, lights while somebody listens, then is dark", async () => {
  const { press, become, led, clock } = await bell();
  await press();
  await clock.advance(30_250);
  const blinks = led();
  assert.equal(blinks.length, 61);
  assert.ok(blinks.every(([at, level], n) => at === n * 500 && level === (n % 2 === 0 ? 1 : 0)));
  await become("answered");
  await clock.advance(240_000);
  assert.deepEqual(led().slice(61), [], "lit since the last blink, and all the while");
  await become("ended");
  assert.deepEqual(led().slice(61), [[270_250, 0]]);
  await clock.advance(60_000);
  assert.equal(led().length, 62);
});

for (const end of ["missed", "rejected"] as const) {
  Deno.test(`B-CALL-1: the LED is dark once the call is ${end}`, async () => {
    const { press, become, led, lit, clock } = await bell();
    await press();
    await clock.advance(1_000);
    assert.ok(lit());
    await become(end);
    assert.ok(!lit());
    const before = led().length;
    await clock.advance(60_000);
    assert.equal(led().length, before);
  });
}

Deno.test("B-CALL-2: presses during a call open no second one and leave the LED as it is", async () => {
  const { press, become, calls, led, clock, hear } = await bell();
  const changes = hear(callChanged);
  await press();
  const first = calls.call?.id;
  for (let n = 0; n < 5; n++) {
    await clock.advance(700);
    await press();
  }
  assert.equal(calls.call?.id, first);
  assert.equal(changes.length, 1);
  calls.become("ringing");
  await clock.advance(700);
  assert.ok(led().every(([at], n) => at === n * 500));
  await become("answered");
  await clock.advance(1_000);
  const steady = led().length;
  await press();
  await clock.advance(20_000);
  assert.equal(led().length, steady);
});

Deno.test("B-CALL-1: a button that flickers, or is held for a minute, is one press", async () => {
  const { board, press, clock, hear } = await bell();
  const pressed = hear(bellPressed);
  for (let n = 0; n < 10; n++) {
    board.setInput("bell", n % 2 === 0);
    await clock.advance(40);
  }
  assert.equal(pressed.length, 1);
  await clock.advance(1_000);
  await press(60_000);
  await clock.advance(60_000);
  assert.equal(pressed.length, 2);
});

Deno.test("B-CALL-1: another input is not the bell, and a button stuck at the start rings nothing", async () => {
  const { board, calls, led, clock } = await bell({ before: ({ board }) => board.setInput("bell", true) });
  board.press("tamper");
  await clock.advance(1_000);
  assert.equal(calls.rings, 0);
  assert.deepEqual(led(), []);
});

Deno.test("B-CALL-1: where the call can't be written the LED says so, the household hears of the press, the log why", async () => {
  const { press, led, calls, clock, hear, lines, parts } = await bell();
  const pressed = hear(bellPressed);
  calls.broken = true;
  await press();
  await clock.advance(60_000);
  const ons = led().filter(([, level]) => level === 1);
  assert.deepEqual(led()[0], [0, 1]);
  assert.equal(ons.length, 5, "five quick flashes");
  assert.equal(led().at(-1)?.[1], 0);
  assert.equal(pressed.length, 1);
  assert.deepEqual((await parts.get("bell")?.state())?.call, "none");
  assert.match(lines[0]?.message ?? "", /could not be opened/);
  calls.broken = false;
  await press();
  assert.ok(calls.call, "the next press rings");
  assert.equal(led().at(-1)?.[1], 1);
});

Deno.test("B-CALL-1: an LED that refuses keeps no bell from ringing", async () => {
  const { board, press, calls, lines } = await bell();
  board.setFault({ kind: "output-refuses", output: "indicator" }, true);
  await press();
  assert.equal(calls.rings, 1);
  assert.match(lines[0]?.message ?? "", /indicator/);
});

Deno.test("B-CALL-1: the LED shows the call again once the hardware is back, and after the plugin's restart", async () => {
  const { core, board, press, host, lit, clock } = await bell();
  await press();
  board.allOff("power cut");
  assert.ok(!lit());
  core.emit(boardLink, { up: true });
  assert.ok(lit());
  await host.halt("doorbell");
  assert.ok(!lit());
  await host.restart("doorbell");
  await clock.advance(0);
  assert.ok(lit());
});

Deno.test("B-CALL-1: the bell is a part that tells each press and the call", async () => {
  const { press, become, parts, hear, clock } = await bell();
  const told = hear(partChanged);
  const part = parts.get("bell");
  assert.equal(part?.kind, "event");
  assert.deepEqual(await part?.state(), { pressedAt: null, call: "none" });
  await press();
  const pressedAt = clock.now();
  await become("answered");
  await become("ended");
  assert.deepEqual(told.map(({ state }) => [state.pressedAt, state.call]), [
    [pressedAt, "none"],
    [pressedAt, "ringing"],
    [pressedAt, "answered"],
    [pressedAt, "none"],
  ]);
});

Deno.test("start, stop and start of doorbell leaves nothing behind", async () => {
  let ring = () => {};
  let forget = () => {};
  let rings = 0;
  await checkLifecycle({
    plugin: doorbell,
    services(core, clock) {
      const { board, calls } = provideAll(core, clock);
      ring = () => board.press("bell", 50);
      forget = () => {
        rings = calls.rings;
        calls.call = undefined;
      };
    },
    async exercise(_core, clock) {
      ring();
      await clock.advance(600);
      forget();
    },
  });
  assert.equal(rings, 2);
});

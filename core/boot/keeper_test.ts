import assert from "node:assert/strict";
import { VirtualClock } from "../testing/virtual_clock.ts";
import { Keeper } from "./keeper.ts";
import { FakeProgram } from "./testing/fake_program.ts";

function keep() {
  const clock = new VirtualClock();
  const started: FakeProgram[] = [];
  const pauses: number[] = [];
  const keeper = new Keeper({
    clock,
    start(again) {
      assert.equal(again, started.length > 0);
      const program = new FakeProgram();
      started.push(program);
      return program;
    },
    died: (_, pauseMs) => void pauses.push(pauseMs),
  });
  return { clock, started, pauses, keeper };
}

Deno.test("what dies is started again, after pauses that double up to 30 s", async () => {
  const { clock, started, pauses } = keep();
  for (let deaths = 1; deaths <= 9; deaths++) {
    started.at(-1)!.die(1);
    await clock.advance(0);
    const pause = pauses.at(-1)!;
    await clock.advance(pause - 1);
    assert.equal(started.length, deaths, "not before the pause is over");
    await clock.advance(1);
    assert.equal(started.length, deaths + 1);
  }
  assert.deepEqual(pauses, [250, 500, 1000, 2000, 4000, 8000, 16000, 30000, 30000]);
});

Deno.test("a minute of health makes the next pause short again", async () => {
  const { clock, started, pauses } = keep();
  started[0]!.die(137);
  await clock.advance(250);
  started[1]!.die(1);
  await clock.advance(500 + 59_999);
  started[2]!.die(1);
  await clock.advance(1_000 + 60_000);
  started[3]!.die(1);
  await clock.advance(0);
  assert.deepEqual(pauses, [250, 500, 1000, 250]);
});

for (const ending of [0, 2]) {
  Deno.test(`an end with ${ending} is final`, async () => {
    const { clock, started, keeper } = keep();
    started[0]!.die(ending);
    assert.equal(await keeper.ended, ending);
    await clock.advance(60_000);
    assert.equal(started.length, 1);
    assert.equal(clock.pending, 0);
  });
}

Deno.test("stopping asks the program to end, waits for it, and starts it no more", async () => {
  const { clock, started, keeper } = keep();
  let stopped = false;
  const stopping = keeper.stop().then(() => stopped = true);
  await clock.advance(0);
  assert.deepEqual([started[0]!.asked, stopped], [1, false]);
  started[0]!.die(1);
  await stopping;
  assert.equal(await keeper.ended, 1);
  await clock.advance(60_000);
  assert.equal(started.length, 1);
});

Deno.test("stopping and killing in a pause end it without another start", async () => {
  for (const [act, ending] of [["stop", 0], ["kill", 1]] as const) {
    const { clock, started, keeper } = keep();
    started[0]!.die(1);
    await clock.advance(100);
    keeper[act]();
    assert.equal(await keeper.ended, ending);
    assert.equal(clock.pending, 0);
  }
});

Deno.test("it is ready when one of its programs says so", async () => {
  const { clock, started, keeper } = keep();
  started[0]!.die(1);
  await clock.advance(250);
  started[1]!.say();
  await keeper.ready;
});

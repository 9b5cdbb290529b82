import assert from "node:assert/strict";
import { type ClaimService, claimService } from "../../core/mod.ts";
import { checkLifecycle } from "../../core/testing/plugin_check.ts";
import { Panel } from "../../tests/harness/panel.ts";
import { provideAll, startBench } from "../testing/bench.ts";
import insideButton from "./mod.ts";

class FakeClaim implements ClaimService {
  readonly asked: string[] = [];

  presence(source: string): Promise<void> {
    return Promise.resolve(void this.asked.push(`presence ${source}`));
  }

  reopen(source: string): Promise<void> {
    return Promise.resolve(void this.asked.push(`reopen ${source}`));
  }
}

async function start(before: (bench: ReturnType<typeof provideAll>) => void = () => {}) {
  const claim = new FakeClaim();
  const bench = await startBench(insideButton, {
    before,
    provide: (core) => core.provide(claimService, claim),
  });
  const hold = async (ms: number) => {
    bench.board.setInput("inside-button", true);
    await bench.clock.advance(ms);
    bench.board.setInput("inside-button", false);
    await bench.clock.advance(0);
  };
  const beeps = () => bench.edges("beeper").filter(([, level]) => level === 1).length;
  return { ...bench, claim, hold, beeps };
}

Deno.test("B-SET-5: a press says that someone is at the panel, and no more", async () => {
  const { claim, hold, beeps } = await start();
  await hold(4_900);
  assert.deepEqual(claim.asked, ["presence inside-button"]);
  assert.equal(beeps(), 0);
});

Deno.test("recovery: held for ten seconds it ends all access, after five beeps of warning and with a long one", async () => {
  const { claim, hold, beeps } = await start();
  await hold(9_900);
  assert.deepEqual(claim.asked, ["presence inside-button"]);
  assert.equal(beeps(), 5);
  await hold(10_100);
  assert.deepEqual(claim.asked.slice(1), ["presence inside-button", "reopen inside-button"]);
  assert.equal(beeps(), 11);
});

Deno.test("recovery: a button that is stuck at the start, or not let go, wipes nothing more", async () => {
  const { claim, board, clock, hold } = await start(({ board }) => board.setInput("inside-button", true));
  await clock.advance(60_000);
  assert.deepEqual(claim.asked, []);
  board.setInput("inside-button", false);
  await clock.advance(0);
  await hold(30_000);
  assert.deepEqual(claim.asked, ["presence inside-button", "reopen inside-button"]);
});

Deno.test("recovery: on a whole panel every device is out, cards and log stay, and a new owner can come", async () => {
  await using panel = await Panel.start();
  await panel.enrol("04A1B2C3D4E5F6", "Anna", { accessPoints: ["lock"] });
  panel.board.setInput("inside-button", true);
  await panel.advance(10_100);
  panel.board.setInput("inside-button", false);
  await panel.advance(100);
  assert.equal((await panel.get("/status")).body.code, "unclaimed");
  await panel.swipe("04A1B2C3D4E5F6");
  assert.equal(panel.pulses("lock").length, 1);
  await panel.claim();
  const rows = (await panel.accessLog("claim")).map((row) => row.outcome);
  assert.deepEqual(rows, ["claimed", "reopened", "claimed"]);
  assert.equal((await panel.get("/cards")).body.length, 1);
});

Deno.test("start → stop → start leaves nothing behind: inside button", async () => {
  await checkLifecycle({
    plugin: insideButton,
    services(core, clock) {
      provideAll(core, clock);
      core.provide(claimService, new FakeClaim());
    },
  });
});

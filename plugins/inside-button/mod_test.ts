import assert from "node:assert/strict";
import { boardLink, type ClaimService, claimService, type Context, inputChanged } from "../../core/mod.ts";
import { checkLifecycle } from "../../core/testing/plugin_check.ts";
import { Panel } from "../../tests/harness/panel.ts";
import { provideAll, startBench } from "../testing/bench.ts";
import insideButton from "./mod.ts";

class FakeClaim implements ClaimService {
  readonly asked: string[] = [];
  hasOwner = true;
  broken = false;

  constructor(core: Context) {
    core.provide(claimService, this);
  }

  claimed(): Promise<boolean> {
    return Promise.resolve(this.hasOwner);
  }

  presence(source: string): Promise<void> {
    return Promise.resolve(void this.asked.push(`presence ${source}`));
  }

  reopen(source: string): Promise<void> {
    if (this.broken) return Promise.reject(new Error("The disk is full"));
    this.hasOwner = false;
    return Promise.resolve(void this.asked.push(`reopen ${source}`));
  }
}

async function button(
  config: unknown = {},
  before: (bench: ReturnType<typeof provideAll>) => void = () => {},
) {
  let claim: FakeClaim | undefined;
  const bench = await startBench(insideButton, {
    config,
    before,
    provide: (core) => void (claim = new FakeClaim(core)),
  });
  const { board, clock } = bench;
  const set = async (active: boolean) => {
    board.setInput("inside-button", active);
    await clock.advance(0);
  };
  const hold = async (ms: number) => {
    await set(true);
    await clock.advance(ms);
    await set(false);
  };
  /** `[ms since the press, length]` of each sound. */
  const beeps = (since = 0) => {
    const edges = bench.edges("beeper").map(([at, level]) => [at as number - since, level]);
    return edges.flatMap(([at, level], i) =>
      level === 1 ? [[at, (edges[i + 1]?.[0] ?? NaN) as number - at!]] : []
    );
  };
  return { ...bench, claim: claim!, set, hold, beeps };
}

const PRESENCE = "presence inside-button";
const REOPEN = "reopen inside-button";

Deno.test("B-SET-5: a press says that someone is at the panel, and no more", async () => {
  const { claim, hold, beeps } = await button();
  await hold(4_999);
  assert.deepEqual(claim.asked, [PRESENCE]);
  assert.deepEqual(beeps(), []);
});

Deno.test("Recovery: held for ten seconds it ends all access, warned of once a second in the last five", async () => {
  const { claim, clock, set, beeps, edges } = await button();
  await set(true);
  await clock.advance(9_999);
  assert.deepEqual(claim.asked, [PRESENCE]);
  const warnings = [[5_000, 80], [6_000, 80], [7_000, 80], [8_000, 80], [9_000, 80]];
  assert.deepEqual(beeps(), warnings);
  await clock.advance(2_001);
  assert.deepEqual(claim.asked, [PRESENCE, REOPEN, PRESENCE]);
  assert.deepEqual(beeps(), [...warnings, [10_000, 1_500]]);
  assert.deepEqual(edges("indicator"), edges("beeper"), "also where nobody hears it");
});

Deno.test("Recovery: let go in time it has done nothing, however often", async () => {
  const { claim, hold } = await button();
  for (let time = 0; time < 3; time++) await hold(9_999);
  assert.deepEqual(claim.asked, [PRESENCE, PRESENCE, PRESENCE]);
});

Deno.test("Recovery: as long as the configuration says", async () => {
  const { claim, hold, beeps } = await button({ holdSeconds: 20 });
  await hold(19_999);
  assert.deepEqual(claim.asked, [PRESENCE]);
  assert.equal(beeps()[0]?.[0], 15_000);
  await hold(20_001);
  assert.deepEqual(claim.asked.slice(1), [PRESENCE, REOPEN, PRESENCE]);
});

Deno.test("Recovery: in a panel that nobody owns a long press is a press", async () => {
  const { claim, hold, beeps } = await button();
  claim.hasOwner = false;
  await hold(30_000);
  assert.deepEqual(claim.asked, [PRESENCE]);
  assert.deepEqual(beeps(), []);
});

Deno.test("Recovery: the press that lets a claim go through can't end it, held as long as it may be", async () => {
  const { claim, clock, set } = await button();
  claim.hasOwner = false;
  await set(true);
  claim.hasOwner = true;
  await clock.advance(60_000);
  assert.deepEqual(claim.asked, [PRESENCE]);
});

Deno.test("Recovery: a button that is held at the start, or stuck, ends nothing until it was let go", async () => {
  const { claim, core, clock, set, hold } = await button(
    {},
    ({ board }) => board.setInput("inside-button", true),
  );
  core.emit(inputChanged, { input: "inside-button", active: true });
  await clock.advance(60_000);
  assert.deepEqual(claim.asked, []);
  await set(false);
  await hold(300_000);
  assert.deepEqual(claim.asked, [PRESENCE, REOPEN, PRESENCE], "once for each time it is held");
});

Deno.test("Recovery: a contact that breaks for a moment begins anew", async () => {
  const { claim, clock, set } = await button();
  await set(true);
  await clock.advance(9_000);
  await set(false);
  await set(true);
  await clock.advance(9_000);
  assert.ok(!claim.asked.includes(REOPEN));
  await clock.advance(1_000);
  assert.ok(claim.asked.includes(REOPEN));
});

Deno.test("Recovery: a press told twice is counted once", async () => {
  const { claim, core, clock, set } = await button();
  await set(true);
  await clock.advance(5_000);
  core.emit(inputChanged, { input: "inside-button", active: true });
  await clock.advance(5_000);
  assert.deepEqual(claim.asked, [PRESENCE, REOPEN, PRESENCE]);
});

Deno.test("Recovery: what the board does not say is held to the end ends nothing", async () => {
  const { claim, core, clock } = await button();
  core.emit(inputChanged, { input: "inside-button", active: true });
  await clock.advance(20_000);
  assert.deepEqual(claim.asked, [PRESENCE]);
});

Deno.test("Recovery: while the board can't be heard nothing is ended, nor by what was held meanwhile", async () => {
  const { claim, core, clock, set, hold } = await button();
  await set(true);
  await clock.advance(9_000);
  core.emit(boardLink, { up: false });
  await clock.advance(60_000);
  core.emit(boardLink, { up: true });
  await clock.advance(60_000);
  assert.deepEqual(claim.asked, [PRESENCE]);
  await set(false);
  core.emit(boardLink, { up: false });
  core.emit(boardLink, { up: true });
  await clock.advance(500);
  await hold(10_000);
  assert.deepEqual(claim.asked.slice(1), [PRESENCE, REOPEN, PRESENCE]);
});

Deno.test("Recovery: what can't be written down does not happen, and is told with three short beeps", async () => {
  const { claim, clock, set, beeps, lines } = await button();
  claim.broken = true;
  await set(true);
  await clock.advance(12_000);
  assert.deepEqual(claim.asked, [PRESENCE]);
  assert.deepEqual(beeps().slice(5).map(([, length]) => length), [120, 120, 120]);
  assert.equal(lines.length, 1);
});

Deno.test("Recovery: another input is not this button; one that it is wired to is", async () => {
  const { claim, board, clock } = await button({ input: "exit-button" });
  board.setInput("inside-button", true);
  await clock.advance(20_000);
  assert.deepEqual(claim.asked, []);
  board.setInput("exit-button", true);
  await clock.advance(20_000);
  assert.deepEqual(claim.asked, ["presence exit-button", "reopen exit-button", "presence exit-button"]);
});

Deno.test("Recovery: on a whole panel every device is out, cards and log stay, and a new owner can come", async () => {
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

Deno.test("start, stop and start of inside-button leaves nothing behind", async () => {
  await checkLifecycle({
    plugin: insideButton,
    services(core, clock) {
      provideAll(core, clock);
      new FakeClaim(core);
    },
  });
});

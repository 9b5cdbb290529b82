import assert from "node:assert/strict";
import type { Json } from "../../core/mod.ts";
import { boardLink } from "../../core/mod.ts";
import { type BenchOptions, OWNER, startBench } from "../testing/bench.ts";
import lock from "./mod.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const OFFICE = {
  strike: "continuous-duty",
  holdOpen: { windows: [{ days: ["mon"], from: "14:30", to: "15:00" }] },
};
/** Monday, 14:00 in Rome. */
const START = Date.UTC(2026, 5, 1, 12);

async function office(options: BenchOptions = {}) {
  const bench = await startBench(lock, { config: OFFICE, start: START, ...options });
  return {
    ...bench,
    isOn: () => bench.edges("lock").at(-1)?.[1] === 1,
    holds: () =>
      bench.access.rows.map(({ outcome, detail }) => [outcome, detail.why].filter(Boolean).join(" ")),
    release: (requestId: string) =>
      bench.access.release({ requestId, accessPoint: "lock", actor: OWNER, via: "app" }),
  };
}

Deno.test("B-REL-7: hold-open is off unless set, and only for a strike for continuous duty", () => {
  assert.equal((lock.config.parse({}) as { holdOpen?: Json }).holdOpen, undefined);
  for (const strike of [undefined, "mechanical-memory", "intermittent-duty"]) {
    const { error } = lock.config.safeParse({ ...OFFICE, strike });
    assert.deepEqual(error?.issues.map(({ path }) => path.join(".")), ["holdOpen"]);
    assert.match(error?.issues[0]?.message ?? "", /continuous-duty/);
  }
  assert.ok(lock.config.safeParse(OFFICE).success);
});

Deno.test("B-REL-7: the door is held open from the schedule's beginning to its end, to the second, and logged", async () => {
  const { clock, edges, access, holds } = await office();
  await clock.advance(2 * HOUR);
  assert.deepEqual(edges("lock"), [[30 * MINUTE, 1], [60 * MINUTE, 0]]);
  assert.deepEqual(holds(), ["began", "ended schedule"]);
  const [began] = access.rows;
  assert.equal(began?.kind, "hold-open");
  assert.equal(began?.accessPoint, "lock");
  assert.equal(began?.via, "schedule");
  assert.deepEqual(began?.actor, { kind: "schedule", id: "lock", scopes: [] });
});

Deno.test("B-REL-7: the schedule is read by the clocks in its own zone, or the panel's", async () => {
  const { clock, edges } = await office({
    config: { ...OFFICE, holdOpen: { ...OFFICE.holdOpen, zone: "Europe/London" } },
  });
  await clock.advance(3 * HOUR);
  assert.deepEqual(edges("lock"), [[90 * MINUTE, 1], [120 * MINUTE, 0]]);
});

Deno.test("B-REL-7: the row is there before the output moves; without a row nothing moves", async () => {
  const { clock, access, edges, lines, holds } = await office();
  access.broken = true;
  await clock.advance(35 * MINUTE);
  assert.deepEqual(edges("lock"), []);
  assert.match(lines[0]?.message ?? "", /could not be logged/);
  assert.ok(lines.length < 10, `${lines.length} lines`);
  access.broken = false;
  await clock.advance(10 * MINUTE);
  assert.deepEqual(holds(), ["began"]);
  assert.equal(edges("lock").length, 1);
});

Deno.test("B-REL-7: a release while it is held open is answered and moves nothing", async () => {
  const { clock, release, edges } = await office();
  await clock.advance(45 * MINUTE);
  assert.equal((await release("r-1")).outcome, "already-released");
  await clock.advance(HOUR);
  assert.equal(edges("lock").length, 2);
  assert.equal((await release("r-2")).outcome, "released");
});

Deno.test("B-REL-7: a pulse under way when it begins does not cut it", async () => {
  const { clock, release, edges } = await office();
  await clock.advance(30 * MINUTE - 200);
  await release("r-1");
  await clock.advance(HOUR);
  assert.deepEqual(edges("lock"), [[30 * MINUTE - 200, 1], [60 * MINUTE, 0]]);
});

Deno.test("B-REL-7: it ends as soon as the clock is not believed, and begins again when it is", async () => {
  const { clock, time, access, isOn, holds } = await office();
  await clock.advance(40 * MINUTE);
  time.isTrusted = false;
  await clock.advance(3_000);
  assert.ok(!isOn());
  assert.deepEqual(holds(), ["began", "ended clock-untrusted"]);
  await clock.advance(5 * MINUTE);
  assert.ok(!isOn());
  time.isTrusted = true;
  await access.record({ kind: "clock", outcome: "trusted", actor: OWNER, via: "api" });
  await clock.advance(0);
  assert.ok(isOn());
});

Deno.test("B-REL-7: while the clock is not believed it does not begin", async () => {
  const { clock, time, access, edges } = await office();
  time.isTrusted = false;
  await clock.advance(2 * HOUR);
  assert.deepEqual(edges("lock"), []);
  assert.deepEqual(access.rows, []);
});

Deno.test("B-REL-7: a clock that is set is followed within seconds", async () => {
  const { clock, isOn } = await office();
  await clock.advance(40 * MINUTE);
  clock.jump(20 * MINUTE);
  await clock.advance(3_000);
  assert.ok(!isOn());
});

Deno.test("B-REL-7: a stop closes the door, a start within the schedule opens it again, each with its row", async () => {
  const { clock, host, isOn, holds, edges } = await office();
  await clock.advance(40 * MINUTE);
  await host.halt("lock");
  assert.ok(!isOn());
  assert.deepEqual(holds(), ["began", "ended stopped"]);
  await host.restart("lock");
  assert.ok(isOn());
  await clock.advance(HOUR);
  assert.deepEqual(holds(), ["began", "ended stopped", "began", "ended schedule"]);
  assert.deepEqual(edges("lock").at(-1), [60 * MINUTE, 0]);
});

Deno.test("B-REL-7: what a killed program left open in the log is closed there, then it goes on", async () => {
  const left = (accessPoint: string) => ({ access }: Parameters<NonNullable<BenchOptions["before"]>>[0]) => {
    access.record({ kind: "hold-open", outcome: "began", accessPoint, actor: OWNER, via: "schedule" });
  };
  const during = await office({ before: left("lock"), start: START + 40 * MINUTE + 1_000 });
  assert.deepEqual(during.holds(), ["began", "ended interrupted", "began"]);
  assert.ok(during.isOn());
  await during.clock.advance(HOUR);
  assert.deepEqual(during.edges("lock"), [[0, 1], [20 * MINUTE - 1_000, 0]]);
  assert.equal(during.access.rows.at(-1)?.at, START + HOUR);
  const without = await office({ before: left("lock"), config: {} });
  assert.deepEqual(without.holds(), ["began", "ended interrupted"]);
  const other = await office({ before: left("cellar") });
  assert.deepEqual(other.holds(), ["began"]);
});

Deno.test("B-REL-7: an output that refuses ends the hold in the log, and it is tried again", async () => {
  const { clock, board, isOn, holds, access } = await office();
  board.setFault({ kind: "output-refuses", output: "lock" }, true);
  await clock.advance(44 * MINUTE);
  assert.deepEqual(holds().slice(0, 4), ["began", "ended output-failed", "began", "ended output-failed"]);
  assert.equal(access.rows.length, 8, "less and less often");
  board.setFault({ kind: "output-refuses", output: "lock" }, false);
  await clock.advance(MINUTE);
  assert.ok(isOn());
  assert.equal(holds().at(-1), "began");
});

Deno.test("B-REL-7: two lost renewals are no end; when the lease is over it is, until the hardware is back", async () => {
  const { core, clock, board, isOn, holds } = await office();
  await clock.advance(40 * MINUTE);
  const refuses = (active: boolean) => board.setFault({ kind: "output-refuses", output: "lock" }, active);
  refuses(true);
  await clock.advance(8_000);
  refuses(false);
  await clock.advance(MINUTE);
  assert.deepEqual(holds(), ["began"]);
  refuses(true);
  await clock.advance(15_000);
  assert.ok(!isOn());
  assert.deepEqual(holds(), ["began", "ended output-failed"]);
  refuses(false);
  core.emit(boardLink, { up: true });
  await clock.advance(0);
  assert.ok(isOn());
});

Deno.test("B-REL-7: an end that can't be logged closes the door all the same and is logged later", async () => {
  const { clock, access, isOn, holds } = await office();
  await clock.advance(40 * MINUTE);
  access.broken = true;
  await clock.advance(21 * MINUTE);
  assert.ok(!isOn());
  access.broken = false;
  await clock.advance(2 * MINUTE);
  assert.deepEqual(holds(), ["began", "ended schedule"]);
});

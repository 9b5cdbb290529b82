import assert from "node:assert/strict";
import { alarmRaised } from "../../core/mod.ts";
import { checkLifecycle } from "../../core/testing/plugin_check.ts";
import { provideAll, startBench } from "../testing/bench.ts";
import tamper from "./mod.ts";

Deno.test("B-REL-7: tamper is an alarm, a row and a sensor until the panel is closed again", async () => {
  const { board, clock, access, hear, parts } = await startBench(tamper);
  const alarms = hear(alarmRaised);
  board.setInput("tamper", true);
  await clock.advance(0);
  assert.deepEqual(alarms.map(({ alarm, active }) => [alarm, active]), [["tamper", true]]);
  assert.deepEqual(access.told, ["alarm raised"]);
  assert.deepEqual(access.rows[0]?.detail, { alarm: "tamper" });
  assert.deepEqual(await parts.get("tamper")?.state(), { active: true });
  board.setInput("tamper", false);
  await clock.advance(0);
  assert.deepEqual(access.told, ["alarm raised", "alarm cleared"]);
  assert.deepEqual(await parts.get("tamper")?.state(), { active: false });
});

Deno.test("B-REL-7: a panel that was opened while it was off raises the alarm at its start", async () => {
  const { access } = await startBench(tamper, { before: ({ board }) => board.setInput("tamper", true) });
  assert.deepEqual(access.told, ["alarm raised"]);
});

Deno.test("B-REL-7: an alarm that can't be logged is told all the same", async () => {
  const { board, clock, access, hear, lines } = await startBench(tamper);
  const alarms = hear(alarmRaised);
  access.broken = true;
  board.setInput("tamper", true);
  await clock.advance(0);
  assert.equal(alarms.length, 1);
  assert.match(lines.at(-1)?.message ?? "", /not in the access log/);
});

Deno.test("B-REL-7: a loose wire fills no disk", async () => {
  const { board, clock, access } = await startBench(tamper);
  for (let n = 0; n < 1_000; n++) {
    board.setInput("tamper", n % 2 === 0);
    await clock.advance(40);
  }
  await clock.advance(60_000);
  assert.ok(access.rows.length <= 21, `${access.rows.length} rows`);
});

Deno.test("start, stop and start of tamper leaves nothing behind", async () => {
  await checkLifecycle({
    plugin: tamper,
    services: (core, clock) => void provideAll(core, clock),
  });
});

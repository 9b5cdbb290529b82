import assert from "node:assert/strict";
import { Panel } from "../../tests/harness/panel.ts";

const MINUTE = 60_000;
/** Monday, 14:40 in Rome. */
const START = Date.UTC(2026, 5, 1, 12, 40);
const OFFICE = {
  plugins: {
    lock: {
      strike: "continuous-duty",
      holdOpen: { windows: [{ days: ["mon"], from: "14:30", to: "15:00" }] },
    },
  },
};

function office(): Promise<Panel> {
  return Panel.start({ config: OFFICE, start: START });
}

function isOn(panel: Panel): boolean {
  return panel.board.state().outputs.some(({ name, level }) => name === "lock" && level > 0);
}

/** Oldest first. */
async function holds(panel: Panel): Promise<string[]> {
  const rows = (await panel.accessLog("hold-open")).toReversed();
  return rows.map(({ outcome, detail }) => [outcome, detail.why].filter(Boolean).join(" "));
}

Deno.test("B-REL-7: on a whole panel it is held open, a release is answered, and no alarm is raised", async () => {
  await using panel = await office();
  assert.ok(isOn(panel));
  const { status, body } = await panel.release("lock");
  assert.deepEqual([status, body.outcome], [200, "already-released"]);
  panel.board.setInput("door-contact", true);
  await panel.advance(1_000);
  panel.board.setInput("door-contact", false);
  await panel.advance(20 * MINUTE);
  assert.ok(!isOn(panel));
  assert.deepEqual(await holds(panel), ["began", "ended schedule"]);
  assert.deepEqual(await panel.accessLog("alarm"), []);
});

Deno.test("B-REL-7: a clock that jumps ends it within 3 s; the owner's word begins it again", async () => {
  await using panel = await office();
  await panel.advance(MINUTE);
  panel.clock.jump(5 * MINUTE);
  await panel.advance(3_000);
  assert.ok(!isOn(panel));
  assert.deepEqual(await holds(panel), ["began", "ended clock-untrusted"]);
  assert.ok((await panel.post("/clock/confirm")).status < 300);
  await panel.advance(0);
  assert.ok(isOn(panel));
});

Deno.test("B-REL-7: killed, the output falls off by itself in 10 s; the next start says so in the log and goes on", async () => {
  await using panel = await office();
  await panel.advance(MINUTE);
  panel.crash();
  await panel.advance(10_000);
  assert.ok(!isOn(panel));
  await panel.boot();
  assert.ok(isOn(panel));
  assert.deepEqual(await holds(panel), ["began", "ended interrupted", "began"]);
  await panel.stop();
  assert.ok(!isOn(panel));
  await panel.boot();
  assert.deepEqual((await holds(panel)).slice(3), ["ended stopped", "began"]);
});

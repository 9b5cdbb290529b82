import assert from "node:assert/strict";
import { Listener } from "../harness/listener.ts";
import { Panel } from "../harness/panel.ts";

// deno-lint-ignore no-explicit-any -- rows are compared member by member
const alarms = async (panel: Panel): Promise<any[]> =>
  (await panel.accessLog("alarm")).reverse().map((row) => [row.detail.alarm, row.outcome]);

async function door(panel: Panel, open: boolean): Promise<void> {
  panel.board.setInput("door-contact", open);
  await panel.advance(100);
}

Deno.test("B-REL-7: a door opened after a release is no alarm; one opened without is forced", async () => {
  await using panel = await Panel.start();
  await panel.release("lock");
  await door(panel, true);
  await door(panel, false);
  assert.deepEqual(await alarms(panel), []);
  await panel.advance(60_000);
  await door(panel, true);
  assert.deepEqual(await alarms(panel), [["door-forced", "raised"]]);
  await door(panel, false);
  assert.deepEqual((await alarms(panel)).at(-1), ["door-forced", "cleared"]);
});

Deno.test("B-REL-7: a door left open too long is an alarm until it is closed", async () => {
  await using panel = await Panel.start({ config: { plugins: { "door-contact": { heldOpenSeconds: 20 } } } });
  await panel.release("lock");
  await door(panel, true);
  await panel.advance(19_000);
  assert.deepEqual(await alarms(panel), []);
  await panel.advance(1_000);
  assert.deepEqual(await alarms(panel), [["door-held-open", "raised"]]);
  await door(panel, false);
  assert.deepEqual((await alarms(panel)).at(-1), ["door-held-open", "cleared"]);
});

Deno.test("B-REL-7: a panel opened or taken off the wall raises the tamper alarm until it is closed", async () => {
  await using panel = await Panel.start();
  await using app = await Listener.open(panel);
  panel.board.setInput("tamper", true);
  await panel.advance(100);
  panel.board.setInput("tamper", false);
  await panel.advance(100);
  assert.deepEqual(await alarms(panel), [["tamper", "raised"], ["tamper", "cleared"]]);
  assert.deepEqual(app.of("alarm.raised").map(({ alarm, active }) => [alarm, active]), [
    ["tamper", true],
    ["tamper", false],
  ]);
});

Deno.test("B-REL-7: a panel taken off the wall while it is off raises the tamper alarm when it starts", async () => {
  await using panel = await Panel.start();
  await panel.stop();
  panel.board.setInput("tamper", true);
  await panel.boot();
  await panel.advance(100);
  assert.deepEqual(await alarms(panel), [["tamper", "raised"]]);
  const { body } = await panel.get("/parts");
  assert.equal(body.find((part: { id: string }) => part.id === "tamper").state.active, true);
});

Deno.test("B-REL-7: the exit button opens at once, bouncing contact or not, and once a press", async () => {
  await using panel = await Panel.start();
  panel.board.setFault({ kind: "input-bounces", input: "exit-button" }, true);
  await panel.press("exit-button");
  await panel.advance(1_000);
  assert.deepEqual(panel.pulses("lock"), [700]);
});

Deno.test("B-REL-7: an exit button that sticks opens once, and not again when it comes loose", async () => {
  await using panel = await Panel.start();
  panel.board.setInput("exit-button", true);
  await panel.advance(60_000);
  panel.board.setInput("exit-button", false);
  await panel.advance(1_000);
  assert.deepEqual(panel.pulses("lock"), [700]);
});

Deno.test("B-REL-7: the exit button opens also while a badge is added and the clock is not believed", async () => {
  await using panel = await Panel.start();
  panel.clock.jump(-86_400_000);
  await panel.post("/plugins/rfid/enrolments", { holderName: "Anna", terms: { accessPoints: ["lock"] } });
  await panel.press("exit-button");
  await panel.advance(1_000);
  assert.deepEqual(panel.pulses("lock"), [700]);
  assert.equal((await panel.accessLog("release"))[0].clockTrusted, false);
});

Deno.test("B-REL-7: office mode holds the strike open in its hours, logged, and ends when the clock is not believed", async () => {
  const holdOpen = {
    windows: [{ days: ["mon", "tue", "wed", "thu", "fri"], from: "14:05", to: "14:10" }],
  };
  await using panel = await Panel.start({
    config: { zone: "Europe/Rome", plugins: { lock: { strike: "continuous-duty", holdOpen } } },
  });
  const level = () => panel.edges("lock").at(-1)?.level ?? 0;
  await panel.advance(4 * 60_000);
  assert.equal(level(), 0);
  await panel.advance(2 * 60_000);
  assert.equal(level(), 1);
  assert.equal((await panel.release("lock")).body.outcome, "already-released");
  panel.clock.jump(-3 * 60 * 60_000);
  await panel.advance(60_000);
  assert.equal(level(), 0);
  const rows = (await panel.accessLog("hold-open")).reverse().map((row) => row.outcome);
  assert.deepEqual(rows, ["began", "ended"]);
});

Deno.test("B-REL-7: office mode is off unless wanted, and refused for a strike that can't bear it", async () => {
  await using panel = await Panel.start();
  const windows = [{ days: ["mon"], from: "00:00", to: "24:00" }];
  const { status, body } = await panel.api("PUT", "/settings/lock", { holdOpen: { windows } });
  assert.equal(status, 400);
  assert.match(body.detail, /strike|holdOpen/);
  await panel.advance(120_000);
  assert.deepEqual(panel.edges("lock"), []);
});

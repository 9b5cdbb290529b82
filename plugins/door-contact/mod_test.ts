import assert from "node:assert/strict";
import { alarmRaised } from "../../core/mod.ts";
import { checkLifecycle } from "../../core/testing/plugin_check.ts";
import { type BenchOptions, OWNER, provideAll, startBench } from "../testing/bench.ts";
import doorContact from "./mod.ts";

async function door(options: BenchOptions = {}) {
  const bench = await startBench(doorContact, options);
  const alarms = bench.hear(alarmRaised);
  const move = async (open: boolean) => {
    bench.board.setInput("door-contact", open);
    await bench.clock.advance(0);
  };
  return {
    ...bench,
    open: () => move(true),
    close: () => move(false),
    alarms: () => alarms.map(({ alarm, active }) => `${alarm} ${active ? "on" : "off"}`),
    released: () =>
      bench.access.record({
        kind: "release",
        outcome: "released",
        accessPoint: "lock",
        actor: OWNER,
        via: "app",
      }),
  };
}

Deno.test("B-REL-7: a door opened without a release is forced, until it is closed", async () => {
  const { open, close, alarms, access, parts } = await door();
  await open();
  assert.deepEqual(alarms(), ["door-forced on"]);
  assert.deepEqual(access.told, ["alarm raised"]);
  assert.deepEqual(access.rows[0]?.detail, { alarm: "door-forced" });
  assert.deepEqual(await parts.get("door-contact")?.state(), { open: true, forced: true, heldOpen: false });
  await close();
  assert.deepEqual(alarms(), ["door-forced on", "door-forced off"]);
  assert.deepEqual(access.told, ["alarm raised", "alarm cleared"]);
  assert.deepEqual(await parts.get("door-contact")?.state(), { open: false, forced: false, heldOpen: false });
});

Deno.test("B-REL-7: a door opened after a release is not forced, later than the window it is", async () => {
  const { open, close, alarms, released, clock } = await door();
  await released();
  await clock.advance(30_000);
  await open();
  await close();
  assert.deepEqual(alarms(), []);
  await clock.advance(1);
  await open();
  assert.deepEqual(alarms(), ["door-forced on"]);
});

Deno.test("B-REL-7: a denied release and a release of another door open no window", async () => {
  const { open, alarms, access } = await door();
  const entry = { kind: "release", actor: OWNER, via: "app" } as const;
  await access.record({ ...entry, outcome: "denied", accessPoint: "lock" });
  await access.record({ ...entry, outcome: "released", accessPoint: "gate" });
  await open();
  assert.deepEqual(alarms(), ["door-forced on"]);
});

Deno.test("B-REL-7: a door open for too long is an alarm, until it is closed", async () => {
  const { open, close, alarms, released, clock } = await door({ config: { heldOpenSeconds: 20 } });
  await released();
  await open();
  await clock.advance(19_999);
  assert.deepEqual(alarms(), []);
  await clock.advance(1);
  assert.deepEqual(alarms(), ["door-held-open on"]);
  await clock.advance(600_000);
  await close();
  assert.deepEqual(alarms(), ["door-held-open on", "door-held-open off"]);
  await released();
  await open();
  await close();
  await clock.advance(600_000);
  assert.equal(alarms().length, 2);
});

Deno.test("B-REL-7: a door that stands open at the start was not forced, but may be open too long", async () => {
  const { alarms, clock } = await door({ before: ({ board }) => board.setInput("door-contact", true) });
  await clock.advance(60_000);
  assert.deepEqual(alarms(), ["door-held-open on"]);
});

Deno.test("B-REL-7: while the strike is held open the door is not forced, also after a restart in between", async () => {
  const { open, close, alarms, access, host, clock } = await door();
  const hold = (outcome: string) =>
    access.record({ kind: "hold-open", outcome, accessPoint: "lock", actor: OWNER, via: "schedule" });
  await hold("began");
  await clock.advance(600_000);
  await open();
  await close();
  await host.restart("door-contact");
  await open();
  await close();
  await hold("ended");
  await clock.advance(30_001);
  assert.deepEqual(alarms(), []);
  await open();
  assert.deepEqual(alarms(), ["door-forced on"]);
});

Deno.test("B-REL-7: both alarms can be switched off", async () => {
  const { open, alarms, clock } = await door({ config: { forced: false, heldOpenSeconds: 0 } });
  await open();
  await clock.advance(3_600_000);
  assert.deepEqual(alarms(), []);
});

Deno.test("start, stop and start of door-contact leaves nothing behind", async () => {
  let opened = () => {};
  await checkLifecycle({
    plugin: doorContact,
    services(core, clock) {
      const { board } = provideAll(core, clock);
      let open = false;
      opened = () => board.setInput("door-contact", open = !open);
    },
    async exercise(_core, clock) {
      opened();
      opened();
      await clock.advance(100);
    },
  });
});

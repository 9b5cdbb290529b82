import assert from "node:assert/strict";
import { ANNA, BRUNO, Panel } from "../harness/panel.ts";

const beeps = (panel: Panel) => panel.pulses("beeper").length;
const current = async (panel: Panel) => (await panel.get("/plugins/rfid/enrolments/current")).body;
const terms = { accessPoints: ["lock", "gate"] };

Deno.test("B-CARD-1: a swipe opens the lock, a hold of 3 s the gate; one short beep confirms either", async () => {
  await using panel = await Panel.start();
  await panel.enrol(ANNA, "Anna");
  const before = beeps(panel);
  await panel.swipe(ANNA);
  assert.deepEqual([panel.pulses("lock").length, panel.pulses("gate").length], [1, 0]);
  assert.equal(beeps(panel) - before, 1);
  await panel.advance(3_000);
  await panel.hold(ANNA, 3_100);
  assert.deepEqual([panel.pulses("lock").length, panel.pulses("gate").length], [1, 1]);
  assert.equal(beeps(panel) - before, 2);
});

Deno.test("B-CARD-1: just under 3 s is a swipe; at 3 s the gate opens, badge still there, and its removal does no more", async () => {
  await using panel = await Panel.start();
  await panel.enrol(ANNA, "Anna");
  await panel.hold(ANNA, 2_990);
  assert.deepEqual([panel.pulses("lock").length, panel.pulses("gate").length], [1, 0]);
  await panel.advance(3_000);
  await panel.present(ANNA);
  await panel.advance(2_990);
  assert.equal(panel.edges("gate").length, 0);
  await panel.advance(20);
  assert.equal(panel.edges("gate").at(-1)?.level, 1);
  await panel.advance(60_000);
  await panel.remove();
  await panel.advance(3_000);
  assert.deepEqual([panel.pulses("lock").length, panel.pulses("gate").length], [1, 1]);
});

Deno.test("B-CARD-1: three short beeps mean failure, for any reason", async () => {
  await using panel = await Panel.start();
  const id = await panel.enrol(ANNA, "Anna", { accessPoints: ["lock"] });
  const failures: [string, () => Promise<unknown>][] = [
    ["unknown", () => panel.swipe(BRUNO)],
    ["suspended", async () => {
      await panel.api("PATCH", `/cards/${id}`, { suspended: true });
      await panel.swipe(ANNA);
      await panel.api("PATCH", `/cards/${id}`, { suspended: false });
    }],
    ["used up", async () => {
      await panel.api("PATCH", `/cards/${id}`, { usesLeft: 0 });
      await panel.swipe(ANNA);
      await panel.api("PATCH", `/cards/${id}`, { usesLeft: null });
    }],
    ["the output fails", async () => {
      panel.board.setFault({ kind: "output-refuses", output: "lock" }, true);
      await panel.swipe(ANNA);
      panel.board.clearFaults();
    }],
  ];
  for (const [why, fail] of failures) {
    const before = beeps(panel);
    await fail();
    await panel.advance(3_000);
    assert.equal(beeps(panel) - before, 3, why);
  }
  assert.deepEqual(panel.pulses("lock"), []);
});

Deno.test("B-CARD-2: a badge for one access point acts as soon as it is read", async () => {
  await using panel = await Panel.start();
  await panel.enrol(ANNA, "Anna", { accessPoints: ["gate"] });
  await panel.present(ANNA);
  await panel.advance(50);
  assert.equal(panel.edges("gate").at(-1)?.level, 1);
  await panel.advance(10_000);
  await panel.remove();
  await panel.advance(3_000);
  assert.equal(panel.pulses("gate").length, 1, "and not again when it was held, or taken away");
});

Deno.test("B-CARD-2: a badge for two access points waits for its removal", async () => {
  await using panel = await Panel.start();
  await panel.enrol(ANNA, "Anna");
  await panel.present(ANNA);
  await panel.advance(1_000);
  assert.deepEqual(panel.edges("lock"), []);
  await panel.remove();
  await panel.advance(400);
  assert.equal(panel.edges("lock").at(-1)?.level, 1);
});

Deno.test("B-CARD-3: name, validity, badge at the reader: three flashes, and the badge opens", async () => {
  await using panel = await Panel.start();
  const before = panel.pulses("indicator").length;
  await panel.enrol(ANNA, "Anna");
  assert.equal(panel.pulses("indicator").length - before, 3);
  const { body: [card] } = await panel.get("/cards");
  assert.equal(card.holderName, "Anna");
  assert.equal(card.lastDigits, ANNA.slice(-4));
  await panel.swipe(ANNA);
  assert.equal(panel.pulses("lock").length, 1);
});

Deno.test("B-CARD-3: after 60 s the wizard gives up, and it can be cancelled; one at a time", async () => {
  await using panel = await Panel.start();
  await panel.post("/plugins/rfid/enrolments", { holderName: "Anna", terms });
  const second = await panel.post("/plugins/rfid/enrolments", { holderName: "Bruno", terms });
  assert.equal(second.status, 409);
  await panel.advance(59_000);
  assert.equal((await current(panel)).state, "waiting");
  await panel.advance(1_000);
  assert.equal((await current(panel)).state, "timed-out");
  await panel.post("/plugins/rfid/enrolments", { holderName: "Anna", terms });
  await panel.api("DELETE", "/plugins/rfid/enrolments/current");
  assert.equal((await current(panel)).state, "cancelled");
  await panel.swipe(ANNA);
  assert.deepEqual((await panel.get("/cards")).body, []);
});

Deno.test("B-CARD-3: a badge already known is refused and says whose it is", async () => {
  await using panel = await Panel.start();
  await panel.enrol(ANNA, "Anna");
  await panel.post("/plugins/rfid/enrolments", { holderName: "Bruno", terms });
  await panel.hold(ANNA, 500);
  const enrolment = await current(panel);
  assert.equal(enrolment.state, "duplicate");
  assert.equal(enrolment.knownAs.holderName, "Anna");
  assert.equal((await panel.get("/cards")).body.length, 1);
});

Deno.test("B-CARD-3: while a badge is being added none opens anything", async () => {
  await using panel = await Panel.start();
  await panel.enrol(ANNA, "Anna");
  await panel.present(ANNA);
  await panel.post("/plugins/rfid/enrolments", { holderName: "Bruno", terms });
  await panel.advance(5_000);
  await panel.remove();
  await panel.advance(3_000);
  assert.equal((await current(panel)).state, "waiting", "it lay there before");
  await panel.swipe(ANNA);
  assert.equal((await current(panel)).state, "duplicate");
  assert.deepEqual([panel.pulses("lock"), panel.pulses("gate")], [[], []]);
});

Deno.test("B-CARD-3: once the wizard is over, however it ended, badges open again", async () => {
  await using panel = await Panel.start();
  await panel.enrol(ANNA, "Anna");
  const ends = [
    () => panel.advance(60_000),
    () => panel.api("DELETE", "/plugins/rfid/enrolments/current"),
    () => panel.hold(BRUNO, 500),
    async () => {
      panel.crash();
      await panel.boot();
    },
  ];
  for (const [index, end] of ends.entries()) {
    const { status } = await panel.post("/plugins/rfid/enrolments", { holderName: "Bruno", terms });
    assert.equal(status, 201);
    await end();
    await panel.advance(3_000);
    await panel.swipe(ANNA);
    assert.equal(panel.pulses("lock").length, index + 1);
    await panel.advance(3_000);
  }
  assert.equal((await panel.get("/cards")).body.length, 2, "Anna's, and Bruno's that was shown");
});

Deno.test("B-CARD-3: the term of validity chosen in the wizard is the badge's", async () => {
  await using panel = await Panel.start();
  const validity = { kind: "period", from: "2026-01-01T00:00:00Z", until: "2026-05-01T00:00:00Z" };
  const id = await panel.enrol(ANNA, "Anna", { validity });
  assert.deepEqual((await panel.get(`/cards/${id}`)).body.validity, validity);
  await panel.swipe(ANNA);
  assert.equal((await panel.accessLog("release"))[0].reason, "expired");
});

Deno.test("B-CARD-4: a period opens from its first to before its last moment", async () => {
  await using panel = await Panel.start({ start: Date.parse("2026-06-01T07:59:00Z") });
  await panel.enrol(ANNA, "Anna", {
    accessPoints: ["lock"],
    validity: { kind: "period", from: "2026-06-01T08:00:00Z", until: "2026-06-01T09:00:00Z" },
  });
  await panel.swipe(ANNA);
  assert.equal((await panel.accessLog("release"))[0].reason, "not-yet-valid");
  await panel.advance(60_000);
  await panel.swipe(ANNA);
  assert.equal((await panel.accessLog("release"))[0].reason, "granted");
  await panel.advance(60 * 60_000);
  await panel.swipe(ANNA);
  assert.equal((await panel.accessLog("release"))[0].reason, "expired");
});

Deno.test("B-CARD-4: a weekly schedule follows the clocks on the wall over the change to winter time", async () => {
  // On 2026-10-25 clocks in Rome go from 03:00 back to 02:00.
  await using panel = await Panel.start({ start: Date.parse("2026-10-24T06:30:00Z") });
  await panel.enrol(ANNA, "Anna", {
    accessPoints: ["lock"],
    validity: {
      kind: "weekly",
      zone: "Europe/Rome",
      windows: [{ days: ["sat", "sun"], from: "08:00", to: "09:00" }],
    },
  });
  const reason = async () => {
    await panel.swipe(ANNA);
    return (await panel.accessLog("release"))[0].reason;
  };
  assert.equal(await reason(), "granted");
  await panel.advance(24 * 60 * 60_000);
  assert.equal(await reason(), "outside-schedule", "06:30 UTC is now 07:30 in Rome");
  await panel.advance(60 * 60_000);
  assert.equal(await reason(), "granted");
});

Deno.test("B-CARD-4: uses are counted, a suspended card waits, and rights are for each access point", async () => {
  await using panel = await Panel.start();
  const id = await panel.enrol(ANNA, "Anna", { accessPoints: ["lock"], usesLeft: 2 });
  const swipe = async () => {
    await panel.swipe(ANNA);
    await panel.advance(2_000);
    return (await panel.accessLog("release"))[0].reason;
  };
  assert.equal(await swipe(), "granted");
  await panel.api("PATCH", `/cards/${id}`, { suspended: true });
  assert.equal(await swipe(), "suspended");
  await panel.api("PATCH", `/cards/${id}`, { suspended: false });
  assert.equal(await swipe(), "granted");
  assert.equal(await swipe(), "used-up");
  await panel.api("PATCH", `/cards/${id}`, { usesLeft: null, accessPoints: ["gate"] });
  await panel.swipe(ANNA);
  assert.equal(panel.pulses("gate").length, 1);
  assert.equal(panel.pulses("lock").length, 2);
});

Deno.test("B-CARD-4: what was used stays used after a crash, and a refusal uses nothing", async () => {
  await using panel = await Panel.start();
  const id = await panel.enrol(ANNA, "Anna", { accessPoints: ["lock"], usesLeft: 2 });
  await panel.swipe(ANNA);
  panel.crash();
  await panel.boot();
  const usesLeft = async () => (await panel.get(`/cards/${id}`)).body.usesLeft;
  assert.equal(await usesLeft(), 1);
  await panel.api("PATCH", `/cards/${id}`, { suspended: true });
  await panel.swipe(ANNA);
  assert.equal(await usesLeft(), 1);
});

Deno.test("B-CARD-5 I-10: a deleted badge opens nothing any more, also after a crash right after the answer", async () => {
  await using panel = await Panel.start();
  const id = await panel.enrol(ANNA, "Anna");
  assert.equal((await panel.api("DELETE", `/cards/${id}`)).status, 204);
  panel.crash();
  await panel.boot();
  await panel.swipe(ANNA);
  assert.deepEqual(panel.pulses("lock"), []);
  assert.equal((await panel.accessLog("release"))[0].reason, "unknown-credential");
  assert.equal((await panel.api("DELETE", `/cards/${id}`)).status, 404);
});

Deno.test("B-CARD-6 I-9: while the clock is not believed permanent cards open and limited ones wait", async () => {
  await using panel = await Panel.start();
  await panel.enrol(ANNA, "Anna", { accessPoints: ["lock"] });
  await panel.enrol(BRUNO, "Bruno", {
    accessPoints: ["lock"],
    validity: { kind: "period", from: "2020-01-01T00:00:00Z", until: "2040-01-01T00:00:00Z" },
  });
  const reasonOf = async (uid: string) => {
    await panel.swipe(uid);
    await panel.advance(2_000);
    return (await panel.accessLog("release"))[0].reason;
  };
  const back = panel.clock.now();
  for (const jump of [-Date.UTC(2026, 0, 1), 10 * 365 * 24 * 3_600_000, -3_600_000]) {
    panel.clock.jump(jump);
    assert.equal(await reasonOf(ANNA), "granted");
    assert.equal(await reasonOf(BRUNO), "clock-untrusted");
    panel.clock.jump(-jump);
    assert.equal(await reasonOf(BRUNO), "granted");
  }
  assert.ok(panel.clock.now() >= back);
  const seqs = (await panel.accessLog()).map((row) => row.seq);
  assert.ok(seqs.every((seq, index) => index === 0 || seq === seqs[index - 1] - 1));

  panel.clock.jump(3_600_000);
  await panel.restart();
  assert.equal(await reasonOf(BRUNO), "granted", "an hour is plausible after a restart");
});

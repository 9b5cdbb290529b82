import assert from "node:assert/strict";
import { TestDevice } from "../../core/testing/device.ts";
import { inTempDir } from "../../core/testing/temp_dir.ts";
import { codeIn, GUEST_TERMS, RELEASE, Target } from "./target.ts";

const GUESSER = "127.0.0.9";
const NEIGHBOUR = "127.0.0.8";
const CARD = "04A1B2C3D4E5F6";
const WRONG = "A".repeat(22);

function enter(target: Target, text: string, from: string) {
  const body = { text, accessPoint: "lock" };
  return target.ask("POST", "/api/v1/codes/release", { device: null, body, from });
}

/** That each of these ways in opens, one after the other. */
async function assertOpen(target: Target, ways: Record<string, () => Promise<unknown>>): Promise<void> {
  for (const [way, open] of Object.entries(ways)) {
    await target.outputsOff();
    const before = await target.pulses();
    await open();
    const came = await target.eventually(async () => (await target.pulses()) > before || undefined);
    assert.ok(came, way);
  }
}

Deno.test(
  "I-11: whoever guesses codes waits, after a power cut too; cards, the exit button, other addresses and paired devices never do",
  inTempDir(async (dir) => {
    await using target = await Target.start(`${dir}/data`, { args: ["--plugins.lock.pulseMs", "100"] });
    await target.enrol(CARD);
    const { text } = await target.must("POST", "/api/v1/codes", {
      body: { name: "Parcel", terms: GUEST_TERMS },
    });

    const wrong = await Promise.all(
      Array.from({ length: 30 }, (_, n) => enter(target, String(n).padStart(8, "0"), GUESSER)),
    );
    const told = wrong.map(({ body }) => body.code);
    assert.deepEqual(
      ["code-wrong", "code-wait"].map((code) => told.filter((one) => one === code).length),
      [5, 25],
    );
    for (const start of ["as it runs", "after a power cut"]) {
      const { status, body, headers } = await enter(target, text, GUESSER);
      assert.deepEqual([status, body.code], [429, "code-wait"], start);
      const wait = Number(headers["retry-after"]);
      assert.ok(wait > 15 && wait <= 30, `${start}: ${wait} s`);
      // The reader takes a card that comes again within 2 s for the one that it has just seen.
      const card = start === "as it runs" ? {} : { "a card": () => target.swipe(CARD) };
      await assertOpen(target, {
        ...card,
        "the exit button": () =>
          target.must("POST", "/api/v1/plugins/simulator/inputs/exit-button/press", { body: {} }),
        "the right code from elsewhere": () => enter(target, text, NEIGHBOUR),
        "a paired device at the guesser's address": () =>
          target.must("POST", RELEASE, { body: {}, from: GUESSER }),
      });
      if (start === "after a power cut") break;
      await target.stop("SIGKILL");
      await target.boot();
    }
    const [alarm] = await target.must("GET", "/api/v1/access-log?kind=alarm");
    assert.deepEqual(alarm.detail, { alarm: "code-guessing", source: GUESSER });
    await target.stop();
  }),
);

Deno.test(
  "B-SET-5: five wrong codes void the panel's code, wherever they come from; the next start has another, for one claim",
  inTempDir(async (dir) => {
    const { target: panel, code } = await Target.unclaimed(`${dir}/data`);
    await using target = panel;
    for (let n = 0; n < 5; n++) {
      assert.equal((await target.claim(WRONG, `127.0.0.${20 + n}`)).code, "claim-wrong");
    }
    assert.equal((await target.claim(code)).code, "claim-void");
    await target.stop("SIGKILL");
    const next = codeIn(await target.boot());
    assert.notEqual(next, code);
    assert.equal((await target.claim(code)).code, "claim-wrong");
    assert.equal((await target.claim(next)).state, "claimed");
    const late = { code: next, name: "Eve", deviceName: "Phone" };
    const other = { device: new TestDevice(), body: late, from: NEIGHBOUR };
    assert.equal((await target.ask("POST", "/api/v1/claim", other)).body.code, "claimed");
    assert.equal((await target.must("GET", "/api/v1/members")).length, 1);
    await target.stop();
  }),
);

Deno.test(
  "I-11: whoever guesses invitations is slowed down alone, and one that was taken up or withdrawn is worth nothing",
  inTempDir(async (dir) => {
    await using target = await Target.start(`${dir}/data`);
    const invite = async () =>
      (await target.must("POST", "/api/v1/invitations", { body: { name: "Bruno", role: "family" } })).code;
    const join = async (code: string, from: string) => {
      const body = { code, deviceName: "Phone" };
      return (await target.ask("POST", "/api/v1/join", { device: new TestDevice(), body, from })).body;
    };
    const code = await invite();
    for (let n = 0; n < 10; n++) assert.equal((await join(WRONG, GUESSER)).code, "invitation-unknown");
    assert.equal((await join(WRONG, GUESSER)).code, "slow-down");
    assert.equal((await join(code, GUESSER)).code, "slow-down");
    assert.equal((await target.must("GET", "/api/v1/me", { from: GUESSER })).member.role, "owner");
    const joined = await join(code, NEIGHBOUR);
    assert.equal(joined.member.role, "family");
    assert.equal((await join(code, NEIGHBOUR)).code, "invitation-unknown");

    const again = await target.must("POST", `/api/v1/members/${joined.member.id}/invitations`, { body: {} });
    await target.must("DELETE", `/api/v1/members/${joined.member.id}`);
    assert.equal((await join(again.code, NEIGHBOUR)).code, "invitation-unknown");
    const open = await invite();
    await target.stop();
    await target.boot();
    target.owner.nonce = undefined;
    assert.equal((await join(open, NEIGHBOUR)).code, "invitation-unknown");
    await target.stop();
  }),
);

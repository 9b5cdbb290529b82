import assert from "node:assert/strict";
import { inTempDir } from "../../core/testing/temp_dir.ts";
import { type Answer, GUEST_TERMS, Target } from "./target.ts";

const HOUR_MS = 3_600_000;
const DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const POINTS = ["lock", "gate"];

const at = (hours: number) => new Date(Date.now() + hours * HOUR_MS).toISOString();

/** Of answers to wishes sent at the same time: how each ended. */
const endings = (answers: Answer[]) => answers.map(({ body }) => body.reason ?? body.code).toSorted();

Deno.test(
  "B-SET-6: a guest opens nothing before, after or beside the time given, whether by account or by code",
  inTempDir(async (dir) => {
    await using target = await Target.start(`${dir}/data`);
    const otherDay = DAYS[(new Date().getUTCDay() + 3) % 7];
    const weekly = {
      kind: "weekly",
      zone: "UTC",
      windows: [{ days: [otherDay], from: "00:00", to: "24:00" }],
    };
    const cases: [validity: object, reason: string][] = [
      [{ kind: "period", from: at(-2), until: at(-1) }, "expired"],
      [{ kind: "period", from: at(1), until: at(2) }, "not-yet-valid"],
      [weekly, "outside-schedule"],
    ];
    let sources = 0;
    for (const [validity, reason] of cases) {
      const terms = { ...GUEST_TERMS, validity };
      const { device } = await target.pair({ role: "guest", terms });
      const { text } = await target.must("POST", "/api/v1/codes", { body: { name: "Parcel", terms } });
      const asked: [string, object, Answer][] = [];
      for (const point of POINTS) {
        const account = await target.ask("POST", `/api/v1/access-points/${point}/release`, {
          device,
          body: {},
        });
        const body = { text, accessPoint: point };
        const from = `127.0.1.${++sources}`;
        const code = await target.ask("POST", "/api/v1/codes/release", { device: null, body, from });
        asked.push([point, validity, account], [point, validity, code]);
      }
      for (const [point, , { status, body }] of asked) {
        assert.deepEqual([status, body.code], [403, point === "lock" ? reason : "no-right"]);
      }
    }
    const ended = await target.pair({ role: "guest", terms: GUEST_TERMS, until: at(-1) });
    for (const path of ["/api/v1/access-points/lock/release", "/api/v1/me/device", "/api/v1/links"]) {
      const method = path.endsWith("device") ? "DELETE" : "POST";
      const { status, body } = await target.ask(method, path, { device: ended.device, body: {} });
      assert.deepEqual([status, body.code], [403, "access-expired"], path);
    }
    assert.deepEqual([await target.pulses("lock"), await target.pulses("gate")], [0, 0]);
    await target.stop();
  }),
);

Deno.test(
  "B-SET-6: of two wishes at once for a guest's last use one is granted, and so with a code",
  inTempDir(async (dir) => {
    await using target = await Target.start(`${dir}/data`);
    const terms = { ...GUEST_TERMS, accessPoints: POINTS, usesLeft: 1 };
    const { device } = await target.pair({ role: "guest", terms });
    await target.ask("GET", "/api/v1/me", { device });
    const byAccount = await Promise.all(
      POINTS.map((point) =>
        target.ask("POST", `/api/v1/access-points/${point}/release`, { device, body: {} })
      ),
    );
    assert.deepEqual(endings(byAccount), ["granted", "used-up"]);
    assert.equal(await target.pulses("lock") + await target.pulses("gate"), 1);

    const { text } = await target.must("POST", "/api/v1/codes", { body: { name: "Parcel", terms } });
    // An access point that is open already is asked for without a use.
    await target.outputsOff();
    const byCode = await Promise.all(POINTS.map((accessPoint, n) => {
      const body = { text, accessPoint };
      return target.ask("POST", "/api/v1/codes/release", { device: null, from: `127.0.0.${10 + n}`, body });
    }));
    assert.deepEqual(endings(byCode), ["granted", "used-up"]);
    assert.equal(await target.pulses("lock") + await target.pulses("gate"), 2);
    await target.stop();
  }),
);

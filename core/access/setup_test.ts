import assert from "node:assert/strict";
import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { AccessPanel, FakeAccessPoint, OWNER } from "../testing/access_panel.ts";
import { inTempDir } from "../testing/temp_dir.ts";
import { accessLogged, accessPointsPoint, type LogEntry } from "./keys.ts";
import { logKindSchema, type LogRow } from "./model.ts";

const entry = (kind: LogEntry["kind"], outcome = "x"): LogEntry => ({
  kind,
  outcome,
  actor: OWNER,
  via: "api",
});

Deno.test(
  "I-17: grants, card changes and clock rows can't be recorded by whoever has the service",
  inTempDir(async (dir) => {
    const panel = new AccessPanel(dir);
    const refused: string[] = [];
    for (const kind of logKindSchema.options) {
      const outcome = kind === "release" ? "released" : "x";
      await panel.access.record(entry(kind, outcome)).catch((error) => {
        assert.equal(error.code, "log-kind-reserved");
        refused.push(kind);
      });
    }
    assert.deepEqual(refused, [
      "release",
      "release-failed",
      "card-added",
      "card-changed",
      "card-removed",
      "holder-added",
      "holder-changed",
      "holder-removed",
      "clock",
      "claim",
      "member-added",
      "member-changed",
      "member-removed",
      "device-added",
      "device-changed",
      "device-removed",
      "code-added",
      "code-removed",
    ]);
    assert.equal((await panel.access.record(entry("release", "denied"))).outcome, "denied");
    await panel.stop();
  }),
);

Deno.test(
  "a recorded row is read back as it was told, newest first, by kind and page",
  inTempDir(async (dir) => {
    const panel = new AccessPanel(dir);
    const told: LogRow[] = [];
    panel.host.core.on(accessLogged, (row) => void told.push(row));
    for (let n = 0; n < 5; n++) {
      await panel.access.record({ ...entry(n % 2 ? "alarm" : "system"), detail: { n, list: ["a", null] } });
    }
    assert.deepEqual((await panel.access.log()).reverse(), told);
    assert.deepEqual((await panel.access.log({ limit: 2 })).map((row) => row.seq), [5, 4]);
    assert.deepEqual((await panel.access.log({ before: 4, limit: 2 })).map((row) => row.seq), [3, 2]);
    assert.deepEqual((await panel.access.log({ kind: "alarm" })).map((row) => row.seq), [4, 2]);
    await panel.stop();
  }),
);

Deno.test(
  "access points come and go with their plugins, and a second of the same name is refused",
  inTempDir(async (dir) => {
    const panel = new AccessPanel(dir);
    assert.deepEqual(await panel.access.accessPoints(), [
      { id: "lock", name: "LOCK", released: false, pulseMs: 700 },
      { id: "gate", name: "GATE", released: false, pulseMs: 700 },
    ]);
    const second = new FakeAccessPoint("lock");
    panel.host.core.contribute(accessPointsPoint, second);
    assert.ok(panel.lines.some((line) => String(line.fields["error"]).includes('access point "lock"')));
    await panel.access.release(panel.request(OWNER));
    assert.deepEqual([panel.lock.pulses.length, second.pulses.length], [1, 0]);
    await panel.stop();
  }),
);

Deno.test(
  "a database with another panel's keys is refused",
  inTempDir(async (dir) => {
    for (const name of ["a", "b"]) await new AccessPanel(join(dir, name)).stop();
    const keys = join(dir, "a", "keys");
    rmSync(keys, { recursive: true });
    cpSync(join(dir, "b", "keys"), keys, { recursive: true });
    assert.throws(() => new AccessPanel(join(dir, "a")), { code: "keys-wrong" });
  }),
);

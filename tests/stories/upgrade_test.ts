import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { migrations } from "../../core/store/migrations.ts";
import { TestDevice } from "../../core/testing/device.ts";
import { ANNA, Panel } from "../harness/panel.ts";

const OLD_TOKEN = "o".repeat(43);

/** Makes the database what it was when one token was the owner. */
function takeBack(data: string): void {
  const db = new DatabaseSync(join(data, "access.db"));
  for (const table of ["devices", "members", "codes", "code_failures"]) db.exec(`DROP TABLE ${table}`);
  const tokens = migrations[0]!.match(/CREATE TABLE tokens \([^;]*;/)![0];
  db.exec(tokens);
  const hash = createHash("sha256").update(OLD_TOKEN).digest();
  db.prepare("INSERT INTO tokens VALUES ('owner', 'owner', ?, 0)").run(hash);
  db.exec("PRAGMA user_version = 1");
  db.close();
}

Deno.test("a panel from before there were members keeps cards and log, knows no old token and waits for its owner", async () => {
  await using panel = await Panel.start();
  await panel.enrol(ANNA, "Anna");
  const before = (await panel.accessLog()).length;
  await panel.stop();
  takeBack(panel.data);
  panel.offers.length = 0;
  await panel.boot();
  assert.equal(panel.offers.length, 1);

  const pulses = panel.pulses("lock").length;
  await panel.swipe(ANNA);
  await panel.advance(2_000);
  assert.equal(panel.pulses("lock").length, pulses + 1);
  for (const authorization of [`Bearer ${OLD_TOKEN}`, `DPoP ${OLD_TOKEN}`]) {
    for (const path of ["/status", "/access-log", "/cards", "/codes/release", "/join"]) {
      const url = `http://127.0.0.1:8080/api/v1${path}`;
      const method = path === "/codes/release" || path === "/join" ? "POST" : "GET";
      const response = await panel.runtime.fetch(new Request(url, { method, headers: { authorization } }));
      assert.equal((await response.json()).code, "unclaimed", `${path} by ${authorization.slice(0, 6)}`);
    }
  }
  const stranger = new TestDevice();
  const guess = { code: "x".repeat(22), name: "Stranger", deviceName: "Lamp" };
  assert.equal((await panel.api("POST", "/claim", guess, stranger)).body.code, "claim-wrong");

  panel.device = new TestDevice();
  await panel.claim();
  const rows = await panel.accessLog();
  assert.ok(rows.length > before);
  assert.equal(rows.filter(({ kind }) => kind === "card-added").length, 1);
});

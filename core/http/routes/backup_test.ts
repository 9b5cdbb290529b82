import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { workshop } from "../../backup/workshop.ts";
import { PASSPHRASE, restore } from "../../backup/testing/backups.ts";
import { AccessPanel } from "../../testing/access_panel.ts";
import { inTempDir } from "../../testing/temp_dir.ts";
import { ApiPanel } from "../testing/api_panel.ts";

const POST = { body: { passphrase: PASSPHRASE } };

/** Where the panel puts backups together, without its lock. */
const left = (panel: ApiPanel) => {
  const shop = workshop(join(panel.core.store.path, ".."));
  return existsSync(shop) ? readdirSync(shop).filter((name) => name !== "panel.lock") : [];
};

/** Once the file that was read is closed. */
async function cleared(panel: ApiPanel): Promise<void> {
  for (let turns = 0; left(panel).length > 0; turns++) {
    assert.ok(turns < 100_000, String(left(panel)));
    await setImmediate();
  }
}

Deno.test(
  "the owner downloads a backup, and the panel that is made of it knows the owner's device and says who made it",
  inTempDir(async (dir) => {
    await using panel = await ApiPanel.start();
    await panel.core.addCard();
    const response = await panel.send("POST", "/backup", POST);
    assert.equal(response.status, 200);
    assert.equal(response.headers.get("content-type"), "application/octet-stream");
    assert.equal(response.headers.get("cache-control"), "no-store");
    assert.equal(
      response.headers.get("content-disposition"),
      'attachment; filename="front-door-2026-06-01.age"',
    );
    const bytes = Buffer.from(await response.arrayBuffer());
    assert.equal(response.headers.get("content-length"), String(bytes.length));
    await cleared(panel);

    writeFileSync(join(dir, "panel.age"), bytes);
    await restore(join(dir, "panel.age"), join(dir, "data"));
    const restored = new AccessPanel(join(dir, "data"));
    assert.ok(restored.parts.members.byToken(panel.device.token!));
    const [row] = (await restored.rows()).slice(-2);
    assert.deepEqual([row?.kind, row?.outcome, row?.actor.id], ["system", "backup", "member-1"]);
    await restored.stop();
  }),
);

Deno.test("a backup is for owners only", async () => {
  await using panel = await ApiPanel.start();
  for (const role of ["family", "monitor"] as const) {
    const { device } = panel.add({ role });
    assert.equal((await panel.ask("POST", "/backup", { ...POST, device })).status, 403, role);
  }
  assert.equal((await panel.ask("POST", "/backup", { ...POST, device: null })).status, 401);
  assert.deepEqual((await panel.core.rows()).filter(({ kind }) => kind === "system"), []);
});

Deno.test("I-10: an owner who is removed gets no backup, neither one being made nor the rest of a download", async () => {
  await using panel = await ApiPanel.start();
  const { id, device } = panel.add({ role: "owner" });
  const { id: other, device: second } = panel.add({ role: "owner" });
  const asked = panel.ask("POST", "/backup", { ...POST, device });
  while (left(panel).length === 0) await setImmediate();
  assert.equal((await panel.ask("DELETE", `/members/${id}`)).status, 204);
  const { status, body } = await asked;
  assert.deepEqual([status, body.code], [401, "token-wrong"]);
  await cleared(panel);

  const response = await panel.send("POST", "/backup", { ...POST, device: second });
  assert.equal((await panel.ask("DELETE", `/members/${other}`)).status, 204);
  await assert.rejects(response.arrayBuffer(), /access has ended/);
  await cleared(panel);
});

Deno.test("I-27: a passphrase that is refused is not told again, in no answer and no log", async () => {
  await using panel = await ApiPanel.start();
  const secret = "hunter2hunt";
  const bodies = [{ passphrase: secret }, { passphrase: [secret] }, { passphrase: PASSPHRASE, secret }];
  for (const body of bodies) {
    const answer = await panel.ask("POST", "/backup", { body });
    assert.equal(answer.status, 400);
    assert.ok(!JSON.stringify(answer).includes(secret), JSON.stringify(answer));
  }
  assert.match(
    (await panel.ask("POST", "/backup", { body: { passphrase: "x" } })).body.detail,
    /12 to 200/,
  );
  assert.ok(!JSON.stringify([panel.core.lines, await panel.core.rows()]).includes(secret));
});

Deno.test("I-27: neither a backup nor the log of the panel that makes it tells a secret in clear", async () => {
  await using panel = await ApiPanel.start();
  await panel.core.addCard({}, "0499CA5A12CA5A", "Zoë Canary");
  const data = join(panel.core.store.path, "..");
  const keys = ["log.key", "card.key"].map((name) => readFileSync(join(data, "keys", name), "utf8").trim());
  const secrets = [PASSPHRASE, "Canary", "0499CA5A", panel.device.token!, ...keys];
  const response = await panel.send("POST", "/backup", POST);
  const bytes = Buffer.from(await response.arrayBuffer());
  const told = JSON.stringify([panel.core.lines, [...response.headers]]);
  for (const secret of secrets) {
    const spellings = [
      secret,
      Buffer.from(secret).toString("base64").replace(/=+$/, ""),
      secret.toUpperCase(),
    ];
    for (const text of spellings) assert.ok(!bytes.includes(text), text);
    assert.ok(!bytes.includes(Buffer.from(secret, "hex")) || !/^[0-9a-f]{64}$/.test(secret));
    if (secret !== "Canary") assert.ok(!told.includes(secret), secret);
  }
});

Deno.test("one backup at a time; one that nobody reads to its end is cut, and then there is room again", async () => {
  await using panel = await ApiPanel.start();
  const stalled = await panel.send("POST", "/backup", POST);
  assert.equal((await panel.ask("POST", "/backup", POST)).body.code, "backup-busy");
  assert.equal(left(panel).length, 1);
  await panel.clock.advance(10 * 60_000);
  await assert.rejects(stalled.arrayBuffer());
  await cleared(panel);
  const second = await panel.send("POST", "/backup", POST);
  assert.equal(second.status, 200);
  await second.body?.cancel();
  await cleared(panel);
  const third = await panel.send("POST", "/backup", POST);
  assert.equal(third.status, 200);
  await third.arrayBuffer();
});

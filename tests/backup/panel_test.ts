import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { TestDevice } from "../../core/testing/device.ts";
import { inTempDir } from "../../core/testing/temp_dir.ts";
import { PanelProcess, Visitor } from "../boot/panel_process.ts";
import { PASSPHRASE, runTask } from "./commands.ts";

const UID = "04A1B2C3D4E5F6";

interface Row {
  kind: string;
  outcome: string;
}

/** Holds a badge to the reader until the panel has said something of it. */
async function swipe(owner: Visitor): Promise<void> {
  await owner.api("POST", "/plugins/simulator/readers/reader/present", { uid: UID, cardKind: "iso14443a" });
  await owner.api("POST", "/plugins/simulator/readers/reader/remove", {});
}

async function until(what: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 200; tries++) if (await what()) return;
  throw new Error("It did not come to be");
}

/** Has somebody else join, and enrols a badge. */
async function furnish(owner: Visitor): Promise<TestDevice> {
  const guest = new TestDevice();
  const member = { name: "Bruno", role: "family" };
  const { body: invitation } = await owner.api<{ code: string }>("POST", "/invitations", member);
  const joined = await guest.send(fetch, "POST", `${owner.origin}/api/v1/join`, {
    code: invitation.code,
    deviceName: "Phone",
  });
  guest.token = (await joined.json()).token;
  await owner.api("POST", "/plugins/rfid/enrolments", {
    holderName: "Anna",
    terms: { accessPoints: ["lock", "gate"] },
  });
  await swipe(owner);
  await until(async () =>
    (await owner.api<{ state: string }>("GET", "/plugins/rfid/enrolments/current")).body.state === "done"
  );
  const { status } = await owner.api("PUT", "/settings/lock", { pulseMs: 1234 });
  assert.equal(status, 200);
  return guest;
}

const rowsOf = async (owner: Visitor, kind: string) =>
  (await owner.api<Row[]>("GET", `/access-log?kind=${kind}`)).body;

Deno.test(
  "a panel restored elsewhere is the same one: cards open, devices stay paired, settings are kept, the log is whole",
  inTempDir(async (dir) => {
    const [data, fresh] = [join(dir, "data"), join(dir, "fresh")];
    const [byTask, byPage] = [join(dir, "task.age"), join(dir, "page.age")];
    let guest: TestDevice;
    const device = new TestDevice();
    let identity: unknown;
    {
      await using panel = new PanelProcess(["--port", "0", "--data", data]);
      const [, link = ""] = await panel.says(/^ +Open +(http\S+)$/m);
      await device.claim(link);
      const owner = new Visitor(link, device);
      guest = await furnish(owner);
      identity = (await owner.api<{ deviceId: string }>("GET", "/identity")).body.deviceId;
      const made = await runTask("backup", ["--data", data, "--out", byTask]);
      assert.deepEqual([made.code, made.error], [0, ""]);

      const url = `${owner.origin}/api/v1/backup`;
      const response = await device.send(fetch, "POST", url, { passphrase: PASSPHRASE });
      assert.equal(response.status, 200);
      writeFileSync(byPage, Buffer.from(await response.arrayBuffer()));
      const busy = await runTask("restore", ["--data", data, "--in", byTask, "--replace"]);
      assert.equal(busy.code, 2);
      assert.match(busy.error, /A panel is running.*stop it first/);
      assert.ok(!panel.text.includes(PASSPHRASE));
      panel.signalAll("SIGINT");
      assert.equal(await panel.end(), 0);
    }
    for (const backup of [byTask, byPage]) {
      const back = await runTask("restore", ["--data", fresh, "--in", backup, "--replace"]);
      assert.deepEqual([back.code, back.error], [0, ""]);
      await using panel = new PanelProcess(["--port", "0", "--data", fresh]);
      const owner = await Visitor.of(panel, device);
      assert.equal((await owner.api<{ deviceId: string }>("GET", "/identity")).body.deviceId, identity);
      const settings = await owner.api<{ plugin: string; values: { pulseMs?: number } }[]>(
        "GET",
        "/settings",
      );
      assert.equal(settings.body.find(({ plugin }) => plugin === "lock")?.values.pulseMs, 1234);
      assert.equal((await new Visitor(owner.origin, guest).api("GET", "/status")).status, 200);
      const before = (await rowsOf(owner, "release")).length;
      await swipe(owner);
      await until(async () => (await rowsOf(owner, "release")).length > before);
      assert.equal((await rowsOf(owner, "release"))[0]?.outcome, "released");
      assert.ok((await rowsOf(owner, "system")).some(({ outcome }) => outcome === "restored"));
      panel.signalAll("SIGINT");
      assert.equal(await panel.end(), 0);
      assert.equal((await runTask("verify-log", ["--data", fresh])).code, 0);
    }
  }),
);

Deno.test(
  "a start finishes a restore that was killed, in place of beginning a new panel",
  inTempDir(async (dir) => {
    const data = join(dir, "data");
    const device = new TestDevice();
    {
      await using panel = new PanelProcess(["--port", "0", "--data", data]);
      const [, link = ""] = await panel.says(/^ +Open +(http\S+)$/m);
      await device.claim(link);
      panel.signalAll("SIGINT");
      assert.equal(await panel.end(), 0);
    }
    Deno.renameSync(data, `${data}.restored`);
    await using panel = new PanelProcess(["--port", "0", "--data", data]);
    const owner = await Visitor.of(panel, device);
    assert.equal((await owner.api("GET", "/status")).status, 200);
    assert.ok(!existsSync(`${data}.restored`));
    panel.signalAll("SIGINT");
    assert.equal(await panel.end(), 0);
  }),
);

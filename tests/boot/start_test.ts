import assert from "node:assert/strict";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { RUNTIME_FILE } from "../../core/boot/permissions.ts";
import type { TestDevice } from "../../core/testing/device.ts";
import { inTempDir } from "../../core/testing/temp_dir.ts";
import { childOf, PanelProcess, Visitor } from "./panel_process.ts";

interface Row {
  seq: number;
  kind: string;
  outcome: string;
}

const outcomes = async (visitor: Visitor) => {
  const { body } = await visitor.api<Row[]>("GET", "/access-log");
  return body.map(({ seq, kind, outcome }) => `${seq} ${kind} ${outcome}`).reverse();
};

async function enrol(visitor: Visitor): Promise<void> {
  const { status } = await visitor.api("POST", "/plugins/rfid/enrolments", {
    holderName: "Anna",
    terms: { accessPoints: ["lock"], validity: { kind: "always" } },
  });
  assert.equal(status, 201);
  const { body } = await visitor.api<{ readers: { name: string }[] }>("GET", "/plugins/simulator/board");
  const reader = `/plugins/simulator/readers/${body.readers[0]!.name}`;
  await visitor.api("POST", `${reader}/present`, { uid: "04A1B2C3D4E5F6", cardKind: "iso14443a" });
  await visitor.api("POST", `${reader}/remove`);
  for (let state = "waiting"; state !== "done";) {
    const { body } = await visitor.api<{ state: string }>("GET", "/plugins/rfid/enrolments/current");
    state = body.state;
    assert.match(state, /^(waiting|saving|done)$/);
  }
}

Deno.test(
  "deno task start prints the way in, opens, stops at Ctrl-C, and a second start keeps everything",
  inTempDir(async (dir) => {
    const data = join(dir, "data");
    const task = [Deno.execPath(), "task", "start"];
    let device: TestDevice;
    let before: string[];
    {
      await using panel = new PanelProcess(["--", "--port", "0", "--data", data], task);
      const visitor = await Visitor.of(panel);
      device = visitor.device;
      assert.match(panel.text, /[█▀▄ ]{30}\n +[█▀▄ ]{30}/, "a QR code");
      assert.match(panel.text, new RegExp(`^ +Plugins +board-sim, .*\\block, gate, rfid\\b`, "m"));
      assert.match(panel.text, new RegExp(`^ +Data +${data}$`, "m"));
      assert.equal(statSync(data).mode & 0o777, 0o700);

      assert.equal((await visitor.api("POST", "/access-points/lock/release")).status, 200);
      await enrol(visitor);
      before = await outcomes(visitor);
      assert.deepEqual(before, [
        "1 claim claimed",
        "2 member-added added",
        "3 device-added added",
        "4 release released",
        "5 card-added added",
      ]);
      panel.signalAll("SIGINT");
      assert.equal(await panel.end(), 0);
    }
    assert.deepEqual(
      readdirSync(data).toSorted(),
      ["access.db", "access.head", "cards", "history.db", "keys", "panel.lock"],
      "the database was closed: SQLite has no log of its own left; and there is no socket",
    );

    await using panel = new PanelProcess(["--port", "0", "--data", data], task);
    const visitor = await Visitor.of(panel, device);
    assert.doesNotMatch(panel.text, /#claim=/);
    assert.match(panel.text, /on a device that is paired[^]*--reclaim/);
    assert.deepEqual((await outcomes(visitor)).slice(0, before.length), before);
    const { body } = await visitor.api<{ holderName: string }[]>("GET", "/cards");
    assert.equal(body.length, 1);
    panel.signalAll("SIGTERM");
    assert.equal(await panel.end(), 0);
  }),
);

Deno.test(
  "--reclaim opens the panel to be claimed again once, not again when the runtime starts anew",
  inTempDir(async (dir) => {
    const args = ["--port", "0", "--data", dir];
    await using panel = new PanelProcess([...args, "--reclaim"]);
    const visitor = await Visitor.of(panel);
    process.kill(childOf(panel.child.pid!, RUNTIME_FILE), "SIGKILL");
    const again = await Visitor.of(panel, visitor.device);
    assert.equal((await again.api("GET", "/status")).status, 200);
    panel.signalAll("SIGINT");
    assert.equal(await panel.end(), 0);

    await using second = new PanelProcess([...args, "--reclaim"]);
    const newcomer = await Visitor.of(second);
    assert.equal((await newcomer.api("GET", "/status")).status, 200);
    assert.equal((await new Visitor(newcomer.origin, visitor.device).api("GET", "/status")).status, 401);
    second.signalAll("SIGINT");
    assert.equal(await second.end(), 0);
  }),
);

Deno.test(
  "deno task schema prints what a running panel serves to editors",
  inTempDir(async (data) => {
    await using panel = new PanelProcess(["--port", "0", "--data", data]);
    const served = await (await Visitor.of(panel)).api("GET", "/config.schema.json");
    const { stdout } = await new Deno.Command(Deno.execPath(), { args: ["task", "--quiet", "schema"] })
      .output();
    assert.deepEqual(JSON.parse(new TextDecoder().decode(stdout)), served.body);
    panel.signalAll("SIGINT");
    assert.equal(await panel.end(), 0);
  }),
);

Deno.test(
  "settings come from a file, from variables and from flags, and a change by the API goes into that file",
  inTempDir(async (dir) => {
    const config = join(dir, "door.yaml");
    await Deno.writeTextFile(config, "# Ours\nname: From the file\nzone: Europe/Rome\n");
    await using panel = new PanelProcess(["--config", config, "--data", join(dir, "data")], undefined, {
      PANEL_PORT: "0",
      PANEL_PLUGINS_LOCK_PULSE_MS: "1234",
    });
    const visitor = await Visitor.of(panel);
    assert.match(panel.text, /^ +Latchkey +\S+ · From the file$/m);
    const { body } = await visitor.api<{ plugin: string; values: Record<string, unknown> }[]>(
      "GET",
      "/settings",
    );
    const lock = body.find(({ plugin }) => plugin === "lock")!;
    assert.equal(lock.values["pulseMs"], 1234);
    const { status } = await visitor.api("PUT", "/settings/lock", { ...lock.values, pulseMs: 900 });
    assert.equal(status, 200);
    assert.match(await Deno.readTextFile(config), /^# Ours\nname: From the file[^]*\n +pulseMs: 900$/m);
    assert.equal(existsSync(join(dir, "data", "panel.yaml")), false);
    panel.signalAll("SIGINT");
    assert.equal(await panel.end(), 0);
  }),
);

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { RUNTIME_FILE } from "../../core/boot/permissions.ts";
import { inTempDir } from "../../core/testing/temp_dir.ts";
import { childOf, commandOf, PanelProcess, Visitor } from "../boot/panel_process.ts";
import { Broker, Subscriber, test } from "./broker.ts";

test(
  "the panel's own process reaches its broker, by name, and reads its password: that port and that file alone",
  inTempDir(async (dir) => {
    const passwordFile = join(dir, "password");
    writeFileSync(passwordFile, "secret\n");
    await using broker = await Broker.start();
    const url = `mqtt://localhost:${broker.port}`;
    const config = join(dir, "panel.yaml");
    writeFileSync(
      config,
      `plugins:\n  mqtt:\n    url: ${url}\n    user: panel\n    passwordFile: ${passwordFile}\n`,
    );
    await using house = await Subscriber.open(broker, "latchkey/#");
    await using panel = new PanelProcess(["--port", "0", "--data", join(dir, "data"), "--config", config]);
    await Visitor.of(panel);
    await house.find(({ topic, payload }) => topic.endsWith("/status") && payload === "online", "online");
    const command = commandOf(childOf(panel.child.pid!, RUNTIME_FILE));
    const flag = (name: string) => command.find((word) => word.startsWith(`--allow-${name}=`)) ?? "";
    assert.match(
      flag("net"),
      new RegExp(`^--allow-net=127\\.0\\.0\\.1:0(,unix:[^,]+){2},localhost:${broker.port}$`),
    );
    assert.ok(flag("read").split(",").includes(passwordFile));
    panel.signalAll("SIGINT");
    assert.equal(await panel.end(), 0);
    await house.find(({ topic, payload }) => topic.endsWith("/status") && payload === "offline", "offline");
  }),
);

test(
  "I-8: the panel's own process starts and stops as ever where its broker's name leads nowhere",
  inTempDir(async (dir) => {
    const args = ["--port", "0", "--data", join(dir, "data"), "--plugins.mqtt.url", "mqtt://nowhere.invalid"];
    await using panel = new PanelProcess(args);
    await Visitor.of(panel);
    const noBroker = /There is no broker; .*nowhere\.invalid/;
    if (!noBroker.test(panel.text)) await panel.says(noBroker);
    panel.signalAll("SIGINT");
    assert.equal(await panel.end(), 0);
  }),
);

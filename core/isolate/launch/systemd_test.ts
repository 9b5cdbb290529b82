import assert from "node:assert/strict";
import type { LaunchOrder } from "../process.ts";
import { endCommand, scopeCommand, systemdCommand } from "./systemd.ts";

const GROUNDS = {
  plugins: "/srv/panel/plugins",
  host: "/opt/latchkey/dist/plugin-host",
  deno: "/opt/deno",
  tools: "/usr/bin",
};
const ORDER: LaunchOrder = { id: "weather", entry: "mod.ts", digest: "0".repeat(64), net: [], memoryMb: 64 };

const DEAF = ["--ignore-signal=INT", "--ignore-signal=TERM", "--ignore-signal=HUP"];

const propertiesOf = (order: LaunchOrder) =>
  Object.fromEntries(
    systemdCommand(order, GROUNDS, { unit: "u", scope: "s" }).args.filter((arg) =>
      arg.startsWith("--property=")
    )
      .map((arg) => /^--property=(\w+)=(.*)$/.exec(arg)!.slice(1)),
  );

Deno.test("under systemd a plugin has a user of its own, a limit of memory, and sees its folder and what it runs on", () => {
  const { file, args, env } = systemdCommand(ORDER, GROUNDS, {
    unit: "latchkey-plugins-7-weather-1",
    scope: "latchkey-plugins-7",
  });
  assert.equal(file, "/usr/bin/env");
  assert.deepEqual(args.slice(0, 4), [...DEAF, "/usr/bin/systemd-run"]);
  assert.deepEqual(env, {});
  assert.ok(args.includes("--unit=latchkey-plugins-7-weather-1"));
  const properties = propertiesOf(ORDER);
  assert.equal(properties["DynamicUser"], "yes");
  assert.equal(properties["MemoryMax"], "160M");
  assert.equal(properties["MemorySwapMax"], "0");
  assert.equal(properties["TemporaryFileSystem"], "/run/latchkey-plugin:ro");
  assert.equal(
    properties["BindReadOnlyPaths"],
    "/srv/panel/plugins/weather:/run/latchkey-plugin/plugins/weather " +
      "/opt/latchkey/dist/plugin-host:/run/latchkey-plugin/host /opt/deno:/run/latchkey-plugin/deno",
  );
  const command = args.slice(args.indexOf("--") + 1);
  assert.deepEqual(command.slice(0, 6), [
    "/usr/bin/env",
    "--ignore-environment",
    "DENO_DIR=/run/latchkey-plugin/none",
    "NO_COLOR=1",
    "/run/latchkey-plugin/deno",
    "run",
  ]);
  assert.ok(command.includes("--allow-read=/run/latchkey-plugin/plugins/weather,/run/latchkey-plugin/host"));
  assert.equal(command.at(-1), "file:///run/latchkey-plugin/plugins/weather/mod.ts");
  assert.ok(command.every((word) => !word.includes("/srv/panel")));
});

Deno.test("under systemd a plugin has a network only where hosts were granted", () => {
  assert.equal(propertiesOf(ORDER)["PrivateNetwork"], "yes");
  const granted = propertiesOf({ ...ORDER, net: ["api.example.org"] });
  assert.equal(granted["PrivateNetwork"], undefined);
  assert.equal(granted["RestrictAddressFamilies"], "AF_INET AF_INET6 AF_UNIX");
});

Deno.test("a unit ends at once, by its name, or with the scope that its supervisor keeps open", () => {
  assert.deepEqual(endCommand("u").args, ["--quiet", "stop", "u"]);
  const { BindsTo, After, KillSignal } = propertiesOf(ORDER);
  assert.deepEqual({ BindsTo, After, KillSignal }, {
    BindsTo: "s.scope",
    After: "s.scope",
    KillSignal: "SIGKILL",
  });
  assert.deepEqual(scopeCommand("s").args, [
    ...[...DEAF, "/usr/bin/systemd-run"],
    ...["--quiet", "--scope", "--collect", "--unit=s", "--property=KillSignal=SIGKILL", "--", "/usr/bin/cat"],
  ]);
});

import assert from "node:assert/strict";
import { delimiter, dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { inTempDir } from "../../core/testing/temp_dir.ts";
import { findCurl, findNode22 } from "../../scripts/test_tools.ts";
import { RUNTIME_FILE } from "../../core/boot/permissions.ts";
import { childOf, commandOf, type PanelProcess, supervisorCommand } from "../boot/panel_process.ts";
import { ip, missing, PANEL_ADDRESS, PHONE_ADDRESS, TwoMachines } from "./two_machines.ts";

const EAR = fileURLToPath(new URL("testing/ear.ts", import.meta.url));
const node = findNode22();
const curl = findCurl();

/** A test of its own skip where something is missing, which its name then says. */
function between(name: string, fn: (machines: TwoMachines, data: string) => Promise<void>, also = ""): void {
  const without = missing || also;
  Deno.test({
    name: name + (without && ` (skipped: ${without})`),
    ignore: without !== "",
    fn: inTempDir(async (data) => {
      await using machines = new TwoMachines();
      await fn(machines, data);
    }),
  });
}

const STARTED = /^ +Stop +Ctrl-C$/m;
const panelOn = (data: string, ...args: string[]) => [
  ...supervisorCommand(),
  ...["--data", data, "--host", "0.0.0.0", "--port", "8443"],
  ...args,
];
const browse = (kind: string) => ["avahi-browse", "--parsable", "--resolve", "--no-db-lookup", kind];

/** What a line of avahi-browse says of a service that it has found. */
const found = (instance: string, host: string, address: string) =>
  new RegExp(`^=;[^;]*;IPv4;${instance};_latchkey\\._tcp;local;${host};${address};8443;(.*)$`, "m");

async function leave(panel: PanelProcess): Promise<void> {
  panel.signalAll("SIGINT");
  assert.equal(await panel.end(), 0);
}

/** What a panel that is not to be found by others is allowed. */
function ownNet(data: string): string {
  const sockets = ["sim.sock", "cam.sock"].map((name) => `unix:${join(data, name)}`);
  return ["--allow-net=0.0.0.0:8443", ...sockets].join(",");
}

function granted(panel: PanelProcess): string[] {
  return commandOf(childOf(panel.child.pid!, RUNTIME_FILE)).filter((word) => /^--allow-(net|sys)/.test(word));
}

between(
  "avahi on another machine sees a panel's name, host, port and TXT, and that it leaves; curl trusts it by that name",
  async (machines, data) => {
    const env = await machines.lookAround();
    const panel = machines.run(machines.panel, panelOn(data));
    await panel.says(STARTED);
    assert.deepEqual(granted(panel), [
      `${ownNet(data)},224.0.0.251:5353,[ff02::fb]:5353`,
      "--allow-sys=networkInterfaces",
    ]);
    const looking = machines.run(machines.phone, browse("_latchkey._tcp"), env);
    const [, txt = ""] = await looking.says(
      found("Front\\\\032door", "front-door\\.local", "10\\.77\\.0\\.1"),
    );
    assert.deepEqual(txt.split(" ").toSorted().map((one) => one.replace(/[0-9a-f]{32}/, "ID")), [
      '"claimed=false"',
      '"id=ID"',
      '"path=/"',
      '"version=0.1.0"',
    ]);
    await machines.run(machines.phone, browse("_https._tcp"), env).says(/^=;.*;front-door\.local;.*;8443;/m);

    const visit = (host: string) =>
      machines.run(machines.phone, [
        ...["curl", "--silent", "--show-error", "--include", "--cacert", join(data, "keys", "ca.pem")],
        ...["--resolve", `${host}:8443:${PANEL_ADDRESS}`, `https://${host}:8443/api/v1/health`],
      ]);
    await visit("front-door.local").says(/^HTTP\/1\.1 200/m);
    await visit("front-door-2.local").says(/no alternative certificate subject name matches/);

    await leave(panel);
    await looking.says(/^-;[^;]*;IPv4;Front\\032door;_latchkey\._tcp;local$/m);
  },
  curl ? "" : "no curl",
);

between(
  "two panels of a name, one beside avahi on its machine: one of them is the second",
  async (machines, data) => {
    const env = await machines.lookAround();
    const first = machines.run(machines.panel, panelOn(join(data, "1"), "--name", "Gate"));
    await first.says(STARTED);
    const looking = machines.run(machines.phone, browse("_latchkey._tcp"), env);
    await looking.says(found("Gate", "gate\\.local", "10\\.77\\.0\\.1"));
    const second = machines.run(machines.phone, panelOn(join(data, "2"), "--name", "Gate"));
    await second.says(/Another device has the panel's name/);
    await looking.says(found("Gate\\\\032\\\\0402\\\\041", "gate-2\\.local", "10\\.77\\.0\\.2"));
    await leave(second);
    await looking.says(/^-;[^;]*;IPv4;Gate\\032\\0402\\041;_latchkey\._tcp;local$/m);
    await leave(first);
  },
);

between("a panel that listens on IPv6 is found at its IPv6 address, too", async (machines, data) => {
  ip("-n", machines.panel, "addr", "add", "fd77::1/64", "dev", "eth0", "nodad");
  const env = await machines.lookAround();
  const panel = machines.run(machines.panel, panelOn(data, "--host", "::"));
  await panel.says(STARTED);
  const resolve = ["avahi-resolve", "--name", "-6", "front-door.local"];
  await machines.run(machines.phone, resolve, env).says(/^front-door\.local\t(fd77::1|fe80:[0-9a-f:]+)$/m);
  await leave(panel);
});

between(
  "a machine's new address is told; a resolver that is no responder is answered where it may be",
  async (machines, data) => {
    const panel = machines.run(machines.panel, panelOn(data, "--plugins.discovery.unicast", "true"));
    await panel.says(STARTED);
    const listen = (...args: string[]) =>
      machines.run(machines.phone, [Deno.execPath(), "run", "-A", "--no-lock", EAR, PHONE_ADDRESS, ...args]);
    const ear = listen();
    await ear.says(/^listens$/m);
    ip("-n", machines.panel, "addr", "add", "10.77.0.9/24", "dev", "eth0");
    ip("-n", machines.panel, "addr", "del", `${PANEL_ADDRESS}/24`, "dev", "eth0");
    ip("-n", machines.panel, "addr", "replace", "10.77.0.9/24", "dev", "eth0");
    await ear.says(/^heard A front-door\.local 120 10\.77\.0\.9$/m);
    await listen("front-door.local").says(/^told by 5353 A front-door\.local 10 10\.77\.0\.9$/m);
    await leave(panel);
    await ear.says(/^heard A front-door\.local 0 10\.77\.0\.9$/m);
  },
);

between(
  "switched off, the runtime has no leave to join a group, and starts without",
  async (machines, data) => {
    const panel = machines.run(machines.panel, panelOn(data, "--plugins.discovery.enabled", "false"));
    await panel.says(STARTED);
    assert.deepEqual(granted(panel), [
      ownNet(data),
      "--allow-sys=networkInterfaces",
    ]);
    await leave(panel);
  },
);

between(
  "on Node a panel is found as on Deno, and leaves",
  async (machines, data) => {
    const env = await machines.lookAround();
    const args = panelOn(data).slice(supervisorCommand().length);
    const path = { PATH: `${dirname(node!)}${delimiter}${process.env["PATH"]}` };
    const panel = machines.run(machines.panel, [node!, "--import", "tsx", "supervisor.ts", ...args], path);
    await panel.says(STARTED);
    const looking = machines.run(machines.phone, browse("_latchkey._tcp"), env);
    await looking.says(found("Front\\\\032door", "front-door\\.local", "10\\.77\\.0\\.1"));
    await leave(panel);
    await looking.says(/^-;[^;]*;IPv4;Front\\032door;/m);
  },
  node ? "" : "no Node 22",
);

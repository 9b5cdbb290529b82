import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  findAvahiBrowse,
  findAvahiDaemon,
  findDbusDaemon,
  findIp,
  findUnshare,
} from "../../scripts/test_tools.ts";
import { PanelProcess } from "../boot/panel_process.ts";

export const PANEL_ADDRESS = "10.77.0.1";
export const PHONE_ADDRESS = "10.77.0.2";

/** Why two machines can't be made here; empty where they can. */
export const missing = whatIsMissing();

/** Two machines and a cable between them: namespaces of the kernel, gone with the object. */
export class TwoMachines {
  readonly panel: string;
  readonly phone: string;
  readonly #dir = mkdtempSync(join(tmpdir(), "latchkey-machines-"));
  readonly #running: PanelProcess[] = [];

  constructor() {
    const id = randomBytes(3).toString("hex");
    [this.panel, this.phone] = [`lk-${id}-panel`, `lk-${id}-phone`];
    const [here, there] = [`lk${id}a`, `lk${id}b`];
    for (const name of [this.panel, this.phone]) {
      ip("netns", "add", name);
      ip("-n", name, "link", "set", "lo", "up");
    }
    ip("link", "add", here, "type", "veth", "peer", "name", there);
    ip("link", "set", here, "netns", this.panel);
    ip("link", "set", there, "netns", this.phone);
    for (
      const [name, end, device, address] of [
        [this.panel, here, "eth0", PANEL_ADDRESS],
        [this.phone, there, "eth0", PHONE_ADDRESS],
      ] as const
    ) {
      ip("-n", name, "link", "set", end, "name", device);
      ip("-n", name, "addr", "add", `${address}/24`, "dev", device);
      ip("-n", name, "link", "set", device, "up");
    }
  }

  /** Runs a command on one of them until it is done, or until this object is. */
  run(machine: string, command: readonly string[], env: Record<string, string> = {}): PanelProcess {
    const started = new PanelProcess([], ["ip", "netns", "exec", machine, ...command], env);
    this.#running.push(started);
    return started;
  }

  /** What a phone has to look for services with. @returns the variables with which its programs find it */
  async lookAround(): Promise<Record<string, string>> {
    const bus = `unix:path=${join(this.#dir, "bus")}`;
    const busFile = join(this.#dir, "bus.conf");
    writeFileSync(
      busFile,
      `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-BUS Bus Configuration 1.0//EN" ` +
        `"http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">` +
        `<busconfig><type>system</type><listen>${bus}</listen><auth>EXTERNAL</auth><policy context="default">` +
        `<allow user="*"/><allow own="*"/><allow send_destination="*"/><allow receive_sender="*"/>` +
        `</policy></busconfig>`,
    );
    const avahiFile = join(this.#dir, "avahi.conf");
    writeFileSync(avahiFile, "[server]\nhost-name=phone\nuse-ipv4=yes\nuse-ipv6=yes\n");
    const busProcess = this.run(this.phone, [
      ...["dbus-daemon", `--config-file=${busFile}`],
      ...["--nofork", "--nopidfile", "--print-address"],
    ]);
    await busProcess.says(/^unix:/m);
    const env = { DBUS_SYSTEM_BUS_ADDRESS: bus };
    // It writes to /run, where another one may run.
    mkdirSync("/run/avahi-daemon", { recursive: true });
    const daemon = `mount -t tmpfs none /run/avahi-daemon && exec avahi-daemon --no-drop-root --no-chroot ` +
      `--no-rlimits -f ${avahiFile}`;
    const avahi = this.run(this.phone, ["unshare", "-m", "sh", "-c", daemon], env);
    await avahi.says(/Server startup complete/);
    return env;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // One may have ended without having said so yet.
    for (const one of this.#running) await one[Symbol.asyncDispose]().catch(() => one.ended);
    for (const name of [this.panel, this.phone]) ip("netns", "del", name);
    rmSync(this.#dir, { recursive: true });
  }
}

export function ip(...args: string[]): void {
  const { status, stderr } = spawnSync("ip", args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`ip ${args.join(" ")}: ${stderr}`);
}

function whatIsMissing(): string {
  const tools = { ip: findIp, unshare: findUnshare, "dbus-daemon": findDbusDaemon };
  const avahi = { "avahi-daemon": findAvahiDaemon, "avahi-browse": findAvahiBrowse };
  for (const [name, find] of Object.entries({ ...tools, ...avahi })) {
    if (find() === undefined) return `no ${name}`;
  }
  const name = `lk-${randomBytes(3).toString("hex")}-try`;
  const made = spawnSync("ip", ["netns", "add", name]).status === 0;
  const joined = made && spawnSync("ip", ["-n", name, "link", "add", "lk0", "type", "veth"]).status === 0;
  if (made) ip("netns", "del", name);
  return joined ? "" : "no network namespaces";
}

import { join } from "node:path";
import type { LaunchOrder } from "../process.ts";
import { type Command, denoArgs, type Grounds, plainEnv } from "./fence.ts";

/** Where a plugin's process finds what it needs: the panel's own folders are not there for it. */
const INSIDE = "/run/latchkey-plugin";
/** What asks systemd hears of the panel's end from the panel alone, not by the signals that all of its processes get. */
const ASK = {
  file: "/usr/bin/env",
  args: [...["INT", "TERM", "HUP"].map((signal) => `--ignore-signal=${signal}`), "/usr/bin/systemd-run"],
};
/** What Deno itself takes beside what a plugin was granted, MB. */
const DENO_MB = 96;

/**
 * The command for a supervisor that is root under systemd: a unit of its own, with a user that exists only meanwhile,
 * its own view of the disk, and no network where none was granted.
 * @param unit its name, by which it is ended
 * @param scope what it ends with: see `scopeCommand`
 */
export function systemdCommand(
  order: LaunchOrder,
  grounds: Grounds,
  { unit, scope }: { unit: string; scope: string },
): Command {
  const { id, net, memoryMb } = order;
  const inside: Grounds = {
    ...grounds,
    plugins: join(INSIDE, "plugins"),
    host: join(INSIDE, "host"),
    deno: join(INSIDE, "deno"),
  };
  const binds = [
    [join(grounds.plugins, id), join(inside.plugins, id)],
    [grounds.host, inside.host],
    [grounds.deno, inside.deno],
  ].map(([from, to]) => `${from}:${to}`);
  const properties = {
    BindsTo: `${scope}.scope`,
    After: `${scope}.scope`,
    DynamicUser: "yes",
    MemoryMax: `${DENO_MB + memoryMb}M`,
    MemorySwapMax: "0",
    TasksMax: "64",
    CPUWeight: "20",
    LimitCORE: "0",
    LimitNOFILE: "256",
    // A plugin has nothing to tidy up.
    KillSignal: "SIGKILL",
    NoNewPrivileges: "yes",
    CapabilityBoundingSet: "",
    ProtectSystem: "strict",
    ProtectHome: "yes",
    ProtectProc: "invisible",
    ProtectKernelTunables: "yes",
    ProtectControlGroups: "yes",
    ProtectKernelModules: "yes",
    ProtectKernelLogs: "yes",
    ProtectClock: "yes",
    ProtectHostname: "yes",
    PrivateTmp: "yes",
    PrivateDevices: "yes",
    PrivateIPC: "yes",
    RestrictNamespaces: "yes",
    RestrictSUIDSGID: "yes",
    RestrictRealtime: "yes",
    LockPersonality: "yes",
    SystemCallArchitectures: "native",
    RestrictAddressFamilies: net.length > 0 ? "AF_INET AF_INET6 AF_UNIX" : "AF_UNIX",
    ...(net.length > 0 ? {} : { PrivateNetwork: "yes" }),
    // Of its own, so that no unit sees which others there are.
    TemporaryFileSystem: `${INSIDE}:ro`,
    BindReadOnlyPaths: binds.join(" "),
    WorkingDirectory: join(inside.plugins, id),
  };
  return {
    file: ASK.file,
    args: [
      ...ASK.args,
      "--quiet",
      "--pipe",
      "--wait",
      "--collect",
      `--unit=${unit}`,
      ...Object.entries(properties).map(([name, value]) => `--property=${name}=${value}`),
      "--",
      // Nothing of what systemd says of the unit either.
      "/usr/bin/env",
      "--ignore-environment",
      // Not there, and not to be made: nothing is kept between two starts.
      `DENO_DIR=${join(INSIDE, "none")}`,
      ...Object.entries(plainEnv(order)).map(([name, value]) => `${name}=${value}`),
      ...denoArgs(order, inside),
    ],
    cwd: "/",
    env: {},
  };
}

/** Ends a unit at once, also one that is only about to start: ending `systemd-run` would leave it. */
export function endCommand(unit: string): Command {
  return { file: "/usr/bin/systemctl", args: ["--quiet", "stop", unit], cwd: "/", env: {} };
}

/**
 * A scope in which a process waits for its input to close, as it does when this one ends, however it ends. It says what
 * it hears, by which one knows that it is there.
 */
export function scopeCommand(scope: string): Command {
  // The signal that a stop begins with is one that it does not hear.
  const scopeArgs = ["--quiet", "--scope", "--collect", `--unit=${scope}`, "--property=KillSignal=SIGKILL"];
  const args = [...ASK.args, ...scopeArgs, "--", "/usr/bin/cat"];
  return { file: ASK.file, args, cwd: "/", env: {} };
}

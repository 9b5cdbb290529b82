import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import {
  findDbusDaemon,
  findIp,
  findNsenter,
  findSetpriv,
  findSystemd,
  findUnshare,
} from "../../../scripts/test_tools.ts";
import { childOf, PanelProcess, ROOT, supervisorCommand } from "../../boot/panel_process.ts";
import { GRANTED_ADDRESS, GRANTED_NAME, INIT, START, UNITS } from "./machine_files.ts";

const NEIGHBOUR = fileURLToPath(new URL("neighbour.ts", import.meta.url));
const NAMESPACES = ["--mount", "--pid", "--fork", "--uts", "--ipc", "--net", "--cgroup", "--mount-proc"];
const PORT = 8443;
/** Looks at a systemd that starts, more than any machine needs. */
const MOST_TRIES = 500;

/** Why there can be no such machine here; empty where there can. */
export const missing = whatIsMissing();

/** A machine on which systemd runs, in namespaces of the kernel; gone with the object, and nothing of it on this one. */
export class SystemdMachine implements AsyncDisposable {
  /** The only folder that both machines write to. */
  readonly dir = mkdtempSync(join(tmpdir(), "latchkey-systemd-"));
  readonly #group = `latchkey-${randomBytes(4).toString("hex")}`;
  readonly #system: PanelProcess;
  readonly #running: PanelProcess[] = [];
  readonly #way = join(this.dir, "way.sock");
  readonly #client = Deno.createHttpClient({ proxy: { transport: "unix", path: this.#way } });
  #init = 0;

  private constructor() {
    // What keeps others out is to be the panel's own doing.
    chmodSync(this.dir, 0o755);
    mkdirSync(join(this.dir, "units"));
    for (const [name, text] of Object.entries(UNITS)) writeFileSync(join(this.dir, "units", name), text);
    writeFileSync(join(this.dir, "init"), INIT);
    writeFileSync(join(this.dir, "hosts"), `127.0.0.1 localhost\n${GRANTED_ADDRESS} ${GRANTED_NAME}\n`);
    const cache = process.env["DENO_DIR"];
    const args = [this.dir, this.#group, ROOT, dirname(Deno.execPath()), ...(cache ? [cache] : [])];
    this.#system = new PanelProcess(args, ["setpriv", "--pdeathsig=KILL", "sh", "-c", START, "start"]);
  }

  static async start(): Promise<SystemdMachine> {
    const machine = new SystemdMachine();
    try {
      await machine.#boot();
      return machine;
    } catch (error) {
      await machine[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Runs a command there. @returns what it says, on both ways */
  run(...command: string[]): { status: number | null; text: string } {
    const [file = "", ...args] = [...this.#enter(), ...command];
    const { status, stdout, stderr } = spawnSync(file, args, { encoding: "utf8", timeout: 30_000 });
    return { status, text: stdout + stderr };
  }

  /** Runs a command there until it is done, or until this object is. */
  begin(...command: readonly string[]): PanelProcess {
    const started = new PanelProcess([], [...this.#enter(), ...command]);
    this.#running.push(started);
    return started;
  }

  /** The panel as a service of that machine, named `panel.service`, as `deno task start` runs it. */
  panel(data: string): PanelProcess {
    const home = ["HOME", "DENO_DIR", "NO_COLOR", "DENO_NO_UPDATE_CHECK"]
      .flatMap((name) => process.env[name] === undefined ? [] : [`--setenv=${name}=${process.env[name]}`]);
    return this.begin(
      ...["systemd-run", "--quiet", "--pipe", "--wait", "--collect", "--unit=panel"],
      ...[`--working-directory=${ROOT}`, ...home, "--"],
      ...[...supervisorCommand(), "--data", data, "--port", String(PORT)],
    );
  }

  /** The units of plugins that are there, in whatever state. */
  units(): string[] {
    const { text } = this.run("systemctl", "list-units", "--all", "--plain", "--no-legend", "latchkey-*");
    return text.split("\n").filter(Boolean).map((line) => line.split(" ")[0]!).toSorted();
  }

  property(unit: string, name: string): string {
    return this.run("systemctl", "show", "--value", `--property=${name}`, unit).text.trim();
  }

  /** The user that a unit's process runs as. */
  user(unit: string): number {
    const status = this.run("cat", `/proc/${this.property(unit, "MainPID")}/status`).text;
    return Number(/^Uid:\t(\d+)/m.exec(status)?.[1]);
  }

  /** Resident memory of a process there, MB; 0 where it has ended. */
  memory(pid: string): number {
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(this.run("cat", `/proc/${pid}/status`).text)?.[1] ?? 0) / 1_024;
  }

  readonly fetch = (request: Request): Promise<Response> => fetch(request, { client: this.#client });

  async #boot(): Promise<void> {
    await this.#system.says(/^init$/m);
    this.#init = childOf(this.#system.child.pid!, "init");
    for (let tries = 0; this.run("systemctl", "is-active", "--quiet", "dbus.service").status !== 0; tries++) {
      if (tries === MOST_TRIES) throw new Error(`systemd does not start:\n${this.#system.text}`);
      await new Promise((done) => setTimeout(done, 50));
    }
    const options = [this.#way, String(PORT), GRANTED_ADDRESS];
    await this.begin(Deno.execPath(), "run", "-A", NEIGHBOUR, ...options).says(/^ready$/m);
  }

  #enter(): string[] {
    return ["nsenter", `--target=${this.#init}`, "--all", "--"];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#client.close();
    // With the first process of theirs, all others end.
    if (this.#init !== 0) process.kill(this.#init, "SIGKILL");
    else this.#system.signalAll("SIGKILL");
    for (const one of [this.#system, ...this.#running]) await one.ended;
    for (const mount of groupMounts()) removeGroup(join(mount, this.#group));
    rmSync(this.dir, { recursive: true });
  }
}

function groupMounts(): string[] {
  const lines = readFileSync("/proc/self/mounts", "utf8").split("\n").map((line) => line.split(" "));
  return lines.flatMap(([, mount = "", type = ""]) => type.startsWith("cgroup") ? [mount] : []);
}

function removeGroup(path: string): void {
  if (!existsSync(path)) return;
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (entry.isDirectory()) removeGroup(join(path, entry.name));
  }
  rmdirSync(path);
}

function whatIsMissing(): string {
  if (process.getuid?.() !== 0) return "not root";
  const tools = {
    systemd: findSystemd,
    "dbus-daemon": findDbusDaemon,
    unshare: findUnshare,
    nsenter: findNsenter,
    setpriv: findSetpriv,
    ip: findIp,
  };
  for (const [name, find] of Object.entries(tools)) {
    if (find() === undefined) return `no ${name}`;
  }
  if (spawnSync("unshare", [...NAMESPACES, "true"]).status !== 0) return "no namespaces";
  const limited = groupMounts().some((mount) =>
    existsSync(join(mount, "memory.limit_in_bytes")) ||
    existsSync(join(mount, "cgroup.subtree_control")) &&
      /\bmemory\b/.test(readFileSync(join(mount, "cgroup.subtree_control"), "utf8"))
  );
  if (!limited) return "no limit of memory by cgroup";
  const trial = groupMounts().map((mount) => join(mount, `latchkey-try-${process.pid}`));
  try {
    for (const path of trial) mkdirSync(path);
    return "";
  } catch {
    return "no cgroups of its own";
  } finally {
    for (const path of trial) removeGroup(path);
  }
}

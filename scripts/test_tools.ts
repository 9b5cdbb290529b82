import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const NODE_22 = "22.23.3";
const TOOLS_DIR = fileURLToPath(new URL("../.tools", import.meta.url));

/** A browser for the tests of the pages. */
export function findChromium(): string | undefined {
  return onPath("chromium") ?? onPath("chromium-browser") ?? onPath("google-chrome");
}

/** Stops a process at a chosen system call, for the crash tests. */
export function findStrace(): string | undefined {
  return onPath("strace");
}

/** A client that trusts what it is told to, for the tests of TLS. */
export function findCurl(): string | undefined {
  return onPath("curl");
}

/** Checks certificates as most servers' programs do, and speaks old versions of TLS. */
export function findOpenssl(): string | undefined {
  return onPath("openssl");
}

/** Puts a certificate into Chromium's store. */
export function findCertutil(): string | undefined {
  return onPath("certutil");
}

/** Opens a backup without this program. */
export function findAge(): string | undefined {
  return onPath("age");
}

/** Signs plugins' packages as their authors do. */
export function findMinisign(): string | undefined {
  return onPath("minisign");
}

/** A broker of the kind that most homes have. */
export function findMosquitto(): string | undefined {
  return onPath("mosquitto") ?? ["/usr/sbin/mosquitto"].find(existsSync);
}

/** Talks to a broker as its own people do; `mosquitto_pub` comes with it. */
export function findMosquittoClient(): string | undefined {
  return onPath("mosquitto_sub");
}

/** Three of it are one broker. */
export function findNatsServer(): string | undefined {
  return onPath("nats-server") ?? ["/usr/sbin/nats-server"].find(existsSync);
}

/** A Python that renders Home Assistant's templates. */
export function findJinja(): string | undefined {
  const pythons = [onPath("python3"), "/usr/bin/python3"].filter((path) => path !== undefined);
  return pythons.find((python) => spawnSync(python, ["-c", "import jinja2.sandbox"]).status === 0);
}

/** Gives a program a terminal to ask for a passphrase at. */
export function findScript(): string | undefined {
  return onPath("script");
}

/** Makes networks of several machines on one. */
export function findIp(): string | undefined {
  return onPath("ip");
}

/** Gives a program files of its own in place of the machine's. */
export function findUnshare(): string | undefined {
  return onPath("unshare");
}

/** Lets a program run where another one does. */
export function findNsenter(): string | undefined {
  return onPath("nsenter");
}

/** Ends a program with the one that has started it. */
export function findSetpriv(): string | undefined {
  return onPath("setpriv");
}

/** Runs on a machine of the kernel's namespaces, for the tests of plugins; not on this one. */
export function findSystemd(): string | undefined {
  return ["/lib/systemd/systemd"].find((path) => existsSync(path) && onPath("systemd-run") !== undefined);
}

/** Looks for services on the network, by the two programs after it. */
export function findAvahiBrowse(): string | undefined {
  return onPath("avahi-browse");
}

export function findAvahiDaemon(): string | undefined {
  return onPath("avahi-daemon");
}

export function findDbusDaemon(): string | undefined {
  return onPath("dbus-daemon");
}

/** Makes and reads video, for the tests of the camera. */
export function findFfmpeg(): string | undefined {
  return onPath("ffmpeg");
}

/** A Node that has `node:sqlite`: the machine's own, or the one that `ensureTestTools` keeps in .tools/. */
export function findNode22(): string | undefined {
  const node = onPath("node");
  if (node !== undefined && majorOf(node) >= 22) return node;
  const own = join(TOOLS_DIR, "node_modules", nodePackage(), "bin", "node");
  return existsSync(own) ? own : undefined;
}

interface Tool {
  name: string;
  /** What is not tested without it. */
  for: string;
  find(): string | undefined;
  install(): void;
}

const TOOLS: Tool[] = [
  { name: "chromium", for: "the pages", find: findChromium, install: () => installDebian("chromium") },
  {
    name: "strace",
    for: "kills at every system call",
    find: findStrace,
    install: () => installDebian("strace"),
  },
  { name: "curl", for: "TLS", find: findCurl, install: () => installDebian("curl") },
  {
    name: "openssl",
    for: "the panel's certificates",
    find: findOpenssl,
    install: () => installDebian("openssl"),
  },
  {
    name: "certutil",
    for: "the panel's root in a browser",
    find: findCertutil,
    install: () => installDebian("libnss3-tools"),
  },
  { name: "age", for: "backups by other means", find: findAge, install: () => installDebian("age") },
  {
    name: "minisign",
    for: "signatures of plugins",
    find: findMinisign,
    install: () => installDebian("minisign"),
  },
  { name: "mosquitto", for: "MQTT", find: findMosquitto, install: () => installDebian("mosquitto") },
  {
    name: "mosquitto_sub",
    for: "MQTT",
    find: findMosquittoClient,
    install: () => installDebian("mosquitto-clients"),
  },
  {
    name: "nats-server",
    for: "panels on a broker of several machines",
    find: findNatsServer,
    install: () => installDebian("nats-server"),
  },
  {
    name: "Jinja",
    for: "what Home Assistant makes of MQTT",
    find: findJinja,
    install: () => installDebian("python3-jinja2"),
  },
  {
    name: "script",
    for: "what is typed at a terminal",
    find: findScript,
    install: () => installDebian("bsdutils"),
  },
  { name: "ip", for: "discovery between machines", find: findIp, install: () => installDebian("iproute2") },
  {
    name: "unshare",
    for: "discovery between machines",
    find: findUnshare,
    install: () => installDebian("util-linux"),
  },
  {
    name: "nsenter",
    for: "plugins under systemd",
    find: findNsenter,
    install: () => installDebian("util-linux"),
  },
  {
    name: "setpriv",
    for: "plugins under systemd",
    find: findSetpriv,
    install: () => installDebian("util-linux"),
  },
  {
    name: "systemd",
    for: "plugins under systemd",
    find: findSystemd,
    install: () => installDebian("systemd"),
  },
  {
    name: "dbus-daemon",
    for: "discovery by another program, and plugins under systemd",
    find: findDbusDaemon,
    install: () => installDebian("dbus"),
  },
  {
    name: "avahi-daemon",
    for: "discovery by another program",
    find: findAvahiDaemon,
    install: () => installDebian("avahi-daemon"),
  },
  {
    name: "avahi-browse",
    for: "discovery by another program",
    find: findAvahiBrowse,
    install: () => installDebian("avahi-utils"),
  },
  { name: "ffmpeg", for: "the camera", find: findFfmpeg, install: () => installDebian("ffmpeg") },
  { name: "Node 22", for: "the start on Node", find: findNode22, install: installNode22 },
];

/**
 * Installs what the tests need and this machine has not: Debian's packages where this is root, Node from npm.
 * @returns what could not be had, a sentence each
 */
export function ensureTestTools(): string[] {
  for (const tool of TOOLS) {
    if (tool.find() !== undefined) continue;
    console.log(`Installing ${tool.name} …`);
    tool.install();
  }
  return TOOLS.filter((tool) => tool.find() === undefined)
    .map((tool) => `Without ${tool.name}, ${tool.for} cannot be tested`);
}

let listsAreFresh = false;

function installDebian(name: string): void {
  if (process.getuid?.() !== 0 || onPath("apt-get") === undefined) return;
  if (!listsAreFresh) run("apt-get", ["update", "-qq"]);
  listsAreFresh = true;
  run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", name]);
}

function installNode22(): void {
  const options = ["--prefix", TOOLS_DIR, "--no-save", "--no-audit", "--no-fund", "--ignore-scripts"];
  run("npm", ["install", ...options, `${nodePackage()}@${NODE_22}`]);
}

function nodePackage(): string {
  return `node-${process.platform}-${process.arch}`;
}

/** A failure is told by what is then still missing. */
function run(command: string, args: string[]): void {
  spawnSync(command, args, {
    stdio: ["ignore", "ignore", "inherit"],
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    timeout: 600_000,
  });
}

function majorOf(node: string): number {
  const { stdout } = spawnSync(node, ["--version"], { encoding: "utf8" });
  return Number(/^v(\d+)\./.exec(stdout ?? "")?.[1] ?? 0);
}

function onPath(name: string): string | undefined {
  return (process.env.PATH ?? "").split(delimiter).map((folder) => join(folder, name)).find(existsSync);
}

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { TestDevice } from "../../core/testing/device.ts";
import { buildRuntime } from "../../scripts/build_runtime.ts";

// What is tested is what is there now, also where a file is run without the test command.
await buildRuntime();

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const LONGEST_WAIT_MS = 30_000;

type Fetch = (request: Request) => Promise<Response>;

/** What `deno task start` runs once the pages are built, with the same permissions. */
export function supervisorCommand(): string[] {
  const { tasks } = JSON.parse(readFileSync(join(ROOT, "deno.json"), "utf8")) as {
    tasks: Record<string, string>;
  };
  const [, command = ""] = tasks["start"]!.split(" && ");
  const words = command.replace(/\$\(deno eval '[^']*'\)/, Deno.execPath()).replaceAll('"', "").split(" ");
  return [Deno.execPath(), ...words.slice(1)];
}

/** Started processes in a group of their own, as a terminal does it, and all that they say. */
export class PanelProcess {
  readonly child: ChildProcess;
  /** The exit status of the first, once all of them have ended and said their last. */
  readonly ended: Promise<number | string>;
  #text = "";
  #read = 0;
  #alive = true;
  #wake = () => {};

  /** @param command the supervisor as `deno task start` runs it, unless told */
  constructor(args: readonly string[], command: readonly string[] = supervisorCommand(), env = {}) {
    const [file = "", ...before] = command;
    const child = this.child = spawn(file, [...before, ...args], {
      cwd: ROOT,
      detached: true,
      env: { ...process.env, NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1", ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        this.#text += text;
        this.#wake();
      });
    }
    this.ended = new Promise((done) =>
      child.once("close", (code, signal) => {
        this.#alive = false;
        this.#wake();
        done(code ?? signal ?? "gone");
      })
    );
  }

  /** Everything it has said. */
  get text(): string {
    return this.#text;
  }

  /** What `pattern` matches in what it says from now on; what was looked at before is not looked at again. */
  async says(pattern: RegExp): Promise<RegExpExecArray> {
    const deadline = this.#deadline();
    try {
      for (;;) {
        const found = pattern.exec(this.#text.slice(this.#read));
        if (found) {
          this.#read += found.index + found[0].length;
          return found;
        }
        if (!this.#alive) throw new Error(`It ended without saying ${pattern}:\n${this.#text}`);
        await Promise.race([new Promise<void>((done) => this.#wake = done), deadline.passed]);
      }
    } finally {
      deadline.cancel();
    }
  }

  /** Waits for the end; fails where it does not come. */
  async end(): Promise<number | string> {
    const deadline = this.#deadline();
    try {
      return await Promise.race([this.ended, deadline.passed]);
    } finally {
      deadline.cancel();
    }
  }

  /** To each process of the group, as Ctrl-C in a terminal. */
  signalAll(signal: NodeJS.Signals): void {
    process.kill(-this.child.pid!, signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#alive) return;
    this.signalAll("SIGKILL");
    await this.ended;
  }

  #deadline(): { passed: Promise<never>; cancel(): void } {
    let cancel = () => {};
    const passed = new Promise<never>((_, fail) => {
      const timer = setTimeout(
        () => fail(new Error(`Nothing for ${LONGEST_WAIT_MS} ms. It has said:\n${this.#text}`)),
        LONGEST_WAIT_MS,
      );
      cancel = () => clearTimeout(timer);
    });
    return { passed, cancel };
  }
}

/** A panel that runs, as its owner sees it: who first opens the link that it prints. */
export class Visitor {
  readonly origin: string;
  readonly device: TestDevice;

  readonly #fetch: Fetch;

  /** @param fetch the way to the panel, where it isn't on this machine's network */
  constructor(link: string, device: TestDevice, fetch: Fetch = globalThis.fetch) {
    this.origin = new URL(link).origin;
    this.device = device;
    this.#fetch = fetch;
  }

  /** What the start block says of where the panel is, once it says it. */
  static async of(panel: PanelProcess, known?: TestDevice, fetch?: Fetch): Promise<Visitor> {
    const [, link = ""] = await panel.says(/^ +Open +(http\S+)$/m);
    await panel.says(/^ +Stop +Ctrl-C$/m);
    const device = known ?? new TestDevice();
    if (!known) await device.claim(link, fetch);
    return new Visitor(link, device, fetch);
  }

  async api<T = unknown>(method: string, path: string, body?: unknown): Promise<{ status: number; body: T }> {
    const response = await this.device.send(this.#fetch, method, `${this.origin}/api/v1${path}`, body);
    const text = await response.text();
    return { status: response.status, body: (text === "" ? undefined : JSON.parse(text)) as T };
  }
}

/** Deno keeps /proc from all but the unrestricted, so `cat` reads it. */
function proc(path: string): string {
  return spawnSync("cat", [`/proc/${path}`], { encoding: "utf8" }).stdout;
}

/** The command line of a process; empty where there is none. */
export function commandOf(pid: number): string[] {
  return proc(`${pid}/cmdline`).split("\0").slice(0, -1);
}

/** The child of `parent` whose command line names `file`. */
export function childOf(parent: number, file: string): number {
  const children = proc(`${parent}/task/${parent}/children`).trim().split(" ").filter(Boolean).map(Number);
  const found = children.find((pid) => commandOf(pid).some((word) => word.endsWith(file)));
  if (found === undefined) {
    throw new Error(`Process ${parent} has no child ${file}: ${children.map(commandOf)}`);
  }
  return found;
}

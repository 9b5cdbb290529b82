import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { systemClock } from "../../../core/clock.ts";
import type { Edge } from "../keys.ts";
import { SocketPort } from "../link.ts";
import type { BoardEvent } from "../model.ts";

const root = new URL("../../../", import.meta.url);

/** Runs one of the project's scripts with as few permissions as the supervisor gives it. */
export function runScript(script: string, directory: string, args: string[]): ChildProcess {
  const flags = [
    "--no-prompt",
    `--allow-read=${directory}`,
    `--allow-write=${directory}`,
    `--allow-net=unix:${directory}/sim.sock`,
  ];
  return spawn(
    process.execPath,
    ["run", ...flags, fileURLToPath(new URL(script, root)), ...args],
    { stdio: ["pipe", "pipe", "inherit"], env: process.env },
  );
}

/** As `child.kill`, which on Deno takes any signal for the child's end. */
export function signal(child: ChildProcess, name: NodeJS.Signals): void {
  if (child.pid !== undefined) process.kill(child.pid, name);
}

/** The simulated board in its own process, watched over a connection of the test's own. */
export class BoardProcess {
  readonly child: ChildProcess;
  readonly port: SocketPort;
  /** Everything it told, in order. */
  readonly events: BoardEvent[] = [];
  readonly #close: () => void;
  #wake = () => {};
  #up = false;

  constructor(directory: string) {
    const path = `${directory}/sim.sock`;
    this.child = runScript("drivers/sim/process.ts", directory, [path]);
    this.port = new SocketPort(path, systemClock);
    this.#close = this.port.open({
      event: (event) => {
        this.events.push(event);
        this.#wake();
      },
      link: (up) => {
        this.#up = up;
        this.#wake();
      },
    });
  }

  async link(up: boolean): Promise<void> {
    while (this.#up !== up) await new Promise<void>((done) => this.#wake = done);
  }

  /** All edges of one line, once the last of them is `level` and there are at least `count`. */
  async edges(line: string, count: number, level: number): Promise<Edge[]> {
    for (;;) {
      const changed = new Promise<void>((done) => this.#wake = done);
      const { edges } = await this.port.call("edges", { since: 0, limit: 10_000 });
      const own = edges.filter((edge) => edge.line === line);
      if (own.length >= count && own.at(-1)?.level === level) return own;
      await changed;
    }
  }

  /** Takes its power away: closes its input and waits for its end. */
  async end(): Promise<number | null> {
    const { child } = this;
    child.stdin?.end();
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    await this.link(false);
    this.#close();
    return child.exitCode;
  }
}

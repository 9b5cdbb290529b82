import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { systemClock } from "../../core/clock.ts";
import { databasePath } from "../../core/store/paths.ts";
import type { Edge } from "../../drivers/sim/keys.ts";
import { SocketPort } from "../../drivers/sim/link.ts";
import { BoardProcess } from "../../drivers/sim/testing/board_process.ts";

/** Ten times what a life takes on a busy machine, ms. */
const LONGEST_LIFE_MS = 20_000;
/** Pulses of the stream: short, so that there are many. */
const PULSE_MS = 5;

/** When the process is to die: at the n-th pulse the board tells of, at its n-th answer, at its n-th system call of a kind. */
export type Death =
  | { at: "pulse"; count: number; delayMs: number }
  | { at: "answer"; count: number }
  | { at: "syscall"; call: string; count: number };

/** A row of the access log, as far as it concerns a release. */
export interface ReleaseRow {
  kind: string;
  outcome: string;
  access_point: string;
  request_id: string;
}

/** A board that stays on, a data directory, and processes over both that are killed one after the other. */
export class KillBench implements AsyncDisposable {
  readonly dir = mkdtempSync(join(tmpdir(), "latchkey-kill-"));
  readonly board: BoardProcess;
  /** `request id outcome` of every answer that a process has given. */
  readonly answers: string[] = [];
  readonly edges: Edge[] = [];
  readonly #ear: SocketPort;
  readonly #deaf: () => void;
  #pulsed: () => void = () => {};

  private constructor() {
    this.board = new BoardProcess(this.dir);
    this.#ear = new SocketPort(`${this.dir}/sim.sock`, systemClock);
    this.#deaf = this.#ear.open({
      event: (event) => {
        if (event.event === "output" && event.level > 0) this.#pulsed();
      },
      link: () => {},
    });
  }

  static async start(): Promise<KillBench> {
    const bench = new KillBench();
    await bench.board.link(true);
    return bench;
  }

  /**
   * One life of the access core: resolved when it is dead.
   * @throws where it ends in another way, or does not get so far that it is to die
   */
  async live(run: string, death: Death): Promise<void> {
    const child = startAccess(
      this.dir,
      [run, String(PULSE_MS), "stream"],
      death.at === "syscall" ? death : undefined,
    );
    const gone = once(child, "close");
    let late = false;
    // The whole group: a tracee outlives its strace.
    const kill = () => process.kill(-child.pid!, "SIGKILL");
    const cancelDeadline = systemClock.after(LONGEST_LIFE_MS, () => {
      late = true;
      kill();
    });
    let left = death.count;
    if (death.at === "pulse") {
      this.#pulsed = () => {
        if (--left === 0) systemClock.after(death.delayMs, kill);
      };
    }
    onAnswers(child, (answer) => {
      this.answers.push(answer);
      if (death.at === "answer" && --left === 0) kill();
    });
    const [code, by] = await gone;
    cancelDeadline();
    this.#pulsed = () => {};
    if (late) throw new Error(`Life ${run} stood still: ${JSON.stringify(death)}`);
    // Under strace the child is strace, which dies as its tracee did.
    if (by !== "SIGKILL") throw new Error(`Life ${run} ended by itself: ${code ?? by}`);
    await this.#readEdges();
  }

  /** All that the log says of releases; nothing where no process has come so far as to make one. */
  rows(): ReleaseRow[] {
    if (!existsSync(databasePath(this.dir))) return [];
    const db = new DatabaseSync(databasePath(this.dir), { readOnly: true });
    try {
      const tables = db.prepare("SELECT 1 FROM sqlite_master WHERE name = 'access_log'").all();
      if (tables.length === 0) return [];
      const rows = db.prepare(
        "SELECT kind, outcome, access_point, request_id FROM access_log WHERE request_id IS NOT NULL",
      ).all();
      return rows as unknown as ReleaseRow[];
    } finally {
      db.close();
    }
  }

  usesLeft(): number {
    const db = new DatabaseSync(databasePath(this.dir), { readOnly: true });
    try {
      return Number(db.prepare("SELECT uses_left FROM credentials").get()?.["uses_left"]);
    } finally {
      db.close();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#deaf();
    await this.board.end();
    rmSync(this.dir, { recursive: true, force: true });
  }

  async #readEdges(): Promise<void> {
    const limit = 10_000;
    for (;;) {
      const since = this.edges.length;
      const page = await this.board.port.call("edges", { since, limit });
      this.edges.push(...page.edges);
      if (page.edges.length < limit) return;
    }
  }
}

/** Starts `access_process.ts`, under strace where it is to die at a system call. */
export function startAccess(
  dir: string,
  args: string[],
  death?: { call: string; count: number },
): ChildProcess {
  const script = fileURLToPath(new URL("access_process.ts", import.meta.url));
  const command = [
    ...(death ? ["strace", "-f", "-qq", "-o", "/dev/null", "-e", `trace=${death.call}`] : []),
    ...(death ? ["-e", `inject=${death.call}:signal=SIGKILL:when=${death.count}`] : []),
    process.execPath,
    "run",
    "--no-prompt",
    `--allow-read=${dir}`,
    `--allow-write=${dir}`,
    `--allow-net=unix:${dir}/sim.sock`,
    script,
    dir,
    ...args,
  ];
  return spawn(command[0]!, command.slice(1), {
    stdio: ["pipe", "pipe", "inherit"],
    env: process.env,
    detached: true,
  });
}

/** Hands on each whole line that the process says. */
export function onAnswers(child: ChildProcess, answer: (line: string) => void): void {
  let rest = "";
  child.stdout?.setEncoding("utf8");
  child.stdout?.on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) answer(line);
  });
}

import { join } from "node:path";
import type { Duplex } from "node:stream";
import type { Cancel, Clock } from "../clock.ts";
import type { Environment, Outline } from "../config/surroundings.ts";
import { Keeper } from "./keeper.ts";
import type { PluginNeeds } from "./needs.ts";
import {
  boardFlags,
  mediaFlags,
  mediaSocketPath,
  RUNTIME_FILE,
  runtimeFlags,
  socketPath,
} from "./permissions.ts";
import type { Ending, Program, ProgramOptions } from "./program.ts";

/** One Ctrl-C arrives several times: from the terminal, and from `deno task` and npx, which pass it on. */
const ONE_PRESS_MS = 300;
const STILL_STOPPING_MS = 2_000;
/** Plugins have 5 s each to undo what they did; whoever takes longer than this in all hangs. */
const STOP_MS = 20_000;
/** The runtime's start comes first, ms. */
const MEDIA_AFTER_MS = 1_000;
const RECLAIM = "--reclaim";

export interface SupervisorOptions {
  argv: readonly string[];
  env: Environment;
  outline: Outline;
  /** The project's directory. */
  root: string;
  /** The board's program, below `root`. */
  boardFile: string;
  /** The media process's program, below `root`; absent where nothing needs it. */
  mediaFile?: string;
  /** What the plugins need of the machine. */
  needs?: readonly PluginNeeds[];
  clock: Clock;
  start(options: ProgramOptions): Program;
  /** Starts plugins for the runtime at the other end; undefined where there is nothing to fence them with. */
  servePlugins: ((link: Duplex) => void) | undefined;
  say(line: string): void;
}

/** Starts the board, then the runtime, then what it needs beside it; keeps them running until it is told to stop or the runtime ends by itself. */
export class Supervisor {
  readonly #options: SupervisorOptions;
  #board: Keeper | undefined;
  #runtime: Keeper | undefined;
  #media: Keeper | undefined;
  #interruptedAt: number | undefined;

  constructor(options: SupervisorOptions) {
    this.#options = options;
  }

  /** @returns the exit status */
  async run(): Promise<Ending> {
    const { outline } = this.#options;
    if (outline.explains) return await this.#startRuntime(false).ended;
    const board = this.#board = this.#keep("The simulated board", () => this.#startBoard());
    const refused = await Promise.race([board.ended, board.ready.then(() => undefined)]);
    if (refused !== undefined) return refused;
    if (this.#interruptedAt !== undefined) return await board.ended;
    const runtime = this.#runtime = this.#keep("The runtime", (again) => this.#startRuntime(again));
    const cancelMedia = this.#startMediaLater();
    const ending = await Promise.race([runtime.ended, board.ended]);
    cancelMedia();
    await runtime.stop();
    await this.#media?.stop();
    await board.stop();
    return ending;
  }

  /** What Ctrl-C does: stops the runtime, then the board. A second one ends both at once. */
  interrupt(): void {
    const { clock, say } = this.#options;
    const now = clock.monotonic();
    if (this.#interruptedAt !== undefined) {
      if (now - this.#interruptedAt >= ONE_PRESS_MS) this.#kill();
      return;
    }
    this.#interruptedAt = now;
    (this.#runtime ?? this.#board)?.stop();
    clock.after(STILL_STOPPING_MS, () => say("Still stopping; Ctrl-C again ends it at once"));
    clock.after(STOP_MS, () => this.#kill());
  }

  /** The board is not killed: it ends, outputs off, when its input closes. */
  #kill(): void {
    this.#runtime?.kill();
    this.#media?.kill();
    this.#board?.stop();
  }

  #keep(name: string, start: (again: boolean) => Program): Keeper {
    const { clock, say } = this.#options;
    return new Keeper({
      start,
      clock,
      died: (ending, pauseMs) =>
        say(`${name} has ended unexpectedly (${ending}) and starts again in ${pauseMs} ms`),
    });
  }

  #startBoard(): Program {
    const { outline, root, boardFile, start } = this.#options;
    return start({
      file: join(root, boardFile),
      args: [socketPath(outline.data)],
      flags: boardFlags(outline),
      listen: true,
    });
  }

  #startMediaLater(): Cancel {
    const { outline, root, mediaFile, clock, env, start } = this.#options;
    if (mediaFile === undefined) return () => {};
    return clock.after(MEDIA_AFTER_MS, () => {
      this.#media = this.#keep("The media process", () =>
        start({
          file: join(root, mediaFile),
          args: [mediaSocketPath(outline.data)],
          flags: mediaFlags(outline, root),
          // Nothing that its native code, or what it starts, could read a secret from.
          env: { PATH: env["PATH"] ?? "" },
          listen: true,
        }));
    });
  }

  #startRuntime(again: boolean): Program {
    const { outline, root, needs, start, servePlugins } = this.#options;
    const runtime = start({
      file: join(root, RUNTIME_FILE),
      args: this.#runtimeArgs(again),
      flags: runtimeFlags(outline, root, needs),
      link: servePlugins !== undefined,
    });
    const { link } = runtime;
    if (link) {
      servePlugins?.(link);
      // Also where something else holds its end open.
      runtime.ended.then(() => link.destroy());
    }
    return runtime;
  }

  /** The panel is opened to be claimed again once, not at each new start. */
  #runtimeArgs(again: boolean): string[] {
    const { argv, env } = this.#options;
    const variables = Object.entries(env)
      .flatMap(([name, value]) => name.startsWith("PANEL_") ? ["--from-env", `${name}=${value}`] : []);
    const given = argv.filter((word, i) => !(i === 0 && word === "--") && !(again && word === RECLAIM));
    return ["--supervised", ...variables, ...given];
  }
}

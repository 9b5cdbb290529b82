import { duplexPair } from "node:stream";
import { pluginHostDir } from "../../core/boot/permissions.ts";
import { systemClock } from "../../core/clock.ts";
import { configSchema } from "../../core/config/schema.ts";
import { PluginDesk } from "../../core/isolate/launch/desk.ts";
import { remoteLaunch } from "../../core/isolate/launch/remote.ts";
import { spawnOn } from "../../core/isolate/launch/spawn.ts";
import type { LogLine } from "../../core/log.ts";
import { type AccessService, accessService, type ReleaseAnswer } from "../../core/mod.ts";
import { pluginsDir } from "../../core/store/paths.ts";
import type { PluginStatus } from "../../core/plugin/host.ts";
import { systemRandom } from "../../core/random.ts";
import { createRuntime, type Runtime } from "../../core/runtime.ts";
import { MortalClock } from "../../core/testing/mortal_clock.ts";
import { InProcessPort } from "../../drivers/sim/in_process.ts";
import { simBoard } from "../../drivers/sim/mod.ts";
import { BoardModel } from "../../drivers/sim/model.ts";
import { builtInPlugins, simulatorPlugins } from "../../plugins/mod.ts";
import { ROOT } from "../boot/panel_process.ts";
import { soon } from "../soon.ts";

/** A whole runtime in this process, on real time, so that its event loop can be watched; its third-party plugins are in their own. */
export class CorePanel implements AsyncDisposable {
  readonly runtime: Runtime;
  readonly access: AccessService;
  readonly lines: LogLine[];
  readonly board: BoardModel;
  /** The board's: a button may still be pressed when the test ends. */
  readonly #life: MortalClock;
  #releases = 0;

  private constructor(runtime: Runtime, lines: LogLine[], board: BoardModel, life: MortalClock) {
    this.runtime = runtime;
    this.#life = life;
    this.board = board;
    this.access = runtime.host.core.use(accessService);
    this.lines = lines;
  }

  static async start(data: string): Promise<CorePanel> {
    const lines: LogLine[] = [];
    const life = new MortalClock(systemClock);
    const board = new BoardModel(life);
    const [link, supervisors] = duplexPair();
    const runtime = await createRuntime({
      config: configSchema.parse({ data, zone: "UTC" }),
      plugins: [
        simBoard(new InProcessPort(board)),
        ...builtInPlugins,
        ...simulatorPlugins,
      ],
      clock: systemClock,
      random: systemRandom,
      logSink: (line) => void lines.push(line),
      saveSettings: () => Promise.resolve(),
      presenceByCode: true,
      offerClaim: () => {},
      fingerprint: null,
      pluginLaunch() {
        const grounds = {
          plugins: pluginsDir(data),
          host: pluginHostDir(ROOT),
          deno: Deno.execPath(),
          tools: "/usr/bin",
        };
        new PluginDesk({ link: supervisors, spawn: spawnOn(grounds, systemClock), say: console.error });
        return Promise.resolve(remoteLaunch(link));
      },
    });
    return new CorePanel(runtime, lines, board, life);
  }

  status(id: string): PluginStatus {
    return this.runtime.host.status().find((plugin) => plugin.id === id)!;
  }

  /** Resolved when the plugin is doing so; asked again every few ms. */
  until(id: string, isSo: (status: PluginStatus) => boolean): Promise<PluginStatus> {
    return soon(() => this.runtime.host.status().find((plugin) => plugin.id === id && isSo(plugin)), 5);
  }

  /** Decides on a release and has its row on disk. The output moves where it is not on already. */
  release(requestId = `r-${++this.#releases}`): Promise<ReleaseAnswer> {
    return this.access.release({
      requestId,
      accessPoint: "lock",
      actor: { kind: "system", id: "test", scopes: [] },
      via: "api",
    });
  }

  /** How long `count` releases took, ms each, with a turn of the event loop between them. */
  async timed(count: number): Promise<number[]> {
    const times: number[] = [];
    for (let i = 0; i < count; i++) {
      const begun = performance.now();
      await this.release();
      times.push(performance.now() - begun);
      await new Promise((done) => setTimeout(done));
    }
    return times;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.runtime.stop();
    this.#life.kill();
  }
}

/** How late the event loop of this process has been at most, ms, while `work` went on. */
export async function loopDelay(work: () => Promise<void>): Promise<number> {
  const STEP_MS = 5;
  let last = performance.now();
  let worst = 0;
  const timer = setInterval(() => {
    const now = performance.now();
    worst = Math.max(worst, now - last - STEP_MS);
    last = now;
  }, STEP_MS);
  try {
    await work();
  } finally {
    clearInterval(timer);
  }
  return worst;
}

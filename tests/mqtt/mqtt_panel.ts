import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "../../core/clock.ts";
import { configSchema, type PanelConfig } from "../../core/config/schema.ts";
import type { LogLine } from "../../core/log.ts";
import {
  type AccessService,
  accessService,
  type Actor,
  type LogRow,
  panelService,
  type ReleaseAnswer,
} from "../../core/mod.ts";
import { randomId, systemRandom } from "../../core/random.ts";
import { createRuntime, type Runtime } from "../../core/runtime.ts";
import { TestDevice } from "../../core/testing/device.ts";
import { MortalClock } from "../../core/testing/mortal_clock.ts";
import { InProcessPort } from "../../drivers/sim/in_process.ts";
import { simBoard } from "../../drivers/sim/mod.ts";
import { BoardModel } from "../../drivers/sim/model.ts";
import { builtInPlugins, simulatorPlugins } from "../../plugins/mod.ts";
import { bridge } from "../../plugins/mqtt/bridge.ts";
import { type Link, openLink } from "../../plugins/mqtt/link.ts";

const LONGEST_WAIT_MS = 20_000;
const ORIGIN = "http://127.0.0.1:8080";

/** Who opens from inside: an input, which is always let. */
const INSIDE: Actor = { kind: "input", id: "test", scopes: [] };

/** A whole panel in this process, on real time, a real database and the simulated board, that speaks to a real broker. */
export class MqttPanel {
  readonly data: string = mkdtempSync(join(tmpdir(), "latchkey-"));
  /** The board outlives the runtime, as hardware does. */
  readonly #boardLife = new MortalClock(systemClock);
  readonly board: BoardModel = new BoardModel(this.#boardLife);
  readonly lines: LogLine[] = [];
  readonly #config: PanelConfig;
  #runtime: Runtime | undefined;
  #life = new MortalClock(systemClock);
  #port = new InProcessPort(this.board);
  #links: Link[] = [];
  /** Ends the attempts to connect of a runtime that has crashed. */
  #death = new AbortController();
  #id = "";
  #code = "";
  #wake = () => {};

  /** The owner's: it claims the panel at its first start. */
  readonly #device = new TestDevice();

  readonly #keepaliveSeconds: number;

  private constructor(
    settings: object,
    { name, keepaliveSeconds }: { name: string; keepaliveSeconds: number },
  ) {
    this.#keepaliveSeconds = keepaliveSeconds;
    this.#config = configSchema.parse({
      name,
      zone: "Europe/Rome",
      data: this.data,
      plugins: { mqtt: settings },
    });
  }

  /** @param settings of the bridge */
  static async start(
    settings: object,
    { name = "Front door", keepaliveSeconds = 1 } = {},
  ): Promise<MqttPanel> {
    const panel = new MqttPanel(settings, { name, keepaliveSeconds });
    await panel.boot();
    return panel;
  }

  /** A request of the owner's. */
  // deno-lint-ignore no-explicit-any -- a test reads whatever the API answered
  async api(method: string, path: string, body?: unknown): Promise<any> {
    const fetch = (request: Request) => this.runtime.fetch(request);
    if (this.#device.token === undefined) await this.#device.claim(`${ORIGIN}/#claim=${this.#code}`, fetch);
    const response = await this.#device.send(fetch, method, `${ORIGIN}/api/v1${path}`, body);
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === "" ? undefined : JSON.parse(text);
  }

  get runtime(): Runtime {
    if (!this.#runtime) throw new Error("The panel is off");
    return this.#runtime;
  }

  get access(): AccessService {
    return this.runtime.host.core.use(accessService);
  }

  /** Of all topics but Home Assistant's. */
  get base(): string {
    return `latchkey/${this.#id}`;
  }

  get discovery(): string {
    return `homeassistant/device/${this.#id}/config`;
  }

  async boot(): Promise<void> {
    this.#life = new MortalClock(systemClock);
    this.#port = new InProcessPort(this.board);
    const links: Link[] = this.#links = [];
    const { signal: death } = this.#death = new AbortController();
    const mqtt = bridge(async (options) => {
      const link = await openLink({ ...options, signal: AbortSignal.any([options.signal, death]) });
      links.push(link);
      return link;
    }, { keepaliveSeconds: this.#keepaliveSeconds });
    this.#runtime = await createRuntime({
      config: this.#config,
      plugins: [
        simBoard(this.#port),
        ...builtInPlugins.map((plugin) => plugin.id === mqtt.id ? mqtt : plugin),
        ...simulatorPlugins,
      ],
      clock: this.#life,
      random: systemRandom,
      logSink: (line) => {
        this.lines.push(line);
        this.#wake();
      },
      saveSettings: () => Promise.resolve(),
      presenceByCode: true,
      offerClaim: ({ code }) => void (this.#code = code),
      fingerprint: null,
    });
    const { core } = this.#runtime.host;
    this.#id = (await core.use(panelService).describe()).id;
  }

  async stop(): Promise<void> {
    await this.runtime.stop();
    this.#runtime = undefined;
  }

  /** What SIGKILL does: timers, the board, the database and the connection are gone without a word. */
  async crash(): Promise<void> {
    this.#life.kill();
    this.#port.abandon();
    this.runtime.crash();
    this.#death.abort();
    for (const link of this.#links) link.close(false);
    await Promise.all(this.#links.map(({ ended }) => ended));
    this.#runtime = undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#runtime) await this.stop();
    this.#boardLife.kill();
    rmSync(this.data, { recursive: true, force: true });
  }

  /** Resolves when the panel has logged it. */
  async says(pattern: RegExp): Promise<void> {
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(
      () => late.reject(new Error(`The panel has not said ${pattern}, but ${JSON.stringify(this.lines)}`)),
      LONGEST_WAIT_MS,
    );
    try {
      while (!this.lines.some(({ message }) => pattern.test(message))) {
        await Promise.race([new Promise<void>((wake) => this.#wake = wake), late.promise]);
      }
    } finally {
      clearTimeout(timer);
    }
  }

  /** From inside, without MQTT. */
  release(accessPoint = "lock"): Promise<ReleaseAnswer> {
    return this.access.release({
      requestId: randomId(systemRandom),
      accessPoint,
      actor: INSIDE,
      via: "input",
    });
  }

  /** Rows of the access log that matter to doors, oldest first. */
  async rows(): Promise<LogRow[]> {
    return (await this.access.log({ kind: "release", limit: 500 })).reverse();
  }

  /** How often the output has moved. */
  pulses(output: string): number {
    const { edges } = this.board.edges(0, 10_000);
    return edges.filter(({ line, level }) => line === output && level > 0).length;
  }

  /** In seconds, as a command says when it was sent. */
  now(): number {
    return systemClock.now() / 1_000;
  }
}

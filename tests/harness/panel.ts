import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { configSchema, type PanelConfig } from "../../core/config/schema.ts";
import type { Launch } from "../../core/isolate/process.ts";
import type { Json } from "../../core/json.ts";
import type { LogLine } from "../../core/log.ts";
import type { Plugin } from "../../core/mod.ts";
import { createRuntime, type Runtime } from "../../core/runtime.ts";
import { openStore } from "../../core/store/database.ts";
import { databasePath } from "../../core/store/paths.ts";
import { forPlugin } from "../../core/store/plugin_state.ts";
import { TestDevice } from "../../core/testing/device.ts";
import { MortalClock } from "../../core/testing/mortal_clock.ts";
import { settle, VirtualClock } from "../../core/testing/virtual_clock.ts";
import { InProcessPort } from "../../drivers/sim/in_process.ts";
import type { Edge } from "../../drivers/sim/keys.ts";
import { simBoard } from "../../drivers/sim/mod.ts";
import { BoardModel } from "../../drivers/sim/model.ts";
import { FakeMediaPort, mediaLink } from "../../media/testing/fake_port.ts";
import { builtInPlugins, simulatorPlugins } from "../../plugins/mod.ts";
import { seededRandom } from "./random.ts";

export interface Reply {
  status: number;
  // deno-lint-ignore no-explicit-any -- a story reads whatever the API answered
  body: any;
}

export interface PanelOptions {
  /** Settings as in `panel.yaml`. */
  config?: { [key: string]: unknown };
  /** Wall time at the beginning, ms. */
  start?: number;
  seed?: number;
  /** Where the data directory is made: in the temporary directory unless told. */
  parent?: string;
  /** Plugins beside the built-in ones. */
  plugins?: readonly Plugin[];
  /** What starts third-party plugins. */
  launch?: Launch;
}

const ORIGIN = "http://127.0.0.1:8080";
/** For how long a nonce is good for certain, ms. */
const NONCE_MS = 60_000;

export const ANNA = "04A1B2C3D4E5F6";
export const BRUNO = "0499887766554433";

/**
 * A whole panel in this process: every built-in plugin, a real database in a directory of its own, the simulated
 * board, and time that moves when told to. The board outlives the runtime, as hardware does.
 */
export class Panel {
  readonly clock: VirtualClock;
  readonly board: BoardModel;
  /** Away until a test starts it. */
  readonly media: FakeMediaPort = new FakeMediaPort();
  readonly lines: LogLine[] = [];
  readonly data: string;
  /** Codes to claim the panel with, as they were shown. */
  readonly offers: string[] = [];
  readonly saved = new Map<string, Json>();
  /** The owner's: it claims the panel at its first start. */
  device: TestDevice = new TestDevice();
  #runtime: Runtime | undefined;
  /** Until when each device's nonce is good, monotonic ms. */
  #nonces = new WeakMap<TestDevice, number>();
  #life: MortalClock;
  #port: InProcessPort;
  readonly #options: PanelOptions;
  readonly #config: PanelConfig;
  readonly #random: (bytes: number) => Uint8Array;

  private constructor(options: PanelOptions) {
    this.#options = options;
    this.clock = new VirtualClock(options.start);
    this.board = new BoardModel(this.clock);
    this.data = mkdtempSync(join(options.parent ?? tmpdir(), "latchkey-"));
    this.#config = configSchema.parse({ zone: "Europe/Rome", ...options.config, data: this.data });
    this.#random = seededRandom(options.seed ?? 1);
    this.#life = new MortalClock(this.clock);
    this.#port = new InProcessPort(this.board);
  }

  static async start(options: PanelOptions = {}): Promise<Panel> {
    const panel = new Panel(options);
    await panel.boot();
    return panel;
  }

  get runtime(): Runtime {
    if (!this.#runtime) throw new Error("The panel is off");
    return this.#runtime;
  }

  async boot(): Promise<void> {
    const life = this.#life = new MortalClock(this.clock);
    this.#port = new InProcessPort(this.board);
    const saved = Object.fromEntries([...this.saved]);
    const { plugins = [], launch } = this.#options;
    const starting = createRuntime({
      config: { ...this.#config, plugins: { ...this.#config.plugins, ...saved } as PanelConfig["plugins"] },
      plugins: [
        simBoard(this.#port),
        mediaLink(this.media),
        ...builtInPlugins,
        ...simulatorPlugins,
        ...plugins,
      ],
      clock: life,
      random: this.#random,
      logSink: (line) => void this.lines.push(line),
      saveSettings: async (plugin, values) => {
        // What is left of a dead runtime in this process reaches no file.
        if (this.#life === life) this.saved.set(plugin, values);
        else await new Promise<never>(() => {});
      },
      presenceByCode: true,
      offerClaim: ({ code }) => void this.offers.push(code),
      fingerprint: null,
      ...(launch ? { pluginLaunch: () => Promise.resolve(launch) } : {}),
    });
    await this.clock.advance(0);
    this.#runtime = await starting;
    this.#nonces = new WeakMap();
    if (this.device.token === undefined) await this.claim();
    await settle();
  }

  /** Makes a device the owner's, where the panel has none. */
  async claim(device: TestDevice = this.device): Promise<void> {
    const link = `${ORIGIN}/#claim=${this.offers.at(-1)}`;
    await device.claim(link, (request) => this.runtime.fetch(request));
  }

  /** Clean stop; `boot` starts again on the same data. */
  async stop(): Promise<void> {
    const stopping = this.runtime.stop();
    await this.clock.advance(0);
    await stopping;
    this.#runtime = undefined;
  }

  /** Puts something into a plugin's state as another version may have left it; the panel is off. */
  async keep(plugin: string, key: string, value: Json): Promise<void> {
    const store = openStore(databasePath(this.data));
    await forPlugin(store, plugin).set(key, value);
    store.close();
  }

  /** What SIGKILL does: timers, the link and the database handle are gone without a word. */
  crash(): void {
    this.#life.kill();
    this.#life = new MortalClock(this.clock);
    this.#port.abandon();
    this.runtime.crash();
    this.#runtime = undefined;
  }

  /** Cuts or joins the wire between runtime and board. */
  setWire(up: boolean): void {
    this.#port.setWire(up);
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.boot();
  }

  /** Stops and removes the data. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#runtime) await this.stop();
    rmSync(this.data, { recursive: true, force: true });
  }

  /** A request of the owner's device, or another; `body` is sent as JSON. */
  async api(method: string, path: string, body?: unknown, device: TestDevice = this.device): Promise<Reply> {
    const fetch = (request: Request) => this.runtime.fetch(request);
    if (this.clock.monotonic() >= (this.#nonces.get(device) ?? 0)) await this.#freshNonce(device);
    const response = await device.send(fetch, method, `${ORIGIN}/api/v1${path}`, body);
    this.#nonces.set(device, this.clock.monotonic() + NONCE_MS);
    const text = await response.text();
    return { status: response.status, body: text === "" ? undefined : JSON.parse(text) };
  }

  /** So that no request of a test is sent twice. */
  async #freshNonce(device: TestDevice): Promise<void> {
    const response = await this.runtime.fetch(
      new Request(`${ORIGIN}/api/v1/identity`, { headers: { dpop: "" } }),
    );
    await response.body?.cancel();
    device.nonce = response.headers.get("dpop-nonce")!;
  }

  get(path: string): Promise<Reply> {
    return this.api("GET", path);
  }

  post(path: string, body: unknown = {}): Promise<Reply> {
    return this.api("POST", path, body);
  }

  release(accessPoint: string, requestId?: string): Promise<Reply> {
    return this.post(`/access-points/${accessPoint}/release`, requestId === undefined ? {} : { requestId });
  }

  advance(ms: number): Promise<void> {
    return this.clock.advance(ms);
  }

  async press(input = "bell"): Promise<void> {
    this.board.press(input);
    await this.advance(300);
  }

  async present(uid: string): Promise<void> {
    this.board.present("reader", { uid, cardKind: "iso14443a" });
    await this.advance(0);
  }

  async remove(): Promise<void> {
    this.board.remove("reader");
    await this.advance(0);
  }

  /** Holds a badge to the reader for `ms`, then takes it away and lets the answer be heard. */
  async hold(uid: string, ms: number): Promise<void> {
    await this.present(uid);
    await this.advance(ms);
    await this.remove();
    await this.advance(1_200);
  }

  swipe(uid: string): Promise<void> {
    return this.hold(uid, 300);
  }

  /** Enrols a card through the wizard's API. */
  async enrol(uid: string, holderName: string, terms: { [key: string]: unknown } = {}): Promise<string> {
    const begun = await this.post("/plugins/rfid/enrolments", {
      holderName,
      terms: { accessPoints: ["lock", "gate"], ...terms },
    });
    if (begun.status !== 201) throw new Error(`Enrolment was refused: ${JSON.stringify(begun)}`);
    await this.hold(uid, 500);
    const { body } = await this.get("/plugins/rfid/enrolments/current");
    if (body.state !== "done") throw new Error(`Enrolment ended as ${JSON.stringify(body)}`);
    await this.advance(3000);
    return body.credentialId;
  }

  /** Edges of one line, or of all. */
  edges(line?: string): Edge[] {
    const { edges } = this.board.edges(0, 10_000);
    return line === undefined ? edges : edges.filter((edge) => edge.line === line);
  }

  /** Length of each pulse of an output that has ended, ms. */
  pulses(output: string): number[] {
    const lengths: number[] = [];
    let since: number | undefined;
    for (const { level, at } of this.edges(output)) {
      if (level > 0 && since === undefined) since = at;
      if (level === 0 && since !== undefined) {
        lengths.push(Math.round(at - since));
        since = undefined;
      }
    }
    return lengths;
  }

  // deno-lint-ignore no-explicit-any -- rows are compared member by member
  async accessLog(kind?: string): Promise<any[]> {
    const { body } = await this.get(`/access-log?limit=500${kind === undefined ? "" : `&kind=${kind}`}`);
    return body.items ?? body;
  }
}

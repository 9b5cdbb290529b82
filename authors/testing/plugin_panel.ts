import type { Wants } from "../../core/isolate/manifest.ts";
import type { Json } from "../../core/json.ts";
import type { LogLine } from "../../core/log.ts";
import {
  accessService,
  type Call,
  callService,
  type Context,
  credentialService,
  type EventKey,
  type LogRow,
  type Part,
  partsPoint,
  type ReleaseAnswer,
  type ServiceKey,
  type Terms,
} from "../../core/mod.ts";
import type { PluginStatus } from "../../core/plugin/host.ts";
import type { BoardModel } from "../../drivers/sim/model.ts";
import type { Panel, Reply } from "../../tests/harness/panel.ts";
import { hintFor } from "../hints.ts";
import type { LocalServer } from "./local_server.ts";
import { type PluginPanelOptions, type Seat, type Side, takeSeat } from "./seat.ts";
import { tellUsage, unused, type Usage } from "./usage.ts";

/** How a badge is set up that opens `lock` at any time. */
const TERMS: Terms = {
  validity: { kind: "always" },
  accessPoints: ["lock"],
  usesLeft: null,
  suspended: false,
};
const OWNER = { kind: "person", id: "member-1", scopes: [] } as const;
/** How long something outside of the test's time may take, such as an answer over HTTP, real ms. */
const PATIENCE_MS = 10_000;

/**
 * A whole panel on the simulated board with one plugin under test, in this process, on time that moves when told to.
 * Across the border the plugin talks to the panel as it does from a process of its own: in JSON lines, with what was
 * granted and no more. What a process's permissions forbid, `plugin:check` shows.
 */
export class PluginPanel implements AsyncDisposable {
  readonly id: string;
  readonly side: Side;
  /** What was emitted since the start, oldest first. */
  readonly events: { name: string; value: unknown }[] = [];
  readonly #panel: Panel;
  readonly #parts = new Map<string, Part>();
  readonly #usage: Usage;
  readonly #granted: Wants;
  readonly #web: LocalServer | undefined;

  private constructor({ id, side, panel, granted, usage }: Seat, web: LocalServer | undefined) {
    this.id = id;
    this.side = side;
    this.#panel = panel;
    this.#granted = granted;
    this.#web = web;
    this.#usage = usage;
    panel.runtime.host.bus.tap(({ name }, value) => void this.events.push({ name, value }));
    this.core.watch(partsPoint, {
      added: (part) => void this.#parts.set(part.id, part),
      removed: (part) => void this.#parts.delete(part.id),
    });
  }

  /** Starts the panel and the plugin. @throws {Error} where the plugin does not start, with what to do about it */
  static async start(options: PluginPanelOptions): Promise<PluginPanel> {
    const seat = await takeSeat(options);
    const started = new PluginPanel(seat, options.web);
    try {
      await seat.begin();
      await started.#running();
    } catch (error) {
      await started[Symbol.asyncDispose]();
      throw error;
    }
    return started;
  }

  /** The simulated board: its inputs, outputs, reader and faults. */
  get board(): BoardModel {
    return this.#panel.board;
  }

  /** The server that the plugin reaches, where the test has one. */
  get web(): LocalServer {
    if (this.#web) return this.#web;
    throw new Error("This test has no server: give it one with `web`");
  }

  /** The panel's own context: emits, provides, contributes and watches as other plugins would. */
  get core(): Context {
    return this.#panel.runtime.host.core;
  }

  /** The lines that the panel, or the plugin, has logged. */
  get lines(): LogLine[] {
    return this.#panel.lines;
  }

  /** Wall time, ms. */
  get now(): number {
    return this.#panel.clock.now();
  }

  /** How the plugin is doing. */
  get status(): PluginStatus {
    return this.#panel.runtime.host.status().find(({ id }) => id === this.id)!;
  }

  /** What was granted and has not been used up to now; across the border only. */
  get unused(): string[] {
    return this.side === "border" ? unused(this.#granted, this.#usage) : [];
  }

  /** Lets so many ms pass, with all that happens in them. */
  advance(ms: number): Promise<void> {
    return this.#panel.advance(ms);
  }

  /**
   * What `look` gives, once it gives something true. For what the test's time does not move, such as an answer over HTTP.
   * @throws {Error} after 10 s
   */
  async until<T>(look: () => T | Promise<T>): Promise<NonNullable<T>> {
    const begun = performance.now();
    for (;;) {
      await this.#panel.advance(0);
      const found = await look();
      if (found) return found;
      if (performance.now() - begun > PATIENCE_MS) {
        throw new Error(`Nothing came of it for ${PATIENCE_MS / 1_000} s: ${look}`);
      }
      await new Promise((done) => setTimeout(done, 2));
    }
  }

  /** Presses a button of the board for a moment: `bell`, `exit-button`, or another input. */
  press(input: string): Promise<void> {
    return this.#panel.press(input);
  }

  /** Presses the bell. @returns the call that is open then */
  async ring(): Promise<Call> {
    await this.press("bell");
    const call = await this.use(callService).current();
    if (!call) throw new Error("The bell was pressed, and there is no call");
    return call;
  }

  /** The owner answers the call that rings. */
  answer(): Promise<Call> {
    return this.#call("answer");
  }

  /** The owner ends the call. */
  hangUp(): Promise<Call> {
    return this.#call("end");
  }

  /** Adds a badge that opens the lock, unless its terms say otherwise. */
  async addCard(uid: string, holderName: string, terms: Partial<Terms> = {}): Promise<void> {
    await this.use(credentialService).addCard(
      { uid, cardKind: "iso14443a", holderName, terms: { ...TERMS, ...terms } },
      { ...OWNER, scopes: [] },
    );
  }

  /** Holds a badge to the reader for a moment. @returns the row of the access log that came of it */
  async swipe(uid: string): Promise<LogRow | undefined> {
    const before = (await this.log()).length;
    await this.#panel.swipe(uid);
    return (await this.log()).slice(before).at(-1);
  }

  /** The owner asks to release something, from a phone. */
  async release(accessPoint: string): Promise<Pick<ReleaseAnswer, "outcome" | "reason" | "message">> {
    const { body } = await this.#panel.release(accessPoint);
    await this.advance(0);
    const { outcome, reason, message, detail } = body;
    return { outcome, reason, message: message ?? detail };
  }

  /** How long each pulse of an output was, ms; of those that are over. */
  pulses(output: string): number[] {
    return this.#panel.pulses(output);
  }

  /** The access log, oldest row first. */
  async log(kind?: LogRow["kind"]): Promise<LogRow[]> {
    const rows = await this.use(accessService).log({ limit: 500, ...(kind === undefined ? {} : { kind }) });
    return rows.reverse();
  }

  /** A part that is there, of any plugin. @throws {Error} where it is not */
  part(id: string): Part {
    const part = this.#parts.get(id);
    if (part) return part;
    throw new Error(`There is no part "${id}"; there is ${[...this.#parts.keys()].join(", ")}`);
  }

  /** The ids of all parts. */
  get parts(): string[] {
    return [...this.#parts.keys()];
  }

  /** What a part says of itself now. */
  async state(id: string): Promise<{ [key: string]: Json }> {
    return await this.part(id).state();
  }

  /** The owner tells a part to do something, through the API. */
  command(part: string, command: string, args: Json = {}): Promise<Reply> {
    return this.api("POST", `/parts/${part}/commands/${command}`, args);
  }

  /** What an event has said since the start, oldest first. */
  heard<T>({ name }: EventKey<T>): T[] {
    return this.events.filter((event) => event.name === name).map(({ value }) => value as T);
  }

  /** Emits an event as the panel, or another plugin, does, and lets it be heard. */
  async emit<T>(event: EventKey<T>, value: T): Promise<void> {
    this.core.emit(event, value);
    await this.advance(0);
  }

  /** A service of the panel's, or of the plugin under test. */
  use<T>(service: ServiceKey<T>): T {
    return this.core.use(service);
  }

  /** The owner calls a route of the plugin's: `call("GET", "/greeting")`. */
  call(method: string, path: string, body?: Json): Promise<Reply> {
    return this.api(method, `/plugins/${this.id}${path}`, body);
  }

  /** The owner calls any route of the panel's, below `/api/v1`. */
  api(method: string, path: string, body?: Json): Promise<Reply> {
    return this.#panel.api(method, path, body);
  }

  /** The owner changes the plugin's settings: it starts again with the new ones. */
  change(settings: { [key: string]: Json }): Promise<Reply> {
    return this.api("PUT", `/settings/${this.id}`, settings);
  }

  /** Stops the plugin and starts it again. */
  async restart(): Promise<void> {
    const restarting = this.#panel.runtime.host.restart(this.id);
    await this.advance(0);
    await restarting;
    await this.#running();
  }

  /** Stops the plugin, until `restart`. */
  async stop(): Promise<void> {
    const stopping = this.#panel.runtime.host.halt(this.id);
    await this.advance(0);
    await stopping;
  }

  /** What the plugin has registered at the panel, by label; nothing is left of it once it has stopped. */
  get effects(): string[] {
    return this.#panel.runtime.host.effects()[this.id] ?? [];
  }

  /** Timers that wait, of the panel and of all plugins. */
  get pendingTimers(): number {
    return this.#panel.clock.pending;
  }

  /** Stops all of it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#panel[Symbol.asyncDispose]();
    tellUsage(this.#usage);
  }

  async #call(act: "answer" | "end"): Promise<Call> {
    const call = await this.use(callService).current();
    if (!call) throw new Error(`There is no call to ${act}`);
    const { status, body } = await this.api("POST", `/calls/${call.id}/${act}`, {});
    if (status !== 200) throw new Error(`The panel refused to ${act} the call: ${body.detail}`);
    await this.advance(0);
    return body;
  }

  async #running(): Promise<void> {
    const { state, reason } = await this.until(() =>
      ["running", "failed"].includes(this.status.state) ||
        (this.status.state === "waiting" && this.status.reason !== "")
        ? this.status
        : undefined
    );
    if (state === "running") return;
    const hint = hintFor(reason);
    throw new Error(`Plugin "${this.id}" does not start: ${reason}${hint ? `\nTo mend it, ${hint}` : ""}`);
  }
}

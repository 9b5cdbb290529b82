import { mkdirSync } from "node:fs";
import type { OpenPanel } from "../../core/boot/panel.ts";
import type { PluginManifest } from "../../core/isolate/manifest.ts";
import { newPhrases, phrasesOf } from "../../core/isolate/plain_words.ts";
import { errorText, type LogLine, readableLine } from "../../core/log.ts";
import type { Actor } from "../../core/mod.ts";
import type { PluginStatus } from "../../core/plugin/host.ts";
import { hintFor } from "../hints.ts";
import { letIn, readManifest, takeIn } from "../manifest.ts";
import { openDevPanel } from "./panel.ts";

const AUTHOR: Actor = { kind: "system", id: "plugin:dev", scopes: [] };
const LOOK_MS = 20;
const LONGEST_MS = 30_000;

export interface WorkbenchOptions {
  /** The plugin's folder. */
  folder: string;
  /** The panel's data directory. */
  data: string;
  /** 0 takes a free one. */
  port: number;
  say(text: string): void;
}

/** A plugin on a simulated panel, that runs anew when its files change; the panel and all else in it goes on. */
export class Workbench implements AsyncDisposable {
  readonly panel: OpenPanel;
  readonly #options: WorkbenchOptions;
  #running: { manifest: PluginManifest; digest: string } | undefined;
  #turn: Promise<void> = Promise.resolve();

  private constructor(options: WorkbenchOptions, panel: OpenPanel) {
    this.#options = options;
    this.panel = panel;
  }

  /** Opens the panel and lets the plugin in. @throws {LatchkeyError} where the folder is no plugin's */
  static async open(options: WorkbenchOptions): Promise<Workbench> {
    const { folder, data, port, say } = options;
    const { id } = readManifest(folder);
    mkdirSync(data, { recursive: true, mode: 0o700 });
    const isShown = ({ level, fields }: LogLine) =>
      fields["plugin"] === id || level === "error" || level === "warn";
    const logSink = (line: LogLine) => isShown(line) && say(readableLine(line));
    const bench = new Workbench(options, await openDevPanel({ data, port, logSink, say }));
    await bench.refresh();
    return bench;
  }

  /** Runs the folder as it is now, where that is not what runs. One after the other, however often it is called. */
  refresh(): Promise<void> {
    return this.#turn = this.#turn.then(() => this.#refresh()).catch((error) => this.#fail(errorText(error)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#turn;
    await this.panel.stop();
  }

  async #refresh(): Promise<void> {
    const { folder, data, say } = this.#options;
    const begun = performance.now();
    const waiting = await takeIn(folder, data);
    const { manifest, digest } = waiting;
    const before = this.#running;
    if (before?.digest === digest) return;
    const thirdParty = await this.panel.runtime.thirdParty.open();
    if (before && before.manifest.id !== manifest.id) await thirdParty.dismiss(before.manifest.id, AUTHOR);
    this.#sayWants(manifest, before?.manifest);
    const settings = thirdParty.find(manifest.id)?.settings ?? {};
    await thirdParty.admit(letIn(waiting, { settings }));
    this.#running = { manifest, digest };
    const { state, reason } = await this.#settled(manifest.id);
    if (state !== "running") return this.#fail(reason);
    say(`▶ ${manifest.title} runs${before ? " anew" : ""} (${Math.round(performance.now() - begun)} ms)`);
  }

  #fail(reason: string): void {
    const hint = hintFor(reason);
    this.#options.say([`✗ It does not run: ${reason}`, ...(hint ? [`  → ${hint}`] : [])].join("\n"));
  }

  #sayWants(manifest: PluginManifest, before: PluginManifest | undefined): void {
    const phrases = before ? newPhrases(manifest.wants, before.wants) : phrasesOf(manifest.wants);
    if (phrases.length === 0) return;
    const heading = before ? "It now wants too, and gets:" : `${manifest.title} wants, and gets:`;
    this.#options.say([heading, ...phrases.map(({ text }) => `  ${text}`)].join("\n"));
  }

  async #settled(id: string): Promise<PluginStatus> {
    const begun = performance.now();
    for (;;) {
      const status = this.panel.runtime.host.status().find((plugin) => plugin.id === id);
      if (status && isSettled(status)) return status;
      if (performance.now() - begun > LONGEST_MS) throw new Error(`It is ${status?.state} for ever`);
      await new Promise((done) => setTimeout(done, LOOK_MS));
    }
  }
}

function isSettled({ state, reason }: PluginStatus): boolean {
  return state === "running" || state === "failed" || (state === "waiting" && reason !== "");
}

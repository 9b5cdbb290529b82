import type { Buffer } from "node:buffer";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { TestDevice } from "../../../core/testing/device.ts";
import type { SlotChange } from "../../../drivers/sim/keys.ts";
import { Panel, type Reply } from "../../../tests/harness/panel.ts";
import type { Clip, RecorderView } from "../model.ts";
import { recordedParts } from "../../../media/testing/movie.ts";

const ORIGIN = "http://127.0.0.1:8080";
const BASE = "/plugins/recorder";
const STEP_MS = 500;

/** A whole panel with a card, its media process faked; time moves by hand, the card's files are real. */
export class RecorderPanel implements AsyncDisposable {
  readonly panel: Panel;
  /** A moving picture: its head, then seconds. */
  readonly parts: Buffer[];
  /** How many seconds each recording has got. */
  readonly #filmed = new WeakMap<object, number>();

  private constructor(panel: Panel, parts: Buffer[]) {
    this.panel = panel;
    this.parts = parts;
  }

  static async start(
    settings: { [key: string]: unknown } = {},
    { initialized = true, seed = 1, seconds = 4 }: {
      initialized?: boolean;
      seed?: number;
      seconds?: number;
    } = {},
  ): Promise<RecorderPanel> {
    const config = { plugins: { recorder: settings } };
    const panel = await Panel.start({ config, seed });
    panel.media.set(true);
    const bench = new RecorderPanel(panel, recordedParts(seconds));
    await bench.until(async () => (await bench.state()).card.state === "uninitialized");
    if (initialized) await bench.initialize();
    return bench;
  }

  /** Time goes on, a little each time, until it is so: the card's files take real time. */
  async until(condition: () => Promise<boolean> | boolean): Promise<void> {
    for (let tries = 0; !await condition(); tries++) {
      if (tries > 2_000) throw new Error("It did not come to that");
      await this.panel.advance(100);
      await new Promise((done) => setTimeout(done, 2));
    }
  }

  /** Files take their real time meanwhile. */
  async pass(ms: number, step = STEP_MS): Promise<void> {
    for (let passed = 0; passed < ms; passed += step) {
      await this.panel.advance(Math.min(step, ms - passed));
      await new Promise((done) => setTimeout(done, 2));
    }
  }

  ask(method: string, path: string, body?: unknown, device?: TestDevice): Promise<Reply> {
    return this.panel.api(method, BASE + path, body, device);
  }

  async must<T = unknown>(method: string, path: string, body?: unknown): Promise<T> {
    const reply = await this.ask(method, path, body);
    if (reply.status >= 300) {
      throw new Error(`${method} ${path}: ${reply.status} ${JSON.stringify(reply.body)}`);
    }
    return reply.body as T;
  }

  state(): Promise<RecorderView> {
    return this.must<RecorderView>("GET", "/state");
  }

  clips(): Promise<Clip[]> {
    return this.must<Clip[]>("GET", "/clips");
  }

  async initialize(): Promise<void> {
    await this.must("POST", "/card/initialize", { confirm: "erase" });
    await this.until(async () => (await this.state()).card.state === "normal");
  }

  async slot(change: SlotChange): Promise<void> {
    this.panel.board.setSlot(change);
    await this.panel.advance(0);
  }

  async becomes(state: string): Promise<void> {
    await this.until(async () => (await this.state()).card.state === state);
  }

  /** Motion is looked for from now on. */
  async lookOut(): Promise<void> {
    const wish = { enabled: true, sensitivity: 50, zones: [] };
    const { status } = await this.panel.api("PUT", "/plugins/camera/motion", wish);
    if (status !== 200) throw new Error(`Motion is not looked for: ${status}`);
  }

  /** A request as a player makes it. */
  async fetch(path: string, headers: Record<string, string> = {}): Promise<Response> {
    const url = `${ORIGIN}/api/v1${BASE}${path}`;
    // For its nonce.
    await this.panel.get("/me");
    const signed = this.panel.device.headers("GET", url);
    return await this.panel.runtime.fetch(new Request(url, { headers: { ...signed, ...headers } }));
  }

  /** The camera goes on for so many seconds; what is being recorded gets them. */
  async film(seconds: number = this.parts.length - 1): Promise<void> {
    const { recordings } = this.panel.media;
    await this.until(() => recordings.size > 0);
    for (let second = 0; second < seconds; second++) {
      for (const recording of recordings) {
        const next = this.#filmed.get(recording) ?? 0;
        if (next === 0) recording.write(this.parts[0]!);
        const part = this.parts[next + 1];
        if (part) recording.write(part);
        this.#filmed.set(recording, next + 1);
      }
      await this.pass(1_000);
    }
  }

  /** From a ring until nothing of it is recorded any more. */
  async call(seconds?: number): Promise<string> {
    const id = await this.ring();
    await this.film(seconds);
    await this.panel.post(`/calls/${id}/reject`);
    await this.until(async () => (await this.state()).recording.length === 0);
    return id;
  }

  async ring(): Promise<string> {
    await this.panel.post("/plugins/simulator/inputs/bell/press");
    await this.pass(500);
    return (await this.panel.get("/calls/current")).body.id;
  }

  async manual(seconds?: number): Promise<void> {
    await this.must("POST", "/recording");
    await this.film(seconds);
    await this.must("DELETE", "/recording");
    await this.until(async () => (await this.state()).recording.length === 0);
  }

  /** Files on a card. */
  files(card = "card-1"): string[] {
    return readdirSync(join(this.panel.data, "cards", card)).toSorted();
  }

  file(name: string, card = "card-1"): Buffer {
    return readFileSync(join(this.panel.data, "cards", card, name));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.panel[Symbol.asyncDispose]();
  }
}

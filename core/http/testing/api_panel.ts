import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { accessService } from "../../access/keys.ts";
import { setupCalls } from "../../calls/setup.ts";
import { configJsonSchema } from "../../config/json_schema.ts";
import type { Json } from "../../json.ts";
import type { Plugin } from "../../plugin/plugin.ts";
import { systemRandom } from "../../random.ts";
import { createSettings } from "../../settings.ts";
import { AccessPanel } from "../../testing/access_panel.ts";
import { VirtualClock } from "../../testing/virtual_clock.ts";
import { createApi } from "../api.ts";
import { createOwnerToken, createTokenCheck } from "../auth.ts";
import type { Api, ApiDeps } from "../deps.ts";
import { RouteTable } from "../route_table.ts";

export interface ApiPanelOptions {
  plugins?: Plugin[];
  webDir?: string;
  address?: Partial<ApiDeps["address"]>;
}

export interface Sent {
  /** Sent as JSON. */
  body?: unknown;
  /** Sent as it is. */
  text?: RequestInit["body"];
  /** The owner's unless told; null sends none. */
  token?: string | null;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

export interface Reply {
  status: number;
  // deno-lint-ignore no-explicit-any -- a test reads whatever was answered
  body: any;
}

/** The API over an access core with two fake access points, calls and settings; no socket, no hardware. */
export class ApiPanel {
  readonly core: AccessPanel;
  readonly clock: VirtualClock = new VirtualClock();
  readonly routes: RouteTable = new RouteTable();
  readonly saved = new Map<string, Json>();
  readonly token: string;
  readonly fetch: Api["fetch"];
  readonly #dir: string;

  private constructor({ plugins = [], webDir, address }: ApiPanelOptions) {
    this.#dir = mkdtempSync(join(tmpdir(), "latchkey-"));
    this.core = new AccessPanel(this.#dir, this.clock, this.routes.serve);
    const { host, store, trust } = this.core;
    this.token = createOwnerToken(store, systemRandom, this.clock.now());
    setupCalls(host.core, { store, random: systemRandom, ringMs: 30_000, maxMs: 600_000 });
    const settings = createSettings({
      host,
      plugins,
      save: (plugin, values) => Promise.resolve(void this.saved.set(plugin, values)),
      access: () => host.core.use(accessService),
    });
    const api = createApi({
      core: host.core,
      bus: host.bus,
      routes: this.routes,
      log: host.core.log,
      random: systemRandom,
      panel: { name: "Front door", version: "1.2.3" },
      plugins: () => host.status(),
      settings,
      clockTrust: trust,
      tokens: createTokenCheck(store),
      configSchema: () => configJsonSchema(plugins),
      address: { host: "127.0.0.1", hosts: [], ...address },
      ...(webDir === undefined ? {} : { webDir }),
    });
    this.fetch = api.fetch;
    for (const plugin of plugins) host.add(plugin, {});
  }

  static async start(options: ApiPanelOptions = {}): Promise<ApiPanel> {
    const panel = new ApiPanel(options);
    await panel.core.host.start();
    return panel;
  }

  /** A request below `/api/v1`, or anywhere where `path` is a whole URL. */
  send(method: string, path: string, sent: Sent = {}): Promise<Response> {
    const { body, text, token = this.token, headers = {}, signal } = sent;
    const content = body === undefined ? text : JSON.stringify(body);
    const request = new Request(path.startsWith("/") ? `http://127.0.0.1:8080/api/v1${path}` : path, {
      method,
      headers: {
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(content === undefined ? {} : { body: content }),
      ...(signal === undefined ? {} : { signal }),
    });
    return this.fetch(request);
  }

  /** As `send`, with the answer read as JSON. */
  async ask(method: string, path: string, sent?: Sent): Promise<Reply> {
    const response = await this.send(method, path, sent);
    const text = await response.text();
    return { status: response.status, body: text === "" ? undefined : JSON.parse(text) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.core.stop();
    rmSync(this.#dir, { recursive: true, force: true });
  }
}

import { Buffer } from "node:buffer";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { accessService } from "../../access/keys.ts";
import { setupAuth } from "../../auth/setup.ts";
import { createBackupDesk } from "../../backup/desk.ts";
import { setupCalls } from "../../calls/setup.ts";
import { configJsonSchema } from "../../config/json_schema.ts";
import type { Json } from "../../json.ts";
import { setupMembers } from "../../members/setup.ts";
import type { NewMember } from "../../members/model.ts";
import type { Plugin } from "../../plugin/plugin.ts";
import { systemRandom } from "../../random.ts";
import { ThirdPartyDoor } from "../../isolate/door.ts";
import { storedGrants } from "../../isolate/grants.ts";
import { trustedKeys } from "../../isolate/install/trusted_keys.ts";
import type { GrantedPlugin } from "../../isolate/manifest.ts";
import type { Launch } from "../../isolate/process.ts";
import { pluginsDir } from "../../store/paths.ts";
import { stateSizes } from "../../store/plugin_state.ts";
import { createSettings } from "../../settings.ts";
import { AccessPanel } from "../../testing/access_panel.ts";
import { TestDevice } from "../../testing/device.ts";
import { VirtualClock } from "../../testing/virtual_clock.ts";
import { createApi } from "../api.ts";
import type { Api, ApiDeps } from "../deps.ts";
import { RouteTable } from "../route_table.ts";

export interface ApiPanelOptions {
  plugins?: Plugin[];
  webDir?: string;
  address?: Partial<ApiDeps["address"]>;
  bearer?: boolean;
  /** What the household calls the panel. */
  name?: string;
  /** The certificate to trust, PEM; without TLS there is none. */
  rootCertificate?: string;
  /** Starts third-party plugins. */
  launch?: Launch;
  /** Those that the owner has let in. */
  granted?: GrantedPlugin[];
}

export interface Sent {
  /** Sent as JSON. */
  body?: unknown;
  /** Sent as it is. */
  text?: RequestInit["body"];
  /** Who asks: the owner's device unless told; null sends no token and no proof. */
  device?: TestDevice | null;
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
  /** The owner's. */
  readonly device: TestDevice;
  /** Codes to claim the panel with, as they were shown. */
  readonly offers: string[] = [];
  readonly fetch: Api["fetch"];
  readonly thirdParty: ThirdPartyDoor;
  readonly #dir: string;
  readonly #nonce: () => string;

  private constructor(options: ApiPanelOptions) {
    const { plugins = [], webDir, address, bearer = false, name = "Front door", rootCertificate } = options;
    this.#dir = mkdtempSync(join(tmpdir(), "latchkey-"));
    this.core = new AccessPanel(this.#dir, this.clock, this.routes.serve);
    const { host, store, trust, parts } = this.core;
    const { members } = parts;
    const claim = setupMembers(host.core, {
      access: parts,
      random: systemRandom,
      bearerAllowed: bearer,
      presenceByCode: true,
      offerClaim: (code) => void this.offers.push(code),
      dataDir: this.#dir,
    });
    const auth = setupAuth(host.core, {
      members,
      random: systemRandom,
      bearerAllowed: bearer,
      clockTrusted: () => trust.trusted(),
    });
    this.#nonce = () => auth.proofs.nonce();
    this.device = this.pair("member-1");
    setupCalls(host.core, { store, random: systemRandom, ringMs: 30_000, maxMs: 600_000 });
    const { launch, granted = [] } = options;
    const grants = storedGrants(store);
    for (const plugin of granted) grants.put(plugin);
    this.thirdParty = new ThirdPartyDoor({
      host,
      clock: this.clock,
      log: host.core.log,
      grants,
      keys: trustedKeys(store),
      plugins: pluginsDir(this.#dir),
      random: systemRandom,
      launch: launch && (() => Promise.resolve(launch)),
      builtIn: plugins.map(({ id }) => id),
      stateSizes: (id) => stateSizes(store, id),
      access: () => host.core.use(accessService),
    });
    const settings = createSettings({
      host,
      plugins: () => [...plugins, ...this.thirdParty.plugins()],
      save: (plugin, values) => Promise.resolve(void this.saved.set(plugin, values)),
      access: () => host.core.use(accessService),
    });
    const api = createApi({
      core: host.core,
      bus: host.bus,
      routes: this.routes,
      log: host.core.log,
      random: systemRandom,
      panel: { name, version: "1.2.3" },
      plugins: () => host.status(),
      settings,
      thirdParty: this.thirdParty,
      clockTrust: trust,
      ...auth,
      claim,
      backups: createBackupDesk(host.core, {
        accessLog: parts.accessLog,
        dataDir: this.#dir,
        configPath: undefined,
        name: "Front door",
        version: "1.2.3",
      }),
      identity: () => ({ deviceId: "0".repeat(32), fingerprint: null, claimed: members.owners() > 0 }),
      configSchema: () => configJsonSchema(plugins),
      address: { host: "127.0.0.1", hosts: [], ...address },
      ...(webDir === undefined ? {} : { webDir }),
      ...(rootCertificate === undefined ? {} : { rootCertificate }),
    });
    this.fetch = api.fetch;
    for (const plugin of plugins) host.add(plugin, {});
  }

  static async start(options: ApiPanelOptions = {}): Promise<ApiPanel> {
    const panel = new ApiPanel(options);
    await panel.core.host.start();
    return panel;
  }

  /** A device of a member, paired. */
  pair(memberId: string, bearer = false): TestDevice {
    const device = new TestDevice();
    device.token = Buffer.from(systemRandom(32)).toString("base64url");
    device.nonce = this.#nonce();
    const publicKey = bearer ? null : device.publicKey;
    this.core.parts.members.addDevice(memberId, { name: "Phone", token: device.token, publicKey }, 0);
    return device;
  }

  /** A member with a device. */
  add(member: Partial<NewMember> & Pick<NewMember, "role">): { id: string; device: TestDevice } {
    const id = this.core.parts.members.add(
      { name: "Bruno", until: null, terms: null, scopes: [], ...member },
      0,
    );
    return { id, device: this.pair(id) };
  }

  /** A request below `/api/v1`, or anywhere where `path` is a whole URL. */
  send(method: string, path: string, sent: Sent = {}): Promise<Response> {
    const { body, text, device = this.device, headers = {}, signal } = sent;
    const url = path.startsWith("/") ? `http://127.0.0.1:8080/api/v1${path}` : path;
    if (device) device.nonce = this.#nonce();
    const content = body === undefined ? text : JSON.stringify(body);
    const request = new Request(url, {
      method,
      headers: {
        ...device?.headers(method, url),
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

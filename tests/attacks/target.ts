import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { RUNTIME_FILE } from "../../core/boot/permissions.ts";
import { Wire } from "../../core/http/testing/wire.ts";
import { TestDevice } from "../../core/testing/device.ts";
import { childOf, PanelProcess } from "../boot/panel_process.ts";
import { type Answer, isWhole, readAnswer } from "./answer.ts";

export interface TargetOptions {
  /** Whether it speaks TLS. */
  tls?: boolean;
  args?: readonly string[];
}

export interface Ask {
  /** Who asks: the owner's device unless told; null sends neither token nor proof. */
  device?: TestDevice | null;
  /** Sent as JSON. */
  body?: unknown;
  /** Sent as it is; its type is up to `headers`. */
  text?: string;
  /** Added to those that it has, or in their place; an empty one is left out. */
  headers?: Record<string, string>;
  /** The address that it comes from, any of 127.0.0.0/8. */
  from?: string;
}

export type { Answer };

/** What a guest may who may open the lock at any time. */
export const GUEST_TERMS = {
  validity: { kind: "always" },
  accessPoints: ["lock"],
  usesLeft: null,
  suspended: false,
} as const;

export const RELEASE = "/api/v1/access-points/lock/release";

/**
 * A whole panel as `deno task start` runs it, on the simulated board: supervisor, runtime and board in processes of
 * their own. Whoever attacks it has sockets and nothing else.
 */
export class Target implements AsyncDisposable {
  readonly data: string;
  readonly secure: boolean;
  owner: TestDevice = new TestDevice();
  port = 0;
  /** Of the process that listens. */
  pid = 0;
  /** What it tells people. */
  said = "";
  /** What it logs. */
  log = "";
  readonly #args: readonly string[];
  #process!: PanelProcess;
  #kept: Wire | undefined;

  private constructor(data: string, { tls = false, args = [] }: TargetOptions) {
    this.data = data;
    this.secure = tls;
    this.#args = ["--port", "0", "--data", data, "--tls.mode", tls ? "on" : "off", ...args];
  }

  /** Starts it and claims it. */
  static async start(data: string, options: TargetOptions = {}): Promise<Target> {
    const { target, code } = await Target.unclaimed(data, options);
    const { state } = await target.claim(code);
    assert.equal(state, "claimed");
    return target;
  }

  /** @returns it, and the code that it shows to whoever is at the unit */
  static async unclaimed(
    data: string,
    options: TargetOptions = {},
  ): Promise<{ target: Target; code: string }> {
    const target = new Target(data, options);
    return { target, code: codeIn(await target.boot()) };
  }

  /** Makes the owner's device the owner's, if the code is right. */
  // deno-lint-ignore no-explicit-any -- a test reads whatever was answered
  async claim(code: string, from?: string): Promise<any> {
    const body = { code, name: "Owner", deviceName: "Test" };
    this.owner.token = undefined;
    const answer = await this.ask("POST", "/api/v1/claim", { body, ...(from === undefined ? {} : { from }) });
    this.owner.token = answer.body.paired?.token;
    return answer.body;
  }

  /** The panel that was stopped, with other options and the same owner. */
  static async again({ data, owner }: Target, options: TargetOptions): Promise<Target> {
    const target = new Target(data, options);
    await target.boot();
    owner.nonce = undefined;
    target.owner = owner;
    return target;
  }

  /** @returns the link to open it with */
  async boot(): Promise<string> {
    this.#process = new PanelProcess(this.#args);
    const { stdout, stderr } = this.#process.child;
    stdout!.on("data", (text: string) => this.said += text);
    stderr!.on("data", (text: string) => this.log += text);
    const [, link = ""] = await this.#process.says(/^ +Open +(https?\S+)$/m);
    await this.#process.says(/^ +Stop +Ctrl-C$/m);
    this.port = Number(new URL(link).port);
    this.pid = childOf(this.#process.child.pid!, RUNTIME_FILE);
    return link;
  }

  /** @param signal SIGKILL: to runtime, board and supervisor alike, as a power cut */
  async stop(signal: "SIGINT" | "SIGKILL" = "SIGINT"): Promise<void> {
    await this.#hangUp();
    this.#process.signalAll(signal);
    assert.equal(await this.#process.end(), signal === "SIGINT" ? 0 : "SIGKILL");
  }

  async #hangUp(): Promise<void> {
    await this.#kept?.close();
    this.#kept = undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#hangUp();
    await this.#process[Symbol.asyncDispose]();
  }

  /** What proofs name: requests of this kind name no port. */
  urlOf(path: string): string {
    return `${this.secure ? "https" : "http"}://127.0.0.1${path}`;
  }

  connect(from?: string): Promise<Wire> {
    if (!this.secure) return Wire.open(this.port, from);
    return Wire.secure(this.port, readFileSync(join(this.data, "keys", "ca.pem"), "utf8"), from);
  }

  /** Sends these bytes on a connection of their own; what comes until the panel closes it. */
  async exchange(bytes: string | Uint8Array, from?: string): Promise<string> {
    await using wire = await this.connect(from);
    wire.socket.write(bytes);
    return await wire.end();
  }

  /** Sends one request on the connection that is kept for such, and reads its answer. HEAD has no body to wait for. */
  async #talk(bytes: string, from: string | undefined): Promise<string> {
    if (from !== undefined || bytes.startsWith("HEAD ")) {
      return await this.exchange(bytes.replace("connection: keep-alive", "connection: close"), from);
    }
    const wire = this.#kept ?? await this.connect();
    const isKept = this.#kept !== undefined;
    this.#kept = undefined;
    wire.text = "";
    wire.send(bytes);
    const came = await wire.until((text) => isWhole(text)).catch(() => wire.end());
    // It was closed meanwhile: nobody has read the request.
    if (came === "" && isKept) return await this.#talk(bytes, from);
    if (/^connection: keep-alive\r$/im.test(came) && this.#kept === undefined) this.#kept = wire;
    else await wire.close();
    return came;
  }

  /** A nonce that the panel takes now. */
  async nonce(): Promise<string> {
    const came = await this.exchange(requestText("GET", "/api/v1/identity", { dpop: "-" }));
    return readAnswer(came).headers["dpop-nonce"]!;
  }

  /** One request, signed anew where the panel asks for its nonce. */
  async ask(method: string, path: string, sent: Ask = {}): Promise<Answer> {
    const { device = this.owner, body, text = "", headers = {}, from } = sent;
    if (device) device.nonce ??= await this.nonce();
    for (let round = 0;; round++) {
      const content = body === undefined ? text : JSON.stringify(body);
      const head = {
        ...device?.headers(method, this.urlOf(path)),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...(content === "" && method === "GET"
          ? {}
          : { "content-length": String(Buffer.byteLength(content)) }),
        ...headers,
      };
      const answer = readAnswer(
        await this.#talk(requestText(method, path, head, "keep-alive") + content, from),
      );
      if (device) device.nonce = answer.headers["dpop-nonce"] ?? device.nonce;
      if (answer.body?.code !== "proof-nonce" || round > 0) return answer;
    }
  }

  /** As `ask`, where nothing else than success will do. */
  // deno-lint-ignore no-explicit-any -- a test reads whatever was answered
  async must(method: string, path: string, sent: Ask = {}): Promise<any> {
    const { status, body, text } = await this.ask(method, path, sent);
    assert.ok(status >= 200 && status < 300, `${method} ${path} is answered ${status} ${text}`);
    return body;
  }

  /** A member with one device, by an invitation. */
  async pair(
    member: { role: string; [field: string]: unknown },
  ): Promise<{ id: string; device: TestDevice }> {
    const invited = { name: "Bruno", ...member };
    const { code } = await this.must("POST", "/api/v1/invitations", { body: invited });
    const device = new TestDevice();
    const body = { code, deviceName: "Phone" };
    const joined = await this.must("POST", "/api/v1/join", { body, device });
    device.token = joined.token;
    return { id: joined.member.id, device };
  }

  /** What `look` finds, as soon as it finds something. */
  async eventually<T>(look: () => Promise<T | undefined>): Promise<T> {
    for (let tries = 0; tries < 2_000; tries++) {
      const found = await look();
      if (found !== undefined) return found;
    }
    throw new Error("It does not come to be");
  }

  /** Holds a card to the reader for a moment. */
  async swipe(uid: string): Promise<void> {
    const reader = "/api/v1/plugins/simulator/readers/reader";
    await this.must("POST", `${reader}/present`, { body: { uid, cardKind: "iso14443a" } });
    await this.must("POST", `${reader}/remove`, { body: {} });
  }

  /** Adds a card that opens the lock. @returns its id */
  async enrol(uid: string): Promise<string> {
    const enrolments = "/api/v1/plugins/rfid/enrolments";
    const body = { holderName: "Anna", terms: { accessPoints: ["lock"] } };
    await this.must("POST", enrolments, { body });
    await this.swipe(uid);
    return await this.eventually(async () => {
      const { state, credentialId } = await this.must("GET", `${enrolments}/current`);
      return state === "done" ? credentialId : undefined;
    });
  }

  /** Resolved once no pulse is under way. */
  async outputsOff(): Promise<void> {
    await this.eventually(async () => {
      const points = await this.must("GET", "/api/v1/access-points");
      return points.some(({ released }: { released: boolean }) => released) ? undefined : true;
    });
  }

  /** How many pulses the output has had. */
  async pulses(output = "lock"): Promise<number> {
    const { edges } = await this.must("GET", "/api/v1/plugins/simulator/edges?limit=10000");
    return edges.filter(({ line, level }: { line: string; level: number }) => line === output && level > 0)
      .length;
  }
}

/** The code in a link to claim a panel with. */
export function codeIn(link: string): string {
  return /claim=([\w-]+)/.exec(link)?.[1] ?? "";
}

/** The head of a request: the last on its connection, unless told. */
export function requestText(
  method: string,
  target: string,
  headers: Record<string, string> = {},
  connection: "close" | "keep-alive" = "close",
): string {
  const all = Object.entries({ host: "127.0.0.1", ...headers, connection }).filter(([, value]) =>
    value !== ""
  );
  return [`${method} ${target} HTTP/1.1`, ...all.map(([name, value]) => `${name}: ${value}`), "", ""].join(
    "\r\n",
  );
}

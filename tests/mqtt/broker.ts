import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { findMosquitto, findMosquittoClient } from "../../scripts/test_tools.ts";
import { freePort } from "../../core/testing/free_port.ts";

const isThere = findMosquitto() !== undefined && findMosquittoClient() !== undefined;

/**
 * A test with a real broker.
 * @param missing what else it needs and the machine lacks
 */
export function test(name: string, run: () => Promise<void>, missing?: string): void {
  const lacking = isThere ? missing : "mosquitto";
  const shown = lacking === undefined ? name : `${name} (skipped: no ${lacking})`;
  Deno.test({ name: shown, ignore: lacking !== undefined, fn: run });
}

const LONGEST_WAIT_MS = 20_000;

export interface BrokerOptions {
  /** Further lines of its configuration, after those of the listener. */
  settings?: string[];
  /** Keeps retained messages over a restart. */
  persistent?: boolean;
  /** Further files beside its configuration, by name; DIR in the settings is where they are. */
  files?: Record<string, string>;
}

/** Mosquitto on a port of its own, which it keeps over restarts. */
export class Broker {
  readonly dir: string = mkdtempSync(join(tmpdir(), "latchkey-broker-"));
  readonly port: number;
  #child: ChildProcess | undefined;
  #log = "";
  #wake = () => {};
  readonly #options: BrokerOptions;

  private constructor(port: number, options: BrokerOptions) {
    this.port = port;
    this.#options = options;
  }

  static async start(options: BrokerOptions = {}): Promise<Broker> {
    const broker = new Broker(await freePort(), options);
    await broker.boot();
    return broker;
  }

  /** It was made, but has not been started. */
  static async off(options: BrokerOptions = {}): Promise<Broker> {
    return new Broker(await freePort(), options);
  }

  get url(): string {
    return `mqtt://127.0.0.1:${this.port}`;
  }

  get log(): string {
    return this.#log;
  }

  async boot(): Promise<void> {
    const { settings = [], persistent = false, files = {} } = this.#options;
    for (const [name, text] of Object.entries(files)) writeFileSync(join(this.dir, name), text);
    const path = join(this.dir, "mosquitto.conf");
    writeFileSync(
      path,
      [
        `listener ${this.port} 127.0.0.1`,
        ...(settings.some((line) => line.startsWith("allow_anonymous")) ? [] : ["allow_anonymous true"]),
        ...(persistent ? ["persistence true", `persistence_location ${this.dir}/`] : []),
        // It would give up its rights, and then can't read what only we may.
        "user root",
        "log_type all",
        ...settings.map((line) => line.replaceAll("DIR", this.dir)),
        "",
      ].join("\n"),
    );
    const child = this.#child = spawn(findMosquitto()!, ["-c", path], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    let isUp = () => {};
    const up = new Promise<void>((done) => isUp = done);
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#log += text;
      this.#wake();
      if (/mosquitto version \S+ running/.test(text)) isUp();
    });
    const died = once(child, "exit").then(() => {
      throw new Error(`The broker does not start:\n${this.#log}`);
    });
    await Promise.race([up, died]);
    died.catch(() => {});
  }

  /** Resolves once the broker has been sent that many messages on a topic. */
  async takes(topic: string, count: number): Promise<void> {
    const taken = () =>
      this.#log.split("\n").filter((line) => line.includes("Received PUBLISH") && line.includes(`'${topic}`));
    while (taken().length < count) await new Promise<void>((wake) => this.#wake = wake);
  }

  /** As the kernel does when memory is short. */
  kill(): Promise<void> {
    return this.#end("SIGKILL");
  }

  /** Writes what it keeps, then ends. */
  stop(): Promise<void> {
    return this.#end("SIGTERM");
  }

  /** It stays connected and does nothing any more. */
  freeze(): void {
    this.#signal("SIGSTOP");
  }

  thaw(): void {
    this.#signal("SIGCONT");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.thaw();
    await this.kill();
    rmSync(this.dir, { recursive: true, force: true });
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null) return;
    const ended = once(child, "close");
    process.kill(child.pid!, signal);
    await ended;
  }

  /** Deno's `child.kill` sends one signal and no second. */
  #signal(signal: NodeJS.Signals): void {
    if (this.#child?.exitCode === null) process.kill(this.#child.pid!, signal);
  }
}

/** What `mosquitto_sub` printed of one message. */
export interface Told {
  topic: string;
  payload: string;
  retain: boolean;
}

/** `mosquitto_sub`, as a house's own programs listen. */
export class Subscriber {
  readonly told: Told[] = [];
  readonly #bytes = new WeakMap<Told, Uint8Array>();
  readonly #child: ChildProcess;
  #wake = () => {};

  private constructor(child: ChildProcess) {
    this.#child = child;
    let rest = "";
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      const lines = (rest + text).split("\n");
      rest = lines.pop()!;
      for (const line of lines) this.#take(line);
    });
  }

  /** Resolves once the broker has acknowledged the subscription. */
  static async open(broker: Broker, filter: string, args: string[] = []): Promise<Subscriber> {
    const format = '{"topic":"%t","retain":%r,"payload":"%x"}';
    const all = [...clientArgs(broker), "-d", "-q", "1", "-t", filter, "-F", format, ...args];
    // Into a pipe it would say that it has subscribed only when it has much more to say.
    const child = spawn("stdbuf", ["-oL", findMosquittoClient()!, ...all], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const subscriber = new Subscriber(child);
    await subscriber.#until(() => subscriber.#isOpen, `a subscription to ${filter}`);
    return subscriber;
  }

  #isOpen = false;

  /** The first message, from the first that was ever told, that fits. */
  async find(fits: (told: Told) => boolean, what = "a message that fits"): Promise<Told> {
    await this.#until(() => this.told.some(fits), what);
    return this.told.find(fits)!;
  }

  on(topic: string): Promise<Told> {
    return this.find((told) => told.topic === topic, topic);
  }

  /** Every payload of a topic so far, oldest first. */
  // deno-lint-ignore no-explicit-any -- a test reads whatever was told
  of(topic: string): any[] {
    return this.told.filter((told) => told.topic === topic).map(({ payload }) => parsed(payload));
  }

  /** The payload as it came, where it is no text. */
  bytes(told: Told): Uint8Array {
    return this.#bytes.get(told)!;
  }

  async count(topic: string, wanted: number): Promise<void> {
    await this.#until(() => this.of(topic).length >= wanted, `${wanted} × ${topic}`);
  }

  /** It stays connected and reads nothing any more. */
  freeze(): void {
    process.kill(this.#child.pid!, "SIGSTOP");
  }

  thaw(): void {
    process.kill(this.#child.pid!, "SIGCONT");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, "close");
    this.#child.kill("SIGKILL");
    await ended;
  }

  #take(line: string): void {
    if (line.startsWith("Subscribed ")) this.#isOpen = true;
    if (line.startsWith("{")) {
      const { topic, retain, payload } = JSON.parse(line);
      const bytes = fromHex(payload);
      const told = { topic, retain: retain === 1, payload: new TextDecoder().decode(bytes) };
      this.#bytes.set(told, bytes);
      this.told.push(told);
    }
    this.#wake();
  }

  async #until(done: () => boolean, what: string): Promise<void> {
    const deadline = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      const topics = this.told.map(({ topic, payload }) => `${topic} ${payload}`).slice(-20).join("\n");
      deadline.reject(new Error(`Nothing of ${what} in ${LONGEST_WAIT_MS} ms. There was:\n${topics}`));
    }, LONGEST_WAIT_MS);
    try {
      while (!done()) await Promise.race([new Promise<void>((wake) => this.#wake = wake), deadline.promise]);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** `mosquitto_pub`; resolves once the broker has the message. */
export async function send(
  broker: Broker,
  topic: string,
  payload: string | object,
  args: string[] = [],
): Promise<void> {
  const text = typeof payload === "string" ? payload : JSON.stringify(payload);
  const file = findMosquittoClient()!.replace(/_sub$/, "_pub");
  const all = [...clientArgs(broker), "-q", "1", "-t", topic, "-m", text, ...args];
  const child = spawn(file, all, { stdio: ["ignore", "ignore", "inherit"] });
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`mosquitto_pub ended with ${code}`);
}

function clientArgs({ port }: Broker): string[] {
  return ["-h", "127.0.0.1", "-p", String(port), "-V", "5"];
}

function fromHex(text: string): Uint8Array {
  return Uint8Array.from(text.match(/../g) ?? [], (byte) => parseInt(byte, 16));
}

function parsed(payload: string): unknown {
  try {
    return JSON.parse(payload);
  } catch {
    return payload;
  }
}

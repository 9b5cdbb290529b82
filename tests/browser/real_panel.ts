import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { TestDevice } from "../../core/testing/device.ts";
import { buildRuntime } from "../../scripts/build_runtime.ts";
import { buildWeb } from "../../scripts/build_web.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const SUPERVISOR = join(ROOT, "supervisor.ts");

/** Pulses long enough to be seen by a page on a busy machine. */
const SETTINGS = [
  ["--port", "0"],
  ["--name", "Casa Rossi"],
  ["--plugins.lock.pulseMs", "2500"],
  ["--plugins.gate.pulseMs", "2500"],
].flat();

export interface RealPanelOptions {
  /** Further arguments. */
  args?: readonly string[];
  env?: Record<string, string>;
}

export interface RealPanel extends AsyncDisposable {
  /** An invitation that makes a browser's device an owner's; good for one. */
  link: string;
  /** An invitation of somebody, an owner unless told. */
  invite(member?: Record<string, unknown>): Promise<string>;
  origin: string;
  /** Its data directory. */
  data: string;
  /** The supervisor's. */
  pid: number;
  /** The owner's, of a test. */
  device: TestDevice;
  /** All that was said to the log so far. */
  said(): string;
  /** Ends it, as Ctrl-C does. */
  stop(): Promise<void>;
  api<T = unknown>(method: string, path: string, body?: unknown): Promise<T>;
}

/** The panel as a newcomer starts it: supervisor, runtime and board as processes, a free port, an empty data directory. */
export async function startRealPanel({ args = [], env = {} }: RealPanelOptions = {}): Promise<RealPanel> {
  await buildRuntime();
  await buildWeb();
  const data = mkdtempSync(join(tmpdir(), "latchkey-browser-"));
  const program = new Deno.Command(Deno.execPath(), {
    args: ["run", "--frozen", "-A", SUPERVISOR, "--data", data, ...SETTINGS, ...args],
    env,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const said: string[] = [];
  const errors = collect(program.stderr, said);
  const reader = program.stdout.pipeThrough(new TextDecoderStream()).getReader();

  let stopping: Promise<void> | undefined;
  const stop = () => stopping ??= end();
  async function end(): Promise<void> {
    program.kill("SIGINT");
    while (!(await reader.read()).done);
    await Promise.all([errors, program.status]);
  }

  const link = await findLink(reader);
  if (link === undefined) {
    await program.status;
    throw new Error(`The panel did not start: ${said.join("")}`);
  }
  const device = new TestDevice();
  const origin = await device.claim(link);
  async function api<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await device.send(fetch, method, `${origin}/api/v1${path}`, body);
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} was answered ${response.status}: ${text}`);
    return (text === "" ? undefined : JSON.parse(text)) as T;
  }
  async function invite(member: Record<string, unknown> = {}): Promise<string> {
    const invited = { name: "Anna", role: "owner", ...member };
    const { code } = await api<{ code: string }>("POST", "/invitations", invited);
    return `${origin}/#join=${code}`;
  }
  return {
    link: await invite(),
    invite,
    origin,
    data,
    pid: program.pid,
    device,
    said: () => said.join(""),
    api,
    stop,
    async [Symbol.asyncDispose]() {
      await stop();
      rmSync(data, { recursive: true, force: true });
    },
  };
}

type Reader = ReadableStreamDefaultReader<string>;

async function findLink(reader: Reader): Promise<string | undefined> {
  let text = "";
  while (true) {
    const { done, value = "" } = await reader.read();
    text += value;
    const link = /^ +Open +(http:\S+#claim=[\w-]{22}\S*)$/m.exec(text)?.[1];
    if (link !== undefined || done) return link;
  }
}

async function collect(stream: ReadableStream<Uint8Array<ArrayBuffer>>, said: string[]): Promise<void> {
  for await (const text of stream.pipeThrough(new TextDecoderStream())) said.push(text);
}

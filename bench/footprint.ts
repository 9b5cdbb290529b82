import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { boardFlags, RUNTIME_FILE, runtimeFlags, socketPath } from "../core/boot/permissions.ts";
import { startProgram } from "../core/boot/program.ts";
import type { Outline } from "../core/config/surroundings.ts";
import { Members } from "../core/members/members.ts";
import { systemRandom } from "../core/random.ts";
import { TestDevice } from "../core/testing/device.ts";
import { openStore } from "../core/store/database.ts";
import { loadKeys } from "../core/store/keys_file.ts";
import { databasePath } from "../core/store/paths.ts";
import { freePort } from "../core/testing/free_port.ts";
import { temporaryDir } from "./panel.ts";
import { ratio, type Row, type Table } from "./table.ts";

const HOST = "127.0.0.1";
/** After the first release a program gets this long to become idle, ms. */
const SETTLE_MS = 3_000;
const RETRY_MS = 4;
const root = fileURLToPath(new URL("../", import.meta.url));

/** A program that serves a release at `url`. */
interface Contender {
  name: string;
  /** Deno's arguments. */
  args: string[];
  url: string;
  /** Signs what it asks; undefined where nobody looks. */
  device?: TestDevice;
}

interface Footprint {
  startMs: number;
  rssMb: number;
  pssMb: number;
}

/** The runtime's process, on data that is there, against the least program that does something like it. */
export async function footprint(repeats: number): Promise<Table[]> {
  using dir = temporaryDir();
  const contenders = [await bare(dir.path), await runtime(dir.path)];
  const table = (): Row[] => contenders.map(({ name }) => ({ name, figures: [] }));
  const [start, rss, pss] = [table(), table(), table()];
  const board = startProgram({
    file: join(root, "drivers/sim/process.ts"),
    args: [socketPath(dir.path)],
    flags: boardFlags(outlineOf(dir.path, 0)),
    listen: true,
  });
  await board.ready;
  try {
    // The first run fills V8's cache of compiled code.
    for (let run = 0; run <= repeats; run++) {
      for (const [index, contender] of contenders.entries()) {
        const { startMs, rssMb, pssMb } = await measure(contender, run === 0 ? 0 : SETTLE_MS);
        if (run === 0) continue;
        start[index]!.figures.push(startMs);
        rss[index]!.figures.push(rssMb);
        pss[index]!.figures.push(pssMb);
      }
    }
  } finally {
    board.end();
    await board.ended;
  }
  const [toBare, limit] = ["to the bare program", 1.3];
  return [
    {
      title: "Start to first release",
      unit: "ms",
      rows: start,
      checks: [ratio(toBare, start[1]!, start[0]!, 1.5)],
    },
    { title: "Idle memory, RSS", unit: "MB", rows: rss, checks: [ratio(toBare, rss[1]!, rss[0]!, limit)] },
    { title: "Idle memory, PSS", unit: "MB", rows: pss, checks: [ratio(toBare, pss[1]!, pss[0]!, limit)] },
  ];
}

async function bare(dir: string): Promise<Contender> {
  const port = await freePort();
  const data = join(dir, "bare");
  mkdirSync(data);
  const flags = ["--quiet", "--no-prompt", "--cached-only", "--no-remote", "--frozen"];
  const allow = [`--allow-read=${data}`, `--allow-write=${data}`, `--allow-net=${HOST}:${port}`];
  return {
    name: "Hono and node:sqlite, bare",
    args: ["run", ...flags, ...allow, join(root, "bench/bare.ts"), join(data, "bare.db"), String(port)],
    url: `http://${HOST}:${port}/access-points/lock/release`,
  };
}

/** With the flags that the supervisor gives it. */
async function runtime(data: string): Promise<Contender> {
  const port = await freePort();
  loadKeys(data, systemRandom);
  const store = openStore(databasePath(data));
  const members = new Members(store);
  const device = new TestDevice();
  device.token = "t".repeat(43);
  const owner = members.add(
    { name: "Owner", role: "owner", until: null, terms: null, scopes: [] },
    Date.now(),
  );
  members.addDevice(owner, { name: "Bench", token: device.token, publicKey: device.publicKey }, Date.now());
  store.close();
  const options = ["--supervised", "--data", data, "--host", HOST, "--port", String(port)];
  return {
    name: "the runtime",
    args: ["run", ...runtimeFlags(outlineOf(data, port), root), join(root, RUNTIME_FILE), ...options],
    url: `http://${HOST}:${port}/api/v1/access-points/lock/release`,
    device,
  };
}

function outlineOf(data: string, port: number): Outline {
  const config = join(data, "panel.yaml");
  return {
    data,
    host: HOST,
    port,
    config,
    certificate: [],
    hasConfig: false,
    explains: false,
    given: () => undefined,
  };
}

async function measure({ name, args, url, device }: Contender, settleMs: number): Promise<Footprint> {
  const begun = performance.now();
  const child = spawn(process.execPath, args, { cwd: root, stdio: ["pipe", "ignore", "inherit"] });
  try {
    const answer = await firstAnswer(child, url, device);
    const startMs = performance.now() - begun;
    if (answer.outcome !== "released") throw new Error(`${name} has not released: ${JSON.stringify(answer)}`);
    await new Promise((done) => setTimeout(done, settleMs));
    return { startMs, ...memoryOf(child.pid!) };
  } finally {
    child.stdin.end();
    if (name.includes("bare")) child.kill("SIGKILL");
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  }
}

async function firstAnswer(
  child: ChildProcess,
  url: string,
  device: TestDevice = new TestDevice(),
): Promise<{ outcome?: string }> {
  const port = Number(new URL(url).port);
  while (!await listens(port)) {
    if (child.exitCode !== null) throw new Error(`It ended with ${child.exitCode}`);
    await new Promise((done) => setTimeout(done, RETRY_MS));
  }
  const response = await device.send(fetch, "POST", url, {});
  return await response.json();
}

/** Costs less than a request that fails: whoever waits must not take the processor from what it waits for. */
function listens(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(port, HOST);
    socket.once("connect", () => {
      socket.destroy();
      done(true);
    });
    socket.once("error", () => done(false));
  });
}

/** As the kernel counts it; Deno lets nobody read /proc itself without every permission. */
function memoryOf(pid: number): { rssMb: number; pssMb: number } {
  const text = execFileSync("cat", [`/proc/${pid}/smaps_rollup`], { encoding: "utf8" });
  const mb = (name: string) => Number(new RegExp(`^${name}: +(\\d+) kB`, "m").exec(text)?.[1]) / 1_024;
  return { rssMb: mb("Rss"), pssMb: mb("Pss") };
}

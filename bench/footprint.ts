import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { runtimeFlags, socketPath } from "../core/boot/permissions.ts";
import { BoardProcess } from "../drivers/sim/testing/board_process.ts";
import { temporaryDir } from "./panel.ts";
import { ratio, type Row, type Table } from "./table.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
/** What follows a start, such as the first look at the clock, is over by then, ms. */
const SETTLE_MS = 1_500;

interface Contender {
  port: number;
  start(): ChildProcess;
  headers: Record<string, string>;
}

/** The runtime's process against the least program that could release a door over HTTP and log it. */
export async function footprint(repeats: number): Promise<Table[]> {
  using bareDir = temporaryDir();
  using panelDir = temporaryDir();
  const board = new BoardProcess(panelDir.path);
  await board.link(true);
  const panel = await panelContender(panelDir.path);
  const contenders = [await bareContender(bareDir.path), panel];
  const rows = (): Row[] => ["bare Hono and node:sqlite", "latchkey"].map((name) => ({ name, figures: [] }));
  const [times, resident, own] = [rows(), rows(), rows()];
  for (const contender of contenders) await run(contender);
  for (let repeat = 0; repeat < repeats; repeat++) {
    for (const [index, contender] of contenders.entries()) {
      const sample = await run(contender);
      times[index]!.figures.push(sample.ms);
      resident[index]!.figures.push(sample.rss);
      own[index]!.figures.push(sample.pss);
    }
  }
  await board.end();
  const against = (
    [bare, ours]: Row[],
    limit: number,
  ) => [ratio("against the bare program", ours!, bare!, limit)];
  return [
    { title: "Start to first release", unit: "ms", rows: times, checks: against(times, 1.5) },
    { title: "Idle memory, RSS", unit: "MiB", rows: resident, checks: against(resident, 1.3) },
    { title: "Idle memory, PSS", unit: "MiB", rows: own, checks: against(own, 1.3) },
  ];
}

async function run({ port, start, headers }: Contender): Promise<{ ms: number; rss: number; pss: number }> {
  const began = performance.now();
  const child = start();
  try {
    await released(port, headers);
    const ms = performance.now() - began;
    await new Promise((done) => setTimeout(done, SETTLE_MS));
    // Deno itself may not read /proc.
    const memory = spawnSync("cat", [`/proc/${child.pid}/smaps_rollup`], { encoding: "utf8" }).stdout;
    const figure = (name: string) =>
      Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(memory)?.[1]) / 1024;
    return { ms, rss: figure("Rss"), pss: figure("Pss") };
  } finally {
    process.kill(child.pid!, "SIGTERM");
    await once(child, "exit");
  }
}

/** Asks until it is answered; nobody listens at first. */
async function released(port: number, headers: Record<string, string>): Promise<void> {
  for (;;) {
    try {
      const response = await fetch(`http://127.0.0.1:${port}${headers["x-path"]}`, {
        method: "POST",
        headers,
      });
      await response.body?.cancel();
      if (response.ok) return;
      throw new Error(`A release was answered ${response.status}`);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      await new Promise((done) => setTimeout(done, 2));
    }
  }
}

async function bareContender(dir: string): Promise<Contender> {
  const port = await freePort();
  const flags = [
    "--quiet",
    "--frozen",
    `--allow-read=${dir}`,
    `--allow-write=${dir}`,
    "--allow-env",
    "--allow-net",
  ];
  const args = ["run", ...flags, "bench/bare.ts", `${dir}/bare.db`, String(port)];
  return {
    port,
    start: () => spawn(process.execPath, args, { cwd: ROOT, stdio: "ignore" }),
    headers: { "x-path": "/access-points/lock/release" },
  };
}

/** Started once to learn the owner's token; the board is there already, as hardware is. */
async function panelContender(data: string): Promise<Contender> {
  const port = await freePort();
  const outline = {
    data,
    host: "127.0.0.1",
    port,
    config: `${data}/panel.yaml`,
    hasConfig: false,
    explains: false,
  };
  const args = ["run", ...runtimeFlags(outline, ROOT), "main.ts", "--data", data, "--port", String(port)];
  const first = spawn(process.execPath, args, { cwd: ROOT, stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  for await (const chunk of first.stdout!) {
    said += chunk;
    if (/Stop/.test(said)) break;
  }
  const token = /#token=([\w-]+)/.exec(said)?.[1];
  if (token === undefined) throw new Error(`No token in what ${socketPath(data)}'s panel said: ${said}`);
  process.kill(first.pid!, "SIGTERM");
  await once(first, "exit");
  return {
    port,
    start: () => spawn(process.execPath, args, { cwd: ROOT, stdio: "ignore" }),
    headers: { "x-path": "/api/v1/access-points/lock/release", authorization: `Bearer ${token}` },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}

import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { systemClock } from "../../core/clock.ts";
import { configSchema } from "../../core/config/schema.ts";
import { type LogLine, readableLine } from "../../core/log.ts";
import { accessService, type Actor, type Context, type Part, partsPoint } from "../../core/mod.ts";
import type { PluginStatus } from "../../core/plugin/host.ts";
import { systemRandom } from "../../core/random.ts";
import { createRuntime, type Runtime } from "../../core/runtime.ts";
import { InProcessPort } from "../../drivers/sim/in_process.ts";
import { simBoard } from "../../drivers/sim/mod.ts";
import { BoardModel } from "../../drivers/sim/model.ts";
import { builtInPlugins, simulatorPlugins } from "../../plugins/mod.ts";
import { hintFor } from "../hints.ts";
import { ownLaunch } from "../launch.ts";
import { letIn, takeIn } from "../manifest.ts";
import { type Usage, watched } from "../testing/usage.ts";
import type { Finding } from "./report.ts";

const OWNER: Actor = { kind: "person", id: "member-1", scopes: [] };
/** Until what it does at the start, or when something happens, has been done, ms. */
const BUSY_MS = 1_000;
const LONGEST_MS = 30_000;
const CHECK = "It starts, stops and starts in a process of its own, with what it wants and no more";

export interface Tried {
  finding: Finding;
  usage: Usage;
  /** What its process has asked Deno for: `net api.example.org:443`. */
  asked: string[];
}

/**
 * Runs the plugin behind the fence that it will live behind, on a whole simulated panel, and lets things happen: the bell
 * rings, the door opens, a card is shown.
 * @param data an empty directory, for the panel
 */
export async function tryInOwnProcess(folder: string, data: string): Promise<Tried> {
  const waiting = await takeIn(folder, data);
  const { manifest } = waiting;
  const usage: Usage = new Set();
  const audit = join(data, "permissions");
  mkdirSync(audit);
  const lines: LogLine[] = [];
  const board = new BoardModel(systemClock);
  const launch = await ownLaunch({ data, audit });
  const runtime = await createRuntime({
    config: configSchema.parse({ data, zone: "UTC" }),
    plugins: [simBoard(new InProcessPort(board)), ...builtInPlugins, ...simulatorPlugins],
    clock: systemClock,
    random: systemRandom,
    logSink: (line) => void (line.fields["plugin"] === manifest.id && lines.push(line)),
    saveSettings: () => Promise.resolve(),
    pluginLaunch: () => Promise.resolve((order) => watched(launch(order), usage)),
    presenceByCode: true,
    offerClaim: () => {},
    fingerprint: null,
  });
  const asked = () => askedFor(audit);
  try {
    const reason = await tryOut(runtime, board, letIn(waiting));
    const faults = lines.filter(({ level }) => level === "error").map(readableLine);
    const said = reason === undefined ? faults : [reason, ...faults];
    const mend = said.map(hintFor).filter((hint) => hint !== undefined);
    return { finding: { check: CHECK, ok: said.length === 0, lines: said, mend }, usage, asked: asked() };
  } finally {
    await runtime.stop();
  }
}

/** @returns what went wrong */
async function tryOut(
  runtime: Runtime,
  board: BoardModel,
  plugin: ReturnType<typeof letIn>,
): Promise<string | undefined> {
  const { host } = runtime;
  const { id } = plugin.manifest;
  const parts = ownParts(host.core, id);
  const thirdParty = await runtime.thirdParty.open();
  await thirdParty.admit(plugin);
  for (const round of ["start", "second start"]) {
    const { state, reason } = await settled(runtime, id);
    if (state !== "running") return `At its ${round}: ${reason}`;
    await letThingsHappen(host.core, board, parts);
    const now = host.status().find((status) => status.id === id);
    if (now?.state !== "running") return `After its ${round}: ${now?.reason}`;
    if (now.errors > 0) return `After its ${round}: ${now.errors} errors in its listeners and timers`;
    await thirdParty.switch(id, false, OWNER);
    if (parts.size > 0) return `After its stop there is a part of its left: ${[...parts.keys()]}`;
    if (host.effects()[id]) return `After its stop there is left: ${host.effects()[id]}`;
    await thirdParty.switch(id, true, OWNER);
  }
  await settled(runtime, id);
  return undefined;
}

async function settled(runtime: Runtime, id: string): Promise<PluginStatus> {
  const begun = performance.now();
  for (;;) {
    const status = runtime.host.status().find((plugin) => plugin.id === id);
    const isOver = status?.state === "running" || status?.state === "failed" ||
      (status?.state === "waiting" && status.reason !== "");
    if (status && isOver) return status;
    if (performance.now() - begun > LONGEST_MS) throw new Error(`The plugin is ${status?.state} for ever`);
    await pause(10);
  }
}

/** What happens at a door on a good day. */
async function letThingsHappen(core: Context, board: BoardModel, parts: Map<string, Part>): Promise<void> {
  board.press("bell");
  board.press("exit-button");
  board.present("reader", { uid: "04A1B2C3", cardKind: "iso14443a" });
  await core.use(accessService).release({
    requestId: core.freshId(),
    accessPoint: "lock",
    actor: { kind: "system", id: "check", scopes: [] },
    via: "api",
  });
  for (const part of parts.values()) await part.state();
  await pause(BUSY_MS);
  board.remove("reader");
}

function ownParts(core: Context, id: string): Map<string, Part> {
  const parts = new Map<string, Part>();
  core.watch(partsPoint, {
    added: (part, owner) => void (owner === id && parts.set(part.id, part)),
    removed: (part, owner) => void (owner === id && parts.delete(part.id)),
  });
  return parts;
}

function askedFor(audit: string): string[] {
  const text = readdirSync(audit).map((name) => readFileSync(join(audit, name), "utf8")).join("\n");
  const entries = text.split("\n").filter(Boolean).map((line) =>
    JSON.parse(line) as { permission: string; value?: string | null }
  );
  return [...new Set(entries.map(({ permission, value }) => `${permission} ${value ?? ""}`.trim()))];
}

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

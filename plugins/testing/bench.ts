import {
  type Actor,
  type Context,
  type EventKey,
  type Json,
  type Log,
  type Part,
  partsPoint,
  type Plugin,
  type Route,
} from "../../core/mod.ts";
import { createLog, type LogLine } from "../../core/log.ts";
import { Host, type HostOptions } from "../../core/plugin/host.ts";
import { memoryStore } from "../../core/testing/memory_store.ts";
import { settle, VirtualClock } from "../../core/testing/virtual_clock.ts";
import { FakeCalls } from "./fake_calls.ts";
import { FakeAccess, FakeCredentials, FakeTime, provideBoard } from "./fakes.ts";

export const OWNER: Actor = { kind: "person", id: "owner", scopes: [] };

/** A log that nobody reads. */
export function quietLog(): Log {
  return createLog({ level: "error", now: () => 0, sink() {} });
}

/** Everything that a built-in plugin uses, faked but for the board, which is the simulated one. */
export function provideAll(core: Context, clock: VirtualClock) {
  return {
    board: provideBoard(core, clock),
    access: new FakeAccess(core),
    credentials: new FakeCredentials(core),
    calls: new FakeCalls(core),
    time: new FakeTime(core),
  };
}

export interface BenchOptions {
  config?: unknown;
  /** Wall time at the beginning, ms. */
  start?: number;
  /** What plugins keep, where it outlives this host. */
  storeFor?: HostOptions["storeFor"];
  /** Before the plugin starts. */
  before?: (bench: ReturnType<typeof provideAll>) => void;
  /** Provides what `provideAll` has not. */
  provide?: (core: Context) => void;
}

/** One plugin in a real host, on virtual time and the simulated board, with the services of the core faked. */
export async function startBench(
  plugin: Plugin,
  { config = {}, start, storeFor = memoryStore(), before, provide }: BenchOptions = {},
) {
  const clock = new VirtualClock(start);
  const lines: LogLine[] = [];
  const parts = new Map<string, Part>();
  let routes: Route[] = [];
  const host = new Host({
    clock,
    log: createLog({ level: "warn", now: () => clock.now(), sink: (line) => lines.push(line) }),
    storeFor,
    serve(_owner, served) {
      routes = served;
      return () => void (routes = []);
    },
  });
  const { core } = host;
  const services = provideAll(core, clock);
  core.watch(partsPoint, {
    added: (part) => void parts.set(part.id, part),
    removed: (part) => void parts.delete(part.id),
  });
  before?.(services);
  provide?.(core);
  host.add(plugin, config);
  await host.start();

  return {
    ...services,
    clock,
    host,
    core,
    lines,
    parts,
    status: () => host.status()[0],
    /** Collects what an event says from now on. */
    hear<T>(event: EventKey<T>): T[] {
      const heard: T[] = [];
      core.on(event, (value) => void heard.push(value));
      return heard;
    },
    /** Calls a route as the owner, with its schemas. */
    async call(
      method: string,
      path: string,
      input: { params?: unknown; query?: unknown; body?: unknown } = {},
    ): Promise<unknown> {
      const route = routes.find((one) => one.method === method && one.path === path);
      if (!route) throw new Error(`There is no route ${method} ${path}`);
      const answer = await route.handle({
        params: route.params?.parse(input.params) ?? {},
        query: route.query?.parse(input.query ?? {}) ?? {},
        body: route.body?.parse(input.body),
        actor: OWNER,
        caller: { actor: OWNER, role: "owner", deviceId: "device-1", source: "test" },
        publicKey: "",
      });
      return route.response ? route.response.parse(answer) as Json : undefined;
    },
    /** `[ms, level]` of each edge of a line. */
    edges: (line: string) =>
      services.board.edges(0, 10_000).edges.filter((edge) => edge.line === line).map((e) => [e.at, e.level]),
    async command(part: string, command: string, args: unknown): Promise<void> {
      const found = parts.get(part)?.commands?.[command];
      if (!found) throw new Error(`Part "${part}" has no command "${command}"`);
      await found.run(found.args.parse(args), OWNER);
      await settle();
    },
  };
}

import { stripVTControlCharacters } from "node:util";
import { z } from "zod";
import type { Clock } from "../../clock.ts";
import { LatchkeyError } from "../../errors.ts";
import { parseOr } from "../../faults.ts";
import type { Json } from "../../json.ts";
import { createLog, errorText, type Log, type LogLine } from "../../log.ts";
import { createContext, type Wiring } from "../../plugin/context.ts";
import { Effects } from "../../plugin/effects.ts";
import type { Plugin, PluginStore } from "../../plugin/plugin.ts";
import type { Random } from "../../random.ts";
import { LineReader } from "../../lines.ts";
import { type FromPanel, LINE_BYTES, PROTOCOLS } from "../protocol.ts";
import { toWire } from "../wire_error.ts";
import { RemoteBus } from "./bus.ts";
import { Connection } from "./connection.ts";
import { RemotePoints } from "./points.ts";
import { serveRoutes } from "./routes.ts";
import { RemoteServices } from "./services.ts";

export interface ChildOptions {
  clock: Clock;
  random: Random;
  /** The next bytes from the panel; undefined where it is gone. */
  read(): Promise<Uint8Array | undefined>;
  /** Resolved when the panel's side has taken them. */
  send(bytes: Uint8Array): Promise<void>;
  /** The plugin's module. */
  load(): Promise<unknown>;
  /** Given a log as soon as there is one, for what the plugin prints. */
  useLog(log: Log): void;
}

type Welcome = Extract<FromPanel, { t: "welcome" }>;

/** Runs one plugin on behalf of a panel at the other end of a pipe, until the panel says stop or is gone. */
export async function runChild(options: ChildOptions): Promise<void> {
  const connection = new Connection(options.clock, options.send);
  const log = createLog({
    level: "debug",
    now: () => options.clock.now(),
    sink: (line) => void connection.mention(logMessage(line)),
  });
  options.useLog(log);
  const child = new Child(options, connection, log);
  connection.say({ t: "hello", protocols: [...PROTOCOLS] });
  const lines = new LineReader(8 * LINE_BYTES);
  while (!child.isOver) {
    const piece = await Promise.race([options.read(), child.over]);
    if (piece === undefined) return;
    for (const line of lines.push(piece)) child.take(JSON.parse(line));
  }
}

class Child {
  readonly over: Promise<undefined>;
  isOver = false;
  readonly #options: ChildOptions;
  readonly #connection: Connection;
  readonly #log: Log;
  readonly #effects: Effects;
  readonly #abort = new AbortController();
  readonly #end: () => void;
  #bus: RemoteBus | undefined;
  #points: RemotePoints | undefined;

  constructor(options: ChildOptions, connection: Connection, log: Log) {
    this.#options = options;
    this.#connection = connection;
    this.#log = log;
    this.#effects = new Effects(options.clock);
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.over = promise;
    this.#end = () => {
      this.isOver = true;
      resolve(undefined);
    };
  }

  take(message: FromPanel): void {
    switch (message.t) {
      case "ping":
        return this.#connection.say({ t: "pong", n: message.n });
      case "event":
        return this.#bus?.heard(message.name, message.value, message.missed);
      case "call":
        return void this.#connection.called(message);
      case "answer":
        return this.#connection.answered(message);
      case "failure":
        return this.#connection.failed(message);
      case "part-added":
        return this.#points?.partAdded(message);
      case "part-removed":
        return this.#points?.partRemoved(message.handle);
      case "welcome":
        return void this.#start(message);
      case "stop":
        return void this.#stop();
      case "refused":
        return this.#end();
    }
  }

  async #start(welcome: Welcome): Promise<void> {
    try {
      const plugin = pluginIn(await this.#load());
      const config = parseOr(plugin.config, welcome.config, "settings-invalid");
      this.#connection.say({
        t: "described",
        id: plugin.id,
        api: plugin.api,
        uses: plugin.uses.map(({ name }) => name),
        settings: z.toJSONSchema(plugin.config, { io: "input", unrepresentable: "any" }),
        values: config as Record<string, unknown>,
      });
      const context = createContext(this.#wiring(welcome), {
        id: welcome.id,
        config,
        uses: plugin.uses,
        effects: this.#effects,
        signal: this.#abort.signal,
      });
      await plugin.setup(context);
      this.#connection.say({ t: "ready" });
    } catch (error) {
      this.#connection.say({ t: "failed", error: toWire(error) });
    }
  }

  async #load(): Promise<unknown> {
    try {
      return await this.#options.load();
    } catch (error) {
      const text = stripVTControlCharacters(errorText(error));
      throw new LatchkeyError("plugin-not-loaded", `Its module can't be loaded: ${text}`);
    }
  }

  #wiring({ id, grant }: Welcome): Wiring {
    const connection = this.#connection;
    const bus = this.#bus = new RemoteBus({
      id,
      grant,
      connection,
      log: this.#log,
      report: (_, event, error) => {
        this.#log.error("A listener failed", { event, error: errorText(error) });
        connection.say({ t: "fault" });
      },
    });
    return {
      bus,
      services: new RemoteServices(id, grant, connection),
      points: this.#points = new RemotePoints(id, grant, connection),
      clock: this.#options.clock,
      random: this.#options.random,
      log: this.#log,
      storeFor: () => remoteStore(connection),
      serve(_, routes) {
        serveRoutes(connection, routes);
        return () => {};
      },
    };
  }

  async #stop(): Promise<void> {
    this.#abort.abort();
    await this.#effects.undoAll((effect, error) =>
      this.#log.error("An effect could not be undone", { effect, error: errorText(error) })
    );
    this.#connection.say({ t: "stopped" });
  }
}

/** @throws {LatchkeyError} `plugin-not-defined` */
function pluginIn(module: unknown): Plugin {
  const plugin = (module as { default?: Partial<Plugin> }).default;
  if (plugin?.id && plugin.config && plugin.uses && typeof plugin.setup === "function") {
    return plugin as Plugin;
  }
  throw new LatchkeyError("plugin-not-defined", "Its module must export definePlugin({ … }) as its default");
}

function remoteStore(connection: Connection): PluginStore {
  return {
    get: <T extends Json>(key: string) =>
      connection.ask({ kind: "state", method: "get" }, [key]) as Promise<T | undefined>,
    set: async (key, value) => void await connection.ask({ kind: "state", method: "set" }, [key, value]),
    delete: async (key) => void await connection.ask({ kind: "state", method: "delete" }, [key]),
  };
}

function logMessage({ level, message, fields }: LogLine) {
  return { t: "log", level, message: message.slice(0, 1_000), fields } as const;
}

import { z } from "zod";
import { LatchkeyError } from "../errors.ts";
import { errorText, type LogFields } from "../log.ts";
import { defineService } from "../plugin/keys.ts";
import type { Context, Plugin } from "../plugin/plugin.ts";
import { hostNamesPoint } from "../panel.ts";
import { beyond, type Border, type Neighbours } from "./border/border.ts";
import { opaque } from "./border/opaque.ts";
import { offerDenial } from "./border/denials.ts";
import { BorderEvents } from "./border/events.ts";
import { BorderParts } from "./border/parts.ts";
import { offerRoutes } from "./border/routes.ts";
import { callable, callService, grantedServices, offerService } from "./border/services.ts";
import { BorderState } from "./border/state.ts";
import type { FolderWatch } from "./folder_watch.ts";
import type { GrantedPlugin } from "./manifest.ts";
import { Pace } from "./pace.ts";
import { FILES_CHANGED, type Launch } from "./process.ts";
import { type FromPlugin, type Grant, MOST_CALLS, type Target } from "./protocol.ts";
import { type BorderMessage, Session } from "./session.ts";
import { toWire } from "./wire_error.ts";

/** How often its files are looked at, ms. */
const LOOK_MS = 5_000;
const LINES_PER_SECOND = 20;
const LINES_AT_ONCE = 200;
/** What the fields of a line may hold, characters of JSON. */
const LINE_CHARS = 4_000;
/** How an event begins, as every plugin's process but a strange one says it. */
const EMIT = '{"t":"emit",';
/** What it may provide and contribute. */
const MOST_OFFERS = 128;
/** Calls of services; what is more waits. Each may write a row of the access log. */
const CALLS_PER_SECOND = 20;
const CALLS_AT_ONCE = 100;
const HOST_NAME = /^(?=.{1,63}\.local$)[a-z0-9]([a-z0-9-]*[a-z0-9])?\.local$/;

export interface IsolatedDeps {
  launch: Launch;
  neighbours: Neighbours;
  /** Counts an error for the health page. */
  countError(id: string): void;
  /** @throws {LatchkeyError} `plugin-off` where it is switched off */
  assertOn(id: string): void;
  /** Looks at its files from now on. */
  watchFiles(plugin: GrantedPlugin): FolderWatch;
  /** Told when its process has come to an end that nobody asked for. */
  died(id: string, reason: string): void;
  /** Told when it runs, and when it will not. */
  started(id: string): void;
  refused(id: string, error: unknown): void;
  /** Told when its files are no longer those that were let in. */
  changed(id: string, reason: string): void;
}

/** A third-party plugin as the host holds it, and what its process has told of its settings. */
export interface IsolatedPlugin extends Plugin {
  /** As they are in force, defaults included; undefined until it has started. */
  readonly values: Record<string, unknown> | undefined;
}

/** Its code runs in a process of its own; here is what stands for it. */
export function isolatedPlugin(plugin: GrantedPlugin, deps: IsolatedDeps): IsolatedPlugin {
  const { id, title } = plugin.manifest;
  let told: { settings: z.ZodType; values: Record<string, unknown> } | undefined;
  return {
    id,
    api: 1,
    title,
    // Its own process checks them.
    get config() {
      return told?.settings ?? z.record(z.string(), z.json());
    },
    get values() {
      return told?.values;
    },
    uses: [...grantedServices(plugin).keys()].map((name) => defineService<unknown>(name)),
    async setup(ctx) {
      deps.assertOn(id);
      const files = deps.watchFiles(plugin);
      const stand = new StandIn(plugin, ctx, deps, ({ settings, values }) => {
        told = { settings: opaque({ id }, settings), values };
      });
      ctx.defer("process", () => stand.session.stop());
      stand.session.ended.then(({ reason, orderly, changed }) => {
        if (changed) deps.changed(id, reason);
        else if (!orderly) deps.died(id, reason);
      });
      ctx.every(LOOK_MS, async () => {
        if (await files.areOthers()) deps.changed(id, FILES_CHANGED);
      });
      try {
        await stand.session.ready;
      } catch (error) {
        deps.refused(id, error);
        throw error;
      }
      deps.started(id);
    },
  };
}

type Description = Extract<FromPlugin, { t: "described" }>;

class StandIn implements Border {
  readonly session: Session;
  readonly plugin: GrantedPlugin;
  readonly id: string;
  readonly actor: Border["actor"];
  readonly ctx: Context;
  readonly neighbours: Neighbours;
  readonly #deps: IsolatedDeps;
  readonly #tell: (said: Description) => void;
  readonly #parts: BorderParts;
  readonly #events: BorderEvents;
  readonly #state: BorderState;
  readonly #lines: Pace;
  readonly #callPace: Pace;
  /** What takes a contribution back, by its handle. */
  readonly #contributed = new Map<number, () => void>();
  readonly #offered = new Set<number>();
  #answering = 0;

  constructor(plugin: GrantedPlugin, ctx: Context, deps: IsolatedDeps, tell: (said: Description) => void) {
    const { manifest, granted } = this.plugin = plugin;
    this.#deps = deps;
    this.#tell = tell;
    this.id = manifest.id;
    this.ctx = ctx;
    this.neighbours = deps.neighbours;
    this.actor = {
      kind: "plugin",
      id: manifest.id,
      name: manifest.title,
      scopes: granted.release.map((accessPoint) => `release:${accessPoint}`),
    };
    this.#parts = new BorderParts(this);
    this.#events = new BorderEvents(this, (part) => this.#parts.isOwn(part));
    this.#state = new BorderState(this);
    this.#lines = new Pace({ clock: ctx.clock, perSecond: LINES_PER_SECOND, burst: LINES_AT_ONCE });
    this.#callPace = new Pace({ clock: ctx.clock, perSecond: CALLS_PER_SECOND, burst: CALLS_AT_ONCE });
    ctx.defer("paced calls", () => this.#callPace.end());
    const { events, denials, parts, hostNames, anyone } = granted;
    const grant: Grant = {
      services: callable(plugin, this.neighbours),
      events,
      denials,
      parts,
      hostNames,
      anyone,
    };
    this.session = new Session({
      process: deps.launch({
        id: manifest.id,
        entry: manifest.entry,
        digest: plugin.digest,
        net: granted.net,
        memoryMb: granted.memoryMb,
      }),
      clock: ctx.clock,
      id: manifest.id,
      config: ctx.config,
      grant,
      described: (said) => this.#described(said),
      take: (message) => this.#take(message),
      drops: (line) => line.startsWith(EMIT) && this.#events.isFlooded(),
      offended: (error) => this.#offended(error),
    });
  }

  send: Border["send"] = (message) => this.session.send(message);
  tell: Border["tell"] = (event, value, droppable) => this.session.tell(event, value, droppable);
  abandon: Border["abandon"] = (reason) => this.session.break(reason);
  ask: Border["ask"] = (handle, method, args, ms) => this.session.ask(handle, method, args, ms);

  #described(said: Description): void {
    const { id, api, uses } = said;
    const { manifest } = this.plugin;
    if (id !== manifest.id) throw beyond(this, `calls itself "${id}" in its module; both must be the same`);
    if (api !== manifest.api) {
      throw new LatchkeyError(
        "plugin-api",
        `Plugin "${id}" asks for contract ${api}; its manifest says ${manifest.api}`,
      );
    }
    const granted = grantedServices(this.plugin);
    const missing = uses.filter((name) => !granted.has(name));
    if (missing.length > 0) throw beyond(this, `uses ${missing.join(", ")}, which it was not granted`);
    this.#tell(said);
  }

  #take(message: BorderMessage): void {
    switch (message.t) {
      case "log":
        return this.#log(message);
      case "fault":
        return this.#deps.countError(this.id);
      case "emit":
        return this.#events.emit(message);
      case "listen":
        return this.#events.listen(message.name);
      case "watch":
        return this.#parts.watch();
      case "offer":
        return this.#offer(message);
      case "withdraw":
        return this.#withdraw(message.handle);
      case "call":
        return void this.#answer(message.id, message.to, message.args);
    }
  }

  #withdraw(handle: number): void {
    this.#contributed.get(handle)?.();
    if (this.#contributed.delete(handle)) this.#offered.delete(handle);
  }

  #offer({ handle, offer }: Extract<BorderMessage, { t: "offer" }>): void {
    if (this.ctx.signal.aborted) return;
    if (this.#offered.has(handle) || this.#offered.size >= MOST_OFFERS) {
      throw beyond(this, `offers something as ${handle} again, or more than ${MOST_OFFERS} things`);
    }
    this.#offered.add(handle);
    switch (offer.kind) {
      case "service":
        return offerService(this, handle, offer.name, offer.methods);
      case "part":
        return void this.#contributed.set(handle, this.#parts.offer(handle, offer));
      case "denial":
        return void this.#contributed.set(handle, offerDenial(this, handle, offer.id));
      case "routes":
        return offerRoutes(this, handle, offer.routes);
      case "host-name":
        if (!this.plugin.granted.hostNames || !HOST_NAME.test(offer.name)) {
          throw beyond(
            this,
            `can't give the panel the name "${offer.name}": one that ends in .local, where granted`,
          );
        }
        return void this.#contributed.set(handle, this.ctx.contribute(hostNamesPoint, offer.name));
    }
  }

  async #answer(id: number, to: Target, args: unknown[]): Promise<void> {
    this.#answering++;
    try {
      if (this.#answering > MOST_CALLS) {
        throw new LatchkeyError("plugin-busy", `${MOST_CALLS} calls are waiting already`, { status: 503 });
      }
      this.send({ t: "answer", id, value: await this.#call(to, args) });
    } catch (error) {
      this.send({ t: "failure", id, error: toWire(error, this.ctx.log) });
    } finally {
      this.#answering--;
    }
  }

  async #call(to: Target, args: unknown[]): Promise<unknown> {
    if (to.kind === "state") return await this.#state.call(to.method, args);
    await this.#callPace.spend(1);
    return to.kind === "part"
      ? await this.#parts.call(to.handle, to.command, args)
      : await callService(this, to.service, to.method, args);
  }

  #log({ level, message, fields }: Extract<BorderMessage, { t: "log" }>): void {
    if (!this.#lines.take()) return;
    const shown = JSON.stringify(fields).length > LINE_CHARS ? { cut: true } : fields as LogFields;
    // Whose line it is, is not for the plugin to say.
    this.ctx.log[level](message, { ...shown, plugin: this.id });
  }

  #offended(error: unknown): void {
    this.#deps.countError(this.id);
    if (this.#lines.take()) this.ctx.log.warn("A plugin did what it may not", { error: errorText(error) });
  }
}

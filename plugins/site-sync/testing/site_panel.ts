import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  cardSharingService,
  LatchkeyError,
  type LogRow,
  type Route,
  type SharedCard,
} from "../../../core/mod.ts";
import { AccessPanel, OWNER } from "../../../core/testing/access_panel.ts";
import { settle, type VirtualClock } from "../../../core/testing/virtual_clock.ts";
import { brokerChanged, brokerService, type Subscription, subscriptionsPoint } from "../../mqtt/keys.ts";
import siteSync from "../mod.ts";
import type { SiteView } from "../keys.ts";
import { providePanel } from "../../testing/panel.ts";

export interface Sent {
  topic: string;
  payload: string;
  retain: boolean;
}

/** What a panel has not read yet: a message, or that one of its own was taken. */
type Letter = Sent | { taken: PromiseWithResolvers<void> };

/** What a panel has of the house that it is in. */
export interface Neighbourhood {
  readonly retained: ReadonlyMap<string, string>;
  publish(sent: Sent): void;
  /** Until nobody has anything to say any more. */
  settle(): Promise<void>;
}

/** One panel of a house, with a real database and access core. */
export class SitePanelBench {
  readonly name: string;
  readonly clock: VirtualClock;
  readonly inbox: Letter[] = [];
  isUp = true;
  access: AccessPanel;
  readonly #house: Neighbourhood;
  readonly #dir = mkdtempSync(join(tmpdir(), "latchkey-site-"));
  readonly #id: string;
  readonly #subscriptions = new Set<Subscription>();
  #routes: Route[] = [];

  constructor(house: Neighbourhood, name: string, clock: VirtualClock, number: number) {
    this.name = name;
    this.clock = clock;
    this.#house = house;
    this.#id = number.toString(16).padStart(32, "a");
    this.access = this.#newAccess();
  }

  #newAccess(): AccessPanel {
    return new AccessPanel(this.#dir, this.clock, (_owner, routes) => {
      this.#routes = routes;
      return () => void (this.#routes = []);
    });
  }

  get id(): string {
    return this.#id;
  }

  async start(): Promise<void> {
    const { core } = this.access.host;
    providePanel(core, { id: this.#id, name: this.name });
    core.provide(brokerService, {
      isUp: () => Promise.resolve(this.isUp),
      publish: (topic, payload, { retain = false } = {}) => {
        if (!this.isUp) return Promise.reject(away());
        this.#house.publish({ topic, payload, retain });
        // As at a real broker it comes behind the messages that are ahead of it.
        const taken = Promise.withResolvers<void>();
        this.inbox.push({ taken });
        return taken.promise;
      },
    });
    core.watch(subscriptionsPoint, {
      added: (subscription) => {
        this.#subscriptions.add(subscription);
        if (!this.isUp) return;
        this.#hearRetained();
        core.emit(brokerChanged, { up: true });
      },
      removed: (subscription) => void this.#subscriptions.delete(subscription),
    });
    this.access.host.add(siteSync, {});
    await this.access.host.start();
  }

  async stop(): Promise<void> {
    await this.access.stop();
    for (const dir of [this.#dir, this.#copy]) rmSync(dir, { recursive: true, force: true });
  }

  /** Keeps all of its data as it is now; the returned function sets it back to that. */
  async backUp(): Promise<() => Promise<void>> {
    await this.#whileOff(() => cpSync(this.#dir, this.#copy, { recursive: true }));
    return () =>
      this.#whileOff(() => {
        rmSync(this.#dir, { recursive: true });
        cpSync(this.#copy, this.#dir, { recursive: true });
      });
  }

  get #copy(): string {
    return `${this.#dir}.copy`;
  }

  async #whileOff(work: () => void): Promise<void> {
    await this.access.stop();
    work();
    this.access = this.#newAccess();
    await this.start();
    await this.#house.settle();
  }

  /** The plugin alone stops and starts again. */
  async restart(meanwhile: () => Promise<unknown> = () => Promise.resolve()): Promise<void> {
    await this.access.host.halt(siteSync.id);
    await meanwhile();
    await this.access.host.restart(siteSync.id);
    await this.#house.settle();
  }

  /** The way to the broker. */
  async setUp(up: boolean): Promise<void> {
    if (up === this.isUp) return;
    this.isUp = up;
    for (const letter of this.inbox.splice(0)) if ("taken" in letter) letter.taken.reject(away());
    if (up) this.#hearRetained();
    this.access.host.core.emit(brokerChanged, { up });
    await this.#house.settle();
  }

  #hearRetained(): void {
    for (const [topic, payload] of this.#house.retained) this.inbox.push({ topic, payload, retain: true });
  }

  /** Takes what lies in its inbox. */
  async read(): Promise<void> {
    for (let letter = this.inbox.shift(); letter; letter = this.inbox.shift()) {
      if ("taken" in letter) letter.taken.resolve();
      else await this.hear(letter.topic, letter.payload, letter.retain);
    }
  }

  async hear(topic: string, payload: string, retained = false): Promise<void> {
    for (const subscription of this.#subscriptions) {
      if (!topic.startsWith(subscription.filter.slice(0, -1))) continue;
      await subscription.heard({ topic, payload, retained }).catch(() => {});
    }
  }

  async call<T = unknown>(
    method: string,
    path: string,
    body: unknown = {},
    { params = {}, query = {} }: { params?: object; query?: object } = {},
  ): Promise<T> {
    const route = this.#routes.find((one) => one.method.toUpperCase() === method && one.path === path);
    if (!route) throw new Error(`There is no route ${method} ${path}`);
    const answer = await route.handle({
      params: route.params?.parse(params) ?? {},
      query: route.query?.parse(query) ?? {},
      body: route.body?.parse(body),
      actor: OWNER,
      caller: { actor: OWNER, role: "owner", deviceId: "device-1", source: "test" },
      publicKey: "",
    });
    return (route.response ? route.response.parse(answer) : undefined) as T;
  }

  /** What this panel has collected of the other's log, newest first, a page at a time. */
  async logOf(panel: SitePanelBench): Promise<LogRow[]> {
    const found: (LogRow & { place: number })[] = [];
    for (;;) {
      const before = found.at(-1)?.place;
      const query = { limit: "70", ...(before === undefined ? {} : { before: String(before) }) };
      const page = await this.call<typeof found>("GET", "/panels/{id}/log", undefined, {
        params: { id: panel.id },
        query,
      });
      found.push(...page);
      if (page.length === 0) break;
    }
    return found.map(({ place: _, ...row }) => row);
  }

  view(): Promise<SiteView> {
    return this.call("GET", "/site");
  }

  /** What it encrypts with, as a thief reads it in its database. */
  dataKey(): string {
    const row = this.access.store.prepare(
      "SELECT value FROM plugin_state WHERE plugin = ? AND key = 'secrets'",
    ).get(siteSync.id);
    return JSON.parse(String(row?.["value"])).data;
  }

  /** A card at this panel, by the first digits of its number. */
  async addCard(number: string, holderName = "Anna"): Promise<void> {
    await this.access.addCard({}, uidOf(number), holderName);
    await this.#house.settle();
  }

  /** A card that is taken away before anybody can have heard of it. */
  async flashCard(number: string): Promise<void> {
    const { id } = await this.access.addCard({}, uidOf(number));
    // As long as it takes to tell the broker, and not to hear of it.
    await settle();
    await this.access.credentials.remove(id, OWNER);
    await this.#house.settle();
  }

  /** From now on it can't keep this value of its state, as where it ends right before, until the returned function is called. */
  cutOff(value: string): () => void {
    const { store } = this.access;
    store.prepare(
      `CREATE TRIGGER cut BEFORE INSERT ON plugin_state WHEN NEW.key = '${value}'
       BEGIN SELECT RAISE(ABORT, 'The power is cut'); END`,
    ).run();
    return () => void store.prepare("DROP TRIGGER cut").run();
  }

  /** Does this once, in the midst of something: right before the plugin next looks a card up, or makes it another. */
  atOnce(moment: "find" | "put", work: () => Promise<unknown>): void {
    const sharing = this.access.host.core.use(cardSharingService);
    const { find, put } = sharing;
    const once = async () => {
      Object.assign(sharing, { find, put });
      await work();
    };
    if (moment === "put") sharing.put = (...args) => once().then(() => put(...args));
    else sharing.find = (mark) => once().then(() => find(mark));
  }

  /** How many rows of its database are written from now on. */
  countWrites(): () => number {
    const count = () => Number(this.access.store.prepare("SELECT total_changes() AS n").get()?.["n"]);
    const before = count();
    return () => count() - before;
  }

  async idOf(number: string): Promise<string | undefined> {
    return (await this.access.credentials.identify({ uid: uidOf(number), cardKind: "unknown" }))?.id;
  }

  async change(number: string, change: { suspended?: boolean; holderName?: string }): Promise<void> {
    await this.access.credentials.change((await this.idOf(number))!, change, OWNER);
    await this.#house.settle();
  }

  async removeCard(number: string): Promise<void> {
    await this.access.credentials.remove((await this.idOf(number))!, OWNER);
    await this.#house.settle();
  }

  /** What happens to who shows this card. */
  async shows(number: string): Promise<string> {
    const id = await this.idOf(number);
    if (id === undefined) return "unknown";
    const { outcome, reason } = await this.access.present({ id });
    this.access.lock.close();
    return outcome === "released" ? "released" : reason;
  }

  /** Each card: digits, holder, whether it is suspended. */
  async cards(): Promise<string[]> {
    const cards = await this.access.credentials.list({ limit: 500 });
    return cards.map((
      { lastDigits, holderName, suspended }: Pick<SharedCard, "lastDigits" | "holderName" | "suspended">,
    ) => `${lastDigits} ${holderName}${suspended ? " suspended" : ""}`).toSorted();
  }
}

const away = () => new LatchkeyError("mqtt-away", "There is no broker");
const uidOf = (number: string) => `04A1${number}`;

import { type AccessService, type CardSharingService, type Context, errorText } from "../../core/mod.ts";
import { type BrokerService, subscriptionsPoint } from "../mqtt/keys.ts";
import { type SitePanel, type SiteTopics, topicsOf } from "./documents.ts";
import { Follower } from "./follower.ts";
import { Keeper } from "./keeper.ts";
import type { LocalCards, LocalChange } from "./local_cards.ts";
import { LogDesk } from "./log_desk.ts";
import { LogShipper } from "./log_shipper.ts";
import { Outbox } from "./outbox.ts";
import type { Site, SiteState } from "./state.ts";

/** Rows of the log that come in this time are sent together, ms. */
const SHIP_MS = 1_000;

export interface MembershipParts {
  ctx: Pick<Context, "after" | "clock" | "contribute" | "freshId" | "log" | "store">;
  access: Pick<AccessService, "log">;
  broker: BrokerService;
  cards: LocalCards;
  sharing: CardSharingService;
  state: SiteState;
  self: SitePanel;
  site: Site;
  /** Whether the cards of this panel make room for those of the site it joins. */
  discardCards: boolean;
  /** A panel that followed nobody was let in; that a panel was let in; that this panel was put out. */
  joined(): Promise<void>;
  admitted(panel: SitePanel): Promise<void>;
  removed(): Promise<void>;
}

/** What one panel does at its site: hears what is said there, and says what it has to. */
export class Membership {
  readonly site: Site;
  readonly outbox: Outbox;
  readonly keeper: Keeper | undefined;
  readonly logs: LogDesk | undefined;
  readonly #follower: Follower;
  readonly #shipper: LogShipper | undefined;
  readonly #parts: MembershipParts;
  readonly #topics: SiteTopics;
  /** What comes back when everything that the broker keeps has come. */
  #greeting = "";
  #shipping = false;
  /** Topics where somebody wrote over what this panel told. */
  readonly #disturbed = new Set<string>();
  #unsubscribe = () => {};

  constructor(parts: MembershipParts) {
    const { access, ctx, broker, cards, self, sharing, site, state } = parts;
    this.#parts = parts;
    this.site = site;
    const isKeeper = site.role === "keeper";
    const topics = this.#topics = topicsOf(site.id);
    const outbox = this.outbox = new Outbox(broker, ctx.log, { isOpen: !isKeeper });
    const common = { clock: ctx.clock, log: ctx.log, state, cards, outbox, topics, site, self };
    this.#follower = new Follower({
      ...common,
      sharing,
      discardCards: parts.discardCards,
      joined: () => parts.joined(),
      removed: () => parts.removed(),
    });
    if (isKeeper) {
      this.keeper = new Keeper({
        ...common,
        freshKey: () => freshKey(ctx),
        follower: this.#follower,
        admitted: (panel) => parts.admitted(panel),
      });
      this.logs = new LogDesk({ store: ctx.store, state, outbox, topics, site });
    } else if (site.role === "follower") this.#shipper = new LogShipper({ ...common, access });
  }

  async start(): Promise<void> {
    await (this.keeper ?? this.#follower).start();
    this.#unsubscribe = this.#parts.ctx.contribute(subscriptionsPoint, {
      filter: this.#topics.all,
      echo: this.#topics.echo,
      heard: ({ topic, payload }) => this.#heard(topic, payload),
    });
  }

  stop(): void {
    this.#unsubscribe();
    this.outbox.clear();
  }

  /** There is a broker, and everything that it keeps is on its way here. */
  async up(): Promise<void> {
    this.#greeting = this.#parts.ctx.freshId();
    this.#greet();
    await this.repeat();
  }

  down(): void {
    this.#disturbed.clear();
    if (this.keeper) this.outbox.hold();
  }

  /** What may have been lost on its way is said again. */
  async repeat(): Promise<void> {
    if (this.#greeting !== "") this.#greet();
    for (const topic of this.#disturbed) this.outbox.again(topic);
    this.#disturbed.clear();
    if (!this.keeper) await this.#follower.repeat();
    await this.#shipper?.send();
    await this.outbox.send();
  }

  async changed(change: LocalChange): Promise<void> {
    await (this.keeper ?? this.#follower).changed(change);
  }

  /** Nothing of the log of before is sent. */
  async beginLog(): Promise<void> {
    await this.#shipper?.begin();
  }

  /** Not while somebody waits at the door. */
  logged(): void {
    if (!this.#shipper || this.#shipping) return;
    this.#shipping = true;
    this.#parts.ctx.after(SHIP_MS, async () => {
      this.#shipping = false;
      await this.#shipper?.send();
    });
  }

  async #heard(topic: string, payload: string): Promise<void> {
    const [kind] = topic.slice(this.#topics.all.length - 1).split("/");
    if (kind === "hello") return await this.#greeted(payload);
    const isOwn = this.outbox.hasTold(topic, payload);
    if (isOwn === false && this.outbox.isOpen) this.#disturbed.add(topic);
    if (payload === "" || isOwn) return;
    const voice = this.keeper ?? this.#follower;
    if (kind === "register") await voice.registered(payload);
    else if (kind === "card") await voice.told(payload);
    else if (kind === "wish") await voice.wished(payload);
    else if (kind === "join") await this.keeper?.joins(payload);
    else if (kind === "rows") await this.logs?.heard(payload);
    else if (kind === "seen") await this.#shipper?.seen(payload);
  }

  #greet(): void {
    const { broker, ctx, self } = this.#parts;
    // Nobody waits for it here: its acknowledgement may come behind what is on its way.
    void broker.publish(this.#topics.hello(self.id), this.#greeting).catch((error: unknown) =>
      ctx.log.debug("The broker does not take a greeting", { error: errorText(error) })
    );
  }

  /** The panel that keeps the key says nothing before it has heard what it said before it may have been set back. */
  async #greeted(greeting: string): Promise<void> {
    if (this.#greeting === "" || greeting !== this.#greeting) return;
    this.#greeting = "";
    this.outbox.open();
    await this.keeper?.repeat();
    await this.logs?.repeat();
  }
}

/** An id is 16 bytes that nobody can guess; a key is two of them. */
export function freshKey(ctx: Pick<Context, "freshId">): string {
  return ctx.freshId() + ctx.freshId();
}

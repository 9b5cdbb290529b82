import {
  accessLogged,
  type AccessService,
  type Actor,
  type CardSharingService,
  type Context,
  type CredentialService,
  errorText,
  type Json,
  LatchkeyError,
} from "../../core/mod.ts";
import type { BrokerService } from "../mqtt/keys.ts";
import type { SitePanel } from "./documents.ts";
import { invitationOf } from "./invitation.ts";
import { Joining } from "./joining.ts";
import type { Keeper } from "./keeper.ts";
import type { SiteView } from "./keys.ts";
import { LocalCards, type LocalChange } from "./local_cards.ts";
import type { LogDesk, PlacedRow } from "./log_desk.ts";
import { freshKey, Membership } from "./membership.ts";
import { newSigner } from "./seals.ts";
import { found } from "./secrets.ts";
import type { Site, SiteState } from "./state.ts";

export interface SiteDeskParts {
  ctx: Pick<Context, "after" | "clock" | "contribute" | "freshId" | "id" | "log" | "on" | "store">;
  access: AccessService;
  credentials: CredentialService;
  sharing: CardSharingService;
  broker: BrokerService;
  state: SiteState;
  panel: { id: string; name: string };
}

/** What owners do about the site of their panel. Everything is in the access log. */
export class SiteDesk {
  readonly #parts: SiteDeskParts;
  #cards: LocalCards | undefined;
  #membership: Membership | undefined;
  #joining: Joining | undefined;

  constructor(parts: SiteDeskParts) {
    this.#parts = parts;
  }

  /** Goes on with the site that this panel belongs to, if it does. */
  async start(): Promise<void> {
    const { ctx, credentials, sharing, state } = this.#parts;
    this.#cards = await LocalCards.open({
      ctx,
      credentials,
      sharing,
      changed: (change) => this.#changed(change),
    });
    ctx.on(accessLogged, () => this.#membership?.logged());
    const site = state.get("site");
    if (site) return void await this.#begin(site);
    // A site that was being founded or left when the power was cut: its register would be taken for the next one's.
    if (state.get("register")) await state.forget();
  }

  /** @throws {LatchkeyError} `site-taken` (409) */
  async found(actor: Actor): Promise<void> {
    this.#assertNone();
    const { ctx, sharing, state } = this.#parts;
    const { x, d } = newSigner();
    const site: Site = { id: ctx.freshId(), role: "keeper", publicKey: x, privateKey: d };
    const secrets = { epoch: 1, data: freshKey(ctx), cards: await sharing.key() };
    await found(state, site.id, this.#self, secrets);
    await state.set("site", site);
    await this.#record("founded", actor, { site: site.id });
    await this.#begin(site);
  }

  /** @throws {LatchkeyError} `not-keeper` (409) */
  async invite(actor: Actor): Promise<{ code: string; remainingMs: number }> {
    const { keeper, site } = this.#keeping();
    await this.#record("invited", actor, { site: site.id });
    return keeper.invite(this.#parts.ctx.freshId());
  }

  /**
   * Asks to be let in; whether it is, `view` tells.
   * @throws {LatchkeyError} `site-taken`, `cards-not-empty` (409), `code-invalid` (400)
   */
  async join(code: string, discardCards: boolean, actor: Actor): Promise<void> {
    this.#assertNone();
    const { ctx, credentials, state } = this.#parts;
    const invitation = invitationOf(code);
    if (!discardCards && (await credentials.list({ limit: 1 })).length > 0) {
      throw new LatchkeyError(
        "cards-not-empty",
        "This panel has cards of its own, which the site would not know. Say discardCards to have them removed",
        { status: 409 },
      );
    }
    await this.#record("asked", actor, { site: invitation.site, discardCards });
    const site: Site = { id: invitation.site, role: "follower", publicKey: invitation.publicKey };
    const membership = await this.#begin(site, { actor, discardCards });
    this.#joining = new Joining({
      outbox: membership.outbox,
      clock: ctx.clock,
      invitation,
      self: this.#self,
      signer: state.identity.signer,
    });
    await this.#joining.ask();
  }

  /** @throws {LatchkeyError} `not-keeper`, `panel-own` (409), `panel-unknown` (404) */
  async remove(panel: string, suspend: boolean, actor: Actor): Promise<void> {
    const { keeper, logs, site } = this.#keeping();
    const { name } = keeper.panel(panel);
    await this.#record("panel-removed", actor, { site: site.id, panel, name, suspend });
    await keeper.remove(panel, suspend);
    await logs.forget(panel);
  }

  /** This panel belongs to no site any more; its cards stay as they are. */
  async leave(actor: Actor): Promise<void> {
    const { state } = this.#parts;
    const site = this.#membership?.site;
    if (site) await this.#record("left", actor, { site: site.id });
    this.#end();
    await state.forget();
  }

  /** @throws {LatchkeyError} `not-keeper` (409), `panel-unknown` (404) */
  log(panel: string, query: { before?: number; limit?: number }): Promise<PlacedRow[]> {
    const { keeper, logs } = this.#keeping();
    return logs.list(keeper.panel(panel).id, query);
  }

  async view(): Promise<SiteView> {
    const { broker, panel, state } = this.#parts;
    const register = state.get("register");
    const site = this.#membership?.site;
    return {
      role: this.#joining ? "joining" : site?.role ?? "none",
      id: site?.id ?? null,
      version: register?.version ?? 0,
      panels: (register?.panels ?? []).map(({ id, name }) => ({ id, name, self: id === panel.id })),
      cards: Object.keys(register?.cards ?? {}).length,
      pending: Object.keys(state.pending).length,
      brokerUp: await broker.isUp(),
    };
  }

  async brokerChanged(up: boolean): Promise<void> {
    if (up) await this.#membership?.up();
    else this.#membership?.down();
  }

  /** What may have been lost on its way is said again. */
  async repeat(): Promise<void> {
    if (this.#joining?.isOver) {
      this.#parts.ctx.log.warn("This panel was not let in in time");
      this.#end();
      await this.#parts.state.forget();
    }
    await this.#joining?.ask();
    await this.#membership?.repeat();
  }

  async #begin(site: Site, { actor = this.#actor, discardCards = false } = {}): Promise<Membership> {
    const { access, broker, ctx, sharing, state } = this.#parts;
    const membership = this.#membership = new Membership({
      ctx,
      access,
      broker,
      cards: this.#cards!,
      sharing,
      state,
      self: this.#self,
      site,
      discardCards,
      joined: async () => {
        this.#joining = undefined;
        await state.set("site", site);
        await membership.beginLog();
        await this.#record("joined", actor, { site: site.id });
        ctx.log.info("This panel belongs to the site now", { site: site.id });
      },
      admitted: ({ id, name }) =>
        this.#record("panel-joined", this.#actor, { site: site.id, panel: id, name }),
      removed: async () => {
        const gone: Site = { ...site, role: "removed" };
        await state.set("site", gone);
        await this.#record("removed", this.#actor, { site: site.id });
        ctx.log.warn("This panel was removed from its site and follows it no more");
        this.#end();
        await this.#begin(gone);
      },
    });
    if (site.role !== "removed") await membership.start();
    return membership;
  }

  #end(): void {
    this.#membership?.stop();
    this.#membership = this.#joining = undefined;
  }

  #changed(change: LocalChange): void {
    if (this.#joining) return;
    this.#membership?.changed(change).catch((error: unknown) =>
      this.#parts.ctx.log.error("A change of a card is not told to the site", { error: errorText(error) })
    );
  }

  async #record(outcome: string, actor: Actor, detail: { [key: string]: Json }): Promise<void> {
    const via = actor.kind === "plugin" ? "plugin" : "app";
    await this.#parts.access.record({ kind: "site", outcome, actor, via, detail });
  }

  get #actor(): Actor {
    return { kind: "plugin", id: this.#parts.ctx.id, scopes: [] };
  }

  get #self(): SitePanel {
    const { panel, state } = this.#parts;
    return state.self(panel.id, panel.name);
  }

  #keeping(): { site: Site; keeper: Keeper; logs: LogDesk } {
    const { site, keeper, logs } = this.#membership ?? {};
    if (site && keeper && logs) return { site, keeper, logs };
    throw new LatchkeyError("not-keeper", "This is for the panel that keeps the site's key", { status: 409 });
  }

  #assertNone(): void {
    if (!this.#membership) return;
    throw new LatchkeyError(
      "site-taken",
      "This panel belongs to a site already; it has to leave that one first",
      { status: 409 },
    );
  }
}

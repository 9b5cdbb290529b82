import type { Clock, Log } from "../../core/mod.ts";
import type { SitePanel, SiteTopics } from "./documents.ts";
import type { LocalCards } from "./local_cards.ts";
import type { Outbox } from "./outbox.ts";
import type { Site, SiteState } from "./state.ts";

/** What all that a panel does at its site has in common. */
export interface SiteParts {
  clock: Clock;
  log: Log;
  state: SiteState;
  cards: LocalCards;
  outbox: Outbox;
  topics: SiteTopics;
  site: Site;
  self: SitePanel;
}

/** What a panel is at its site, for people. */
export interface SiteView {
  role: "none" | "joining" | "keeper" | "follower" | "removed";
  id: string | null;
  /** The version of the register that holds here. */
  version: number;
  panels: { id: string; name: string; self: boolean }[];
  cards: number;
  /** Changes that were made here and that the site has not taken up. */
  pending: number;
  /** Whether there is a broker now. */
  brokerUp: boolean;
}

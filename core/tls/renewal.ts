import type { Context } from "../plugin/plugin.ts";
import { timeService } from "../time.ts";
import type { Pair } from "./certificates.ts";
import type { CertificateSource } from "./source.ts";

/** How soon a new address, or a clock that was set, is noticed. */
const LOOK_EVERY_MS = 60_000;

export interface Renewal {
  source: CertificateSource;
  /** Under which names and addresses the panel is reached by now. */
  names(): string[];
  shown: Pair;
  /** Has another certificate shown to devices from now on. */
  show(pair: Pair): void;
}

/** Keeps the panel's certificate good while it runs. */
export function keepRenewed(core: Context, { source, names, shown, show }: Renewal): void {
  let present = shown;
  async function look(): Promise<void> {
    const trusted = await core.use(timeService).trusted();
    const next = await source.pair({ now: core.clock.now(), trusted }, names());
    if (next === present) return;
    present = next;
    show(next);
    core.log.info("The panel shows a new certificate");
  }
  core.every(LOOK_EVERY_MS, look);
  core.after(0, look);
}

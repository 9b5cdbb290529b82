import type { JSX } from "preact";
import { useValue } from "../../lib/state.ts";
import { Fingerprint } from "../../lib/ui/fingerprint.tsx";
import { Icon } from "../../lib/ui/icons.tsx";
import type { Home } from "../model/home.ts";

/** The way to the page for devices that warn of the panel; where it speaks plain HTTP there is nothing to trust. */
export function TrustCard({ home }: { home: Home }): JSX.Element | null {
  const { identity } = useValue(home);
  if (!identity?.fingerprint) return null;
  return (
    <section class="card" aria-labelledby="trust">
      <h2 id="trust">A device warns of this panel?</h2>
      <p class="soft">
        The panel vouches for itself: no company on the internet has to. Each device is told once to trust it.
        There it shows these letters, if it is this panel:
      </p>
      <Fingerprint hex={identity.fingerprint} />
      <a class="button" href="/trust">
        <Icon name="shield" size={20} /> Make a device trust it
      </a>
    </section>
  );
}

/// <reference lib="dom" />
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { askIdentity, type Identity } from "../lib/api/open.ts";
import { messageOf } from "../lib/api/problem.ts";
import { Fingerprint } from "../lib/ui/fingerprint.tsx";
import { Icon } from "../lib/ui/icons.tsx";
import { Guide } from "./guide.tsx";

/** What can be done here: nothing is known yet, or the panel has an authority to trust, or there is none. */
type State =
  | { name: "asking" }
  | { name: "failed"; fault: string }
  | { name: "ready"; identity: Identity & { fingerprint: string } }
  | { name: "nothing"; identity: Identity; why: "plain" | "own" | "unclaimed" };

const NOTHING = {
  plain: "Here this panel speaks plain HTTP, as it does on its own machine: there is nothing to trust.",
  own:
    "This panel shows a certificate that its owner brought. There is nothing to install here; if a browser warns of it, ask the owner.",
  unclaimed: "This panel has no owner yet. Make it yours first; then come back here.",
};

/** For a device that warns of the panel: how it is made to trust it. Needs no account. */
export function Trust(): JSX.Element {
  const [state, setState] = useState<State>({ name: "asking" });
  useEffect(() => {
    look().then(setState, (error: unknown) => setState({ name: "failed", fault: messageOf(error) }));
  }, []);
  const identity = "identity" in state ? state.identity : undefined;
  return (
    <div class="trust">
      <header class="trust-head">
        <span class="threshold-mark">
          <Icon name="shield" size={30} />
        </span>
        <div>
          <p class="trust-name">{identity?.name ?? "Latchkey"}</p>
          <h1>Make this device trust the panel</h1>
        </div>
      </header>
      <main class="trust-main">
        {state.name === "asking" && <p class="card" role="status">Asking the panel …</p>}
        {state.name === "failed" && <p class="card" role="alert">{state.fault}</p>}
        {state.name === "nothing" && <p class="card">{NOTHING[state.why]}</p>}
        {state.name === "ready" && <Ready fingerprint={state.identity.fingerprint} />}
        <a class="button" href="/">
          <Icon name="home" size={20} /> Open the panel
        </a>
      </main>
    </div>
  );
}

function Ready({ fingerprint }: { fingerprint: string }): JSX.Element {
  return (
    <>
      <section class="card" aria-labelledby="why">
        <h2 id="why">Why it warns</h2>
        <p class="soft">
          No company on the internet vouches for a door panel in your home: it vouches for itself. This device
          is told once to believe it. What it then believes is limited to your home network and the panel’s
          own names; no other site can be signed with it.
        </p>
      </section>
      <section class="card" aria-labelledby="compare">
        <h2 id="compare">First compare</h2>
        <p class="soft">
          These letters have to be the same as at the panel: in the link it showed at its start, after{" "}
          <b>sha256=</b>, or on a device that trusts it already, under People or You. Are they others? Then
          stop: something answers in the panel’s place.
        </p>
        <Fingerprint hex={fingerprint} />
      </section>
      <Guide />
    </>
  );
}

async function look(): Promise<State> {
  const identity = await askIdentity();
  const { fingerprint } = identity;
  if (fingerprint === null) return { name: "nothing", identity, why: "plain" };
  if (!identity.claimed) return { name: "nothing", identity, why: "unclaimed" };
  const { ok } = await fetch("/api/v1/root.pem", { method: "HEAD", cache: "no-store" });
  return ok
    ? { name: "ready", identity: { ...identity, fingerprint } }
    : { name: "nothing", identity, why: "own" };
}

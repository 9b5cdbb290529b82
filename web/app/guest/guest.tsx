import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Terms } from "../../../core/access/model.ts";
import { useValue } from "../../lib/state.ts";
import { Icon } from "../../lib/ui/icons.tsx";
import { useNow } from "../../lib/ui/now.ts";
import { Toasts } from "../../lib/ui/toast.tsx";
import { cardState, usesText, validityText } from "../../lib/words/terms.ts";
import { momentText } from "../../lib/words/times.ts";
import type { Home } from "../model/home.ts";
import { ThisDevice } from "../own/this_device.tsx";
import { TrustCard } from "../own/trust_card.tsx";
import { Live } from "../parts/masthead.tsx";
import { ReleaseButton } from "../parts/release_button.tsx";

/** What a guest sees: what may be opened, and until when. */
export function Guest({ home }: { home: Home }): JSX.Element {
  const { me, identity, live } = useValue(home);
  const now = useNow(10_000);
  const terms = me?.member.terms;
  return (
    <div class="app guest">
      <a class="skip" href="#main">Skip to the door</a>
      <header class="masthead">
        <h1 class="wordmark">
          <span class="wordmark-key">
            <Icon name="key" size={20} />
          </span>
          <span class="guest-hello">Hello, {me?.member.name}</span>
        </h1>
        <div class="masthead-end">
          <Live home={home} />
        </div>
      </header>
      <main id="main" tabIndex={-1} class="guest-main">
        <section class="entrance" aria-labelledby="entrance-name">
          <div class="leaf">
            <div>
              <h2 id="entrance-name">{identity?.name}</h2>
              <p class="leaf-state" role="status">
                {live ? summary(terms, now) : "The panel can’t be reached. This page keeps trying."}
              </p>
            </div>
            {terms && <GuestDoors home={home} terms={terms} now={now} />}
          </div>
        </section>
        {terms && (
          <section class="card" aria-labelledby="access">
            <h2 id="access">Your access</h2>
            <Access home={home} terms={terms} />
          </section>
        )}
        <ThisDevice home={home} />
        <TrustCard home={home} />
      </main>
      <Toasts />
    </div>
  );
}

function GuestDoors({ home, terms, now }: { home: Home; terms: Terms; now: number }): JSX.Element | null {
  const { accessPoints } = useValue(home);
  // Whoever has just opened for the last time sees that it worked.
  const [opened, setOpened] = useState(false);
  const { tone, word } = cardState(terms, now);
  if (tone !== "good" && !(opened && word === "Used up")) return null;
  if (accessPoints.length === 0) {
    return <p class="leaf-state">What you may open is not there now. Ask who invited you.</p>;
  }
  return (
    <div class="panels">
      {accessPoints.map((point) => (
        <ReleaseButton
          key={point.id}
          point={point}
          release={async (requestId) => {
            const answer = await home.api.release(point.id, requestId);
            setOpened(true);
            void home.loadMe();
            return answer;
          }}
        />
      ))}
    </div>
  );
}

function Access({ home, terms }: { home: Home; terms: Terms }): JSX.Element {
  const { accessPoints, me } = useValue(home);
  const facts = [
    ["Opens", accessPoints.map(({ name }) => name).join(" and ") || "Nothing now"],
    ["When", validityText(terms.validity)],
    ["Uses", usesText(terms.usesLeft) ?? "Not limited"],
    ...(me?.member.until ? [["Ends", momentText(Date.parse(me.member.until))] as const] : []),
  ] as const;
  return (
    <dl class="facts">
      {facts.map(([term, fact]) => (
        <div key={term}>
          <dt>{term}</dt>
          <dd>{fact}</dd>
        </div>
      ))}
    </dl>
  );
}

function summary(terms: Terms | null | undefined, now: number): string {
  if (!terms) return "";
  const { word } = cardState(terms, now);
  const { validity, usesLeft } = terms;
  switch (word) {
    case "Suspended":
      return "An owner has suspended your access for now.";
    case "Used up":
      return "You have opened as often as you may. Ask an owner for more.";
    case "Expired":
      return "Your time is over. Ask an owner for more.";
    case "Not valid yet":
      return `Your time begins ${
        validity.kind === "always" ? "later" : momentText(Date.parse(validity.from ?? ""))
      }.`;
  }
  const until = validity.kind === "always" ? undefined : validity.until;
  const often = usesLeft === null ? "" : usesLeft === 1 ? " once" : ` ${usesLeft} times`;
  const when = validity.kind === "weekly" ? " at the times below" : "";
  return `You may open${often}${when}${until === undefined ? "" : ` until ${momentText(Date.parse(until))}`}`;
}

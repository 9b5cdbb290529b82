/// <reference lib="dom" />
import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Credential } from "../../../core/access/model.ts";
import type { Enrolment } from "../../../plugins/rfid/keys.ts";
import { useValue } from "../../lib/state.ts";
import { Icon } from "../../lib/ui/icons.tsx";
import { useNow } from "../../lib/ui/now.ts";
import { cardState, usesText, validityText } from "../../lib/words/terms.ts";
import type { Home } from "../model/home.ts";
import { Initial } from "../parts/initial.tsx";
import { CardDialog } from "./card_dialog.tsx";
import { Pending } from "./pending.tsx";
import { Wizard } from "./wizard.tsx";

/** Who has a key to the house. */
export function Cards({ home }: { home: Home }): JSX.Element {
  const { cards, enrolment, may } = useValue(home);
  const [shown, setShown] = useState<string>();
  const [adding, setAdding] = useState<"new" | Enrolment>();
  const heading = useRef<HTMLHeadingElement>(null);
  const count = useRef(cards.length);
  useLayoutEffect(() => {
    // The focus may have been on the row of a card that is gone.
    if (cards.length < count.current && document.activeElement === document.body) heading.current?.focus();
    count.current = cards.length;
  }, [cards.length]);
  const card = cards.find(({ id }) => id === shown);
  const sorted = cards.toSorted((a, b) => a.holderName.localeCompare(b.holderName));
  return (
    <section class="card" data-in="keys" aria-labelledby="cards">
      <div class="card-head">
        <h2 id="cards" tabIndex={-1} ref={heading}>Cards</h2>
        {may.owner && (
          <button type="button" class="button primary" onClick={() => setAdding("new")}>
            <Icon name="plus" size={20} /> Add a card
          </button>
        )}
      </div>
      {enrolment?.state === "waiting" && !adding && may.owner && (
        <Pending home={home} enrolment={enrolment} onShow={setAdding} />
      )}
      {cards.length === 0
        ? (
          <div class="empty">
            <Icon name="card" size={32} />
            <h3>No cards yet</h3>
            <p class="soft">
              {may.owner
                ? "Add one, hold a badge to the reader at the door, and it opens."
                : "An owner can add some."}
            </p>
          </div>
        )
        : (
          <ul class="card-list">
            {sorted.map((each) => (
              <CardRow
                key={each.id}
                card={each}
                home={home}
                onShow={() => setShown(each.id)}
              />
            ))}
          </ul>
        )}
      {card && <CardDialog key={card.id} home={home} card={card} onClose={() => setShown(undefined)} />}
      {adding && (
        <Wizard
          home={home}
          onClose={() => setAdding(undefined)}
          {...(adding === "new" ? {} : { underWay: adding })}
        />
      )}
    </section>
  );
}

interface CardRowProps {
  home: Home;
  card: Credential;
  onShow(): void;
}

function CardRow({ home, card, onShow }: CardRowProps): JSX.Element {
  const now = useNow(60_000);
  const { accessPoints } = useValue(home);
  const { tone, word } = cardState(card, now);
  const opens = card.accessPoints.map((id) => accessPoints.find((point) => point.id === id)?.name ?? id);
  const uses = card.usesLeft === 0 ? undefined : usesText(card.usesLeft);
  return (
    <li>
      <button type="button" class="card-row" aria-haspopup="dialog" onClick={onShow}>
        <Initial name={card.holderName} />
        <span class="card-row-text">
          <span class="card-row-name">
            {card.holderName} <span class="digits">·{card.lastDigits}</span>
          </span>
          <span class="hint">{validityText(card.validity)}{uses === undefined ? "" : ` · ${uses}`}</span>
          <span class="hint">{opens.join(" and ")}</span>
        </span>
        <span class={`pill pill-${tone}`}>{word}</span>
      </button>
    </li>
  );
}

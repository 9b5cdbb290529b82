/// <reference lib="dom" />
import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Code } from "../../../core/access/model.ts";
import { useValue } from "../../lib/state.ts";
import { Icon } from "../../lib/ui/icons.tsx";
import { useNow } from "../../lib/ui/now.ts";
import { cardState, usesText, validityText } from "../../lib/words/terms.ts";
import type { Home } from "../model/home.ts";
import { CodeDialog } from "./code_dialog.tsx";
import { NewCodeDialog } from "./new_code_dialog.tsx";

/** Codes for guests and deliveries, with what is left of each. */
export function Codes({ home }: { home: Home }): JSX.Element {
  const { codes } = useValue(home);
  const [shown, setShown] = useState<string>();
  const [adding, setAdding] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  const count = useRef(codes.length);
  useLayoutEffect(() => {
    // The focus may have been on the row of a code that is gone.
    if (codes.length < count.current && document.activeElement === document.body) heading.current?.focus();
    count.current = codes.length;
  }, [codes.length]);
  const code = codes.find(({ id }) => id === shown);
  return (
    <section class="card" data-in="keys" aria-labelledby="codes">
      <div class="card-head">
        <h2 id="codes" tabIndex={-1} ref={heading}>Codes</h2>
        <button type="button" class="button" onClick={() => setAdding(true)}>
          <Icon name="plus" size={20} /> New code
        </button>
      </div>
      {codes.length === 0
        ? (
          <div class="empty">
            <Icon name="code" size={32} />
            <h3>No codes</h3>
            <p class="soft">
              For a parcel or a guest: opens once, or as often as you say, without an account.
            </p>
          </div>
        )
        : (
          <ul class="card-list">
            {codes.map((each) => (
              <CodeRow
                key={each.id}
                home={home}
                code={each}
                onShow={() => setShown(each.id)}
              />
            ))}
          </ul>
        )}
      {code && <CodeDialog key={code.id} home={home} code={code} onClose={() => setShown(undefined)} />}
      {adding && <NewCodeDialog home={home} onClose={() => setAdding(false)} />}
    </section>
  );
}

function CodeRow({ home, code, onShow }: { home: Home; code: Code; onShow(): void }): JSX.Element {
  const now = useNow(60_000);
  const { accessPoints } = useValue(home);
  const { name, terms } = code;
  const { tone, word } = cardState(terms, now);
  const opens = terms.accessPoints.map((id) => accessPoints.find((point) => point.id === id)?.name ?? id);
  const uses = terms.usesLeft === 0 ? undefined : usesText(terms.usesLeft);
  return (
    <li>
      <button type="button" class="card-row" aria-haspopup="dialog" onClick={onShow}>
        <span class="initial initial-code" aria-hidden="true">
          <Icon name="code" />
        </span>
        <span class="card-row-text">
          <span class="card-row-name">{name}</span>
          <span class="hint">
            {validityText(terms.validity)}
            {uses === undefined ? "" : ` · ${uses}`}
          </span>
          <span class="hint">{opens.join(" and ")}</span>
        </span>
        <span class={`pill pill-${tone}`}>{word}</span>
      </button>
    </li>
  );
}

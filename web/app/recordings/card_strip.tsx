import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { RecorderView } from "../../../plugins/recorder/keys.ts";
import { useValue } from "../../lib/state.ts";
import { Dialog } from "../../lib/ui/dialog.tsx";
import { Icon } from "../../lib/ui/icons.tsx";
import { say } from "../../lib/ui/toast.tsx";
import { bytesText, cardText } from "../../lib/words/recordings.ts";
import type { Home } from "../model/home.ts";
import { Revoke } from "../people/revoke.tsx";
import { Password } from "./password.tsx";
import type { Shelf } from "./shelf.ts";

export interface CardStripProps {
  home: Home;
  shelf: Shelf;
  view: RecorderView;
}

/** The card: how it is, how full, and what an owner can do with it. */
export function CardStrip({ home, shelf, view }: CardStripProps): JSX.Element {
  const { may } = useValue(home);
  const [asking, setAsking] = useState<"initialize" | "password">();
  const { card, encryption } = view;
  const { tone, title, text } = cardText(card);
  const used = card.bytes === 0 ? 0 : 1 - card.free / card.bytes;
  return (
    <div class={`memory is-${tone}`}>
      <Icon name={tone === "good" ? "box" : "warning"} />
      <div class="memory-text">
        <p class="memory-title">{title}</p>
        <p class="hint">{text}</p>
        {card.warnings.map((warning) => <p key={warning} class="hint">{warning}.</p>)}
        {card.progress !== null && (
          <progress class="memory-bar" max={100} value={card.progress}>{card.progress} %</progress>
        )}
        {card.progress === null && card.bytes > 0 && (
          <meter class="memory-bar" min={0} max={1} value={used} aria-label="How full the card is">
            {bytesText(card.bytes - card.free)}
          </meter>
        )}
      </div>
      {may.owner && card.state !== "absent" && card.progress === null && (
        <div class="memory-acts">
          {card.state === "uninitialized" && (
            <button
              type="button"
              class="button primary"
              onClick={() => setAsking("initialize")}
            >
              Initialize
            </button>
          )}
          <button type="button" class="button" onClick={() => setAsking("password")}>
            <Icon name="key" size={20} /> {encryption.on ? "Password" : "Encrypt"}
          </button>
        </div>
      )}
      {asking === "initialize" && (
        <Dialog title="Initialize the card?" onClose={() => setAsking(undefined)}>
          <Revoke
            text="Everything on it is erased. After that this panel records on it."
            act="Erase and initialize"
            work={() => shelf.initialize()}
            onKeep={() => setAsking(undefined)}
            onDone={() => {
              say("The card is being initialized", "box");
              setAsking(undefined);
            }}
          />
        </Dialog>
      )}
      {asking === "password" && (
        <Password
          shelf={shelf}
          first={!encryption.set}
          onClose={() => setAsking(undefined)}
        />
      )}
    </div>
  );
}

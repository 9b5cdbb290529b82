import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Credential } from "../../../core/access/model.ts";
import { messageOf } from "../../lib/api/problem.ts";
import { useValue } from "../../lib/state.ts";
import { Dialog } from "../../lib/ui/dialog.tsx";
import { Fault, Switch } from "../../lib/ui/fields.tsx";
import { Icon } from "../../lib/ui/icons.tsx";
import { say } from "../../lib/ui/toast.tsx";
import { possessive } from "../../lib/words/log.ts";
import { usesText, validityText } from "../../lib/words/terms.ts";
import { momentText } from "../../lib/words/times.ts";
import type { Home } from "../model/home.ts";
import { EditCard } from "./edit_card.tsx";

export interface CardDialogProps {
  home: Home;
  card: Credential;
  onClose(): void;
}

/** One card: what it may, to suspend it, to change it, to delete it. */
export function CardDialog({ home, card, onClose }: CardDialogProps): JSX.Element {
  const { may } = useValue(home);
  const [view, setView] = useState<"facts" | "edit" | "delete">("facts");
  const [asking, setAsking] = useState(false);
  const [fault, setFault] = useState<string>();
  const name = `${possessive(card.holderName)} card`;

  async function attempt(work: () => Promise<unknown>, done: () => void): Promise<void> {
    setAsking(true);
    setFault(undefined);
    try {
      await work();
      done();
    } catch (error) {
      setFault(messageOf(error));
    } finally {
      setAsking(false);
    }
  }

  if (view === "edit") {
    return (
      <Dialog title={`Change ${name}`} onClose={() => setView("facts")}>
        <EditCard home={home} card={card} onClose={() => setView("facts")} />
      </Dialog>
    );
  }
  if (view === "delete") {
    return (
      <Dialog title={`Delete ${name}?`} onClose={() => setView("facts")}>
        <p>
          The card ending in {card.lastDigits}{" "}
          stops opening at once. What it did stays in the access log. To use it again it has to be added anew.
        </p>
        {fault !== undefined && <Fault text={fault} />}
        <div class="dialog-foot">
          <button type="button" class="button plain" data-first onClick={() => setView("facts")}>
            Keep it
          </button>
          <button
            type="button"
            class="button danger"
            disabled={asking}
            onClick={() =>
              void attempt(() => home.api.deleteCard(card.id), () => {
                say(`${name} was deleted`, "trash");
                onClose();
              })}
          >
            Delete the card
          </button>
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog title={name} onClose={onClose}>
      <Facts home={home} card={card} />
      {may.owner && (
        <Switch
          label={card.suspended ? "Suspended: opens nothing" : "Suspend it for now"}
          on={card.suspended}
          disabled={asking}
          onChange={(suspended) => void attempt(() => home.api.changeCard(card.id, { suspended }), () => {})}
        />
      )}
      {fault !== undefined && <Fault text={fault} />}
      {may.owner && (
        <div class="dialog-foot">
          <button type="button" class="button warn" onClick={() => setView("delete")}>
            <Icon name="trash" size={20} /> Delete
          </button>
          <button type="button" class="button" onClick={() => setView("edit")}>
            <Icon name="pencil" size={20} /> Change
          </button>
        </div>
      )}
    </Dialog>
  );
}

function Facts({ home, card }: Pick<CardDialogProps, "home" | "card">): JSX.Element {
  const { accessPoints } = useValue(home);
  const facts = [
    [
      "Opens",
      card.accessPoints.map((id) => accessPoints.find((point) => point.id === id)?.name ?? id).join(", "),
    ],
    ["When", validityText(card.validity)],
    ["Uses", usesText(card.usesLeft) ?? "Not limited"],
    ["Number", `ends in ${card.lastDigits}`],
    ["Security", card.assurance.charAt(0).toUpperCase() + card.assurance.slice(1)],
    ["Added", momentText(card.createdAt)],
    ["Last used", card.lastUsedAt === null ? "Never" : momentText(card.lastUsedAt)],
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

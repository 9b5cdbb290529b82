import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Credential } from "../../../core/access/model.ts";
import { messageOf } from "../../lib/api/problem.ts";
import { useValue } from "../../lib/state.ts";
import { Fault, NameField } from "../../lib/ui/fields.tsx";
import { say } from "../../lib/ui/toast.tsx";
import { possessive } from "../../lib/words/log.ts";
import type { Home } from "../model/home.ts";
import { draftOf, faultOf, newDraft, termsOf } from "../terms/terms_draft.ts";
import { TermsForm } from "../terms/terms_form.tsx";

export interface EditCardProps {
  home: Home;
  card: Credential;
  onClose(): void;
}

export function EditCard({ home, card, onClose }: EditCardProps): JSX.Element {
  const { accessPoints } = useValue(home);
  const [name, setName] = useState(card.holderName);
  const [draft, setDraft] = useState(() => draftOf(card, newDraft([], Date.now())));
  const [fault, setFault] = useState<string>();
  const [asking, setAsking] = useState(false);

  async function save(event: Event): Promise<void> {
    event.preventDefault();
    const wrong = name.trim() === "" ? "Say whose card it is." : faultOf(draft);
    setFault(wrong);
    if (wrong !== undefined) return;
    setAsking(true);
    try {
      const holderName = name.trim();
      await home.api.changeCard(card.id, {
        ...termsOf(draft, card.validity),
        ...(holderName === card.holderName ? {} : { holderName }),
      });
      say(`${possessive(holderName)} card was changed`);
      onClose();
    } catch (error) {
      setFault(messageOf(error));
      setAsking(false);
    }
  }

  return (
    <form class="form" onSubmit={(event) => void save(event)} noValidate>
      <NameField label="Whose card is it?" value={name} onValue={setName} />
      <TermsForm draft={draft} accessPoints={accessPoints} onChange={setDraft} />
      {fault !== undefined && <Fault text={fault} />}
      <div class="dialog-foot">
        <button type="button" class="button plain" onClick={onClose}>Back</button>
        <button type="submit" class="button primary" disabled={asking}>Save</button>
      </div>
    </form>
  );
}

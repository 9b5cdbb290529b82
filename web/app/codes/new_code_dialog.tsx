/// <reference lib="dom" />
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Code } from "../../../core/access/model.ts";
import { useValue } from "../../lib/state.ts";
import { Dialog } from "../../lib/ui/dialog.tsx";
import { Choice, Fault, Field } from "../../lib/ui/fields.tsx";
import { Icon } from "../../lib/ui/icons.tsx";
import { Qr } from "../../lib/ui/qr.tsx";
import { Share } from "../../lib/ui/share.tsx";
import { useAsk } from "../../lib/ui/use_ask.ts";
import { grouped } from "../../lib/words/codes.ts";
import { usesText, validityText } from "../../lib/words/terms.ts";
import type { Home } from "../model/home.ts";
import { faultOf, newDraft, termsOf } from "../terms/terms_draft.ts";
import { TermsForm } from "../terms/terms_form.tsx";

const FORMS = [
  { form: "pin", label: "Digits to type", hint: "Eight of them: can be told by telephone." },
  { form: "qr", label: "Only to scan", hint: "A QR code or a link, more than anyone can guess." },
] as const;

/** Makes a code and shows it, once. Unless told otherwise it opens the door once, within a day. */
export function NewCodeDialog({ home, onClose }: { home: Home; onClose(): void }): JSX.Element {
  const { accessPoints } = useValue(home);
  const [name, setName] = useState("");
  const [form, setForm] = useState<Code["form"]>("pin");
  const [draft, setDraft] = useState(() => ({
    ...newDraft(accessPoints.slice(0, 1).map(({ id }) => id), Date.now()),
    kind: "period" as const,
    limited: true,
    uses: "1",
  }));
  const [made, setMade] = useState<{ code: Code; text: string }>();
  const { asking, fault, setFault, ask } = useAsk();

  function make(event: Event): void {
    event.preventDefault();
    const wrong = name.trim() === "" ? "Say whom or what it is for." : faultOf(draft);
    if (wrong !== undefined) return setFault(wrong);
    void ask(() => home.api.addCode({ name: name.trim(), form, terms: termsOf(draft) }), setMade);
  }

  if (made) {
    return (
      <Dialog title={`The code for ${made.code.name}`} onClose={onClose}>
        <MadeCode home={home} {...made} onClose={onClose} />
      </Dialog>
    );
  }
  return (
    <Dialog title="Make a code" onClose={onClose}>
      <form class="form" onSubmit={make} noValidate>
        <Field label="Whom or what is it for?" hint="As it will stand in the access log">
          {(control) => (
            <input
              {...control}
              class="input"
              data-first
              maxLength={60}
              autocomplete="off"
              placeholder="Parcel"
              value={name}
              onInput={(event) => setName(event.currentTarget.value)}
            />
          )}
        </Field>
        <fieldset class="group">
          <legend>What kind?</legend>
          {FORMS.map((each) => (
            <Choice
              key={each.form}
              kind="radio"
              name="form"
              label={each.label}
              hint={each.hint}
              checked={form === each.form}
              onChange={() => setForm(each.form)}
            />
          ))}
        </fieldset>
        <TermsForm draft={draft} accessPoints={accessPoints} onChange={setDraft as (next: unknown) => void} />
        {fault !== undefined && <Fault text={fault} />}
        <div class="dialog-foot">
          <button type="button" class="button plain" onClick={onClose}>Cancel</button>
          <button type="submit" class="button primary" disabled={asking}>Make the code</button>
        </div>
      </form>
    </Dialog>
  );
}

interface MadeCodeProps {
  home: Home;
  code: Code;
  /** The code itself. */
  text: string;
  onClose(): void;
}

function MadeCode({ home, code, text, onClose }: MadeCodeProps): JSX.Element {
  const { identity } = useValue(home);
  const link = `${location.origin}/#code=${text}`;
  const uses = usesText(code.terms.usesLeft);
  return (
    <div class="invitation">
      {code.form === "pin" && (
        <p class="code-digits">
          <span class="quiet">The code:</span> {grouped(text)}
        </p>
      )}
      <Qr text={link} label={`QR code of a link that opens with the code for ${code.name}`} />
      <p class="invitation-left">
        {validityText(code.terms.validity)}
        {uses === undefined ? "" : ` · ${uses}`}
      </p>
      <Share label="Link" text={link} title={`A code for ${identity?.name ?? "the door"}`} />
      <p class="notice">
        <Icon name="warning" />
        <span>
          It is shown only now: the panel keeps no copy that anyone could read. Give it on before you close
          this.
        </span>
      </p>
      <div class="dialog-foot">
        <button type="button" class="button primary" onClick={onClose}>I have given it on</button>
      </div>
    </div>
  );
}

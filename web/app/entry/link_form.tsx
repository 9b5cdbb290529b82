import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { pairingIn, type PairingLink } from "../../lib/api/pairing.ts";
import { Field } from "../../lib/ui/fields.tsx";

export interface LinkFormProps {
  label: string;
  hint?: string;
  onLink(link: PairingLink): void;
}

/** For a link that came by another way than the address. */
export function LinkForm({ label, hint, onLink }: LinkFormProps): JSX.Element {
  const [text, setText] = useState("");
  const [fault, setFault] = useState<string>();

  function enter(event: Event): void {
    event.preventDefault();
    const link = pairingIn(text);
    if (link) onLink(link);
    else setFault("This is no invitation. Copy the whole link, with what follows the #");
  }

  return (
    <form onSubmit={enter} noValidate>
      <Field label={label} hint={hint} fault={fault}>
        {(control) => (
          <input
            {...control}
            class="input"
            type="url"
            autocomplete="off"
            spellcheck={false}
            placeholder={`${location.origin}/#join=…`}
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
          />
        )}
      </Field>
      <button type="submit" class="button primary">Open the link</button>
    </form>
  );
}

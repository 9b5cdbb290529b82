import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { pairingIn, type PairingLink } from "../../lib/api/pairing.ts";
import { Field } from "../../lib/ui/fields.tsx";

export interface LinkFormProps {
  label: string;
  hint?: string;
  /** What kind of link is expected. */
  kind?: PairingLink["kind"];
  onLink(link: PairingLink): void;
}

/** For a link that came by another way than the address. */
export function LinkForm({ label, hint, kind = "join", onLink }: LinkFormProps): JSX.Element {
  const [text, setText] = useState("");
  const [fault, setFault] = useState<string>();

  function enter(event: Event): void {
    event.preventDefault();
    const link = pairingIn(text);
    if (link) onLink(link);
    else setFault("This is no such link. Copy the whole of it, with what follows the #");
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
            placeholder={`${location.origin}/#${kind}=…`}
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
          />
        )}
      </Field>
      <button type="submit" class="button primary">Open the link</button>
    </form>
  );
}

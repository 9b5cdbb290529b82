import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { tokenIn } from "./api/token.ts";
import { Field } from "./ui/fields.tsx";
import { Icon } from "./ui/icons.tsx";

export interface SignInProps {
  /** Whether the panel did not take the token that was there. */
  refused: boolean;
  onToken(token: string): void;
}

export function SignIn({ refused, onToken }: SignInProps): JSX.Element {
  const [text, setText] = useState("");
  const [fault, setFault] = useState<string>();

  function enter(event: Event): void {
    event.preventDefault();
    const token = tokenIn(text);
    if (token === undefined) setFault("This holds no key. Copy the whole link, with what follows #token=");
    else onToken(token);
  }

  return (
    <main class="sign-in">
      <div class="sign-in-card">
        <span class="sign-in-mark">
          <Icon name="key" size={34} />
        </span>
        <h1>{refused ? "This key no longer fits" : "Welcome to your door"}</h1>
        <p class="soft">
          {refused
            ? "The panel does not take the key that this device has kept. A newer link may have replaced it."
            : "This device has no key yet."}{" "}
          When the panel starts for the first time it prints a link and a QR code. Open that link here, or
          paste it below.
        </p>
        <form class="sign-in-form" onSubmit={enter} noValidate>
          <Field label="Link" fault={fault}>
            {(control) => (
              <input
                {...control}
                class="input"
                type="url"
                autocomplete="off"
                spellcheck={false}
                placeholder="http://127.0.0.1:8080/#token=…"
                value={text}
                onInput={(event) => setText(event.currentTarget.value)}
              />
            )}
          </Field>
          <button type="submit" class="button primary">Open the door panel</button>
        </form>
        <details>
          <summary>The link is lost</summary>
          <p class="soft">
            Start the panel once with{" "}
            <code>--new-owner-link</code>: it prints a new one, and the old one stops working.
          </p>
        </details>
      </div>
    </main>
  );
}

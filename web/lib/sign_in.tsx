import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { pairingIn, type PairingLink } from "./api/pairing.ts";
import { Field } from "./ui/fields.tsx";
import { Icon } from "./ui/icons.tsx";

export interface SignInProps {
  /** Whether this device is being paired, or waits for somebody to press the button inside. */
  busy?: "pairing" | "waiting";
  /** Whether the panel has known this device once and does so no longer. */
  revoked?: boolean | undefined;
  /** Why the last try failed. */
  fault?: string | undefined;
  onLink(link: PairingLink): void;
}

const HEADINGS = {
  pairing: "One moment …",
  waiting: "Now press the button inside",
};

export function SignIn({ busy, revoked = false, fault: failed, onLink }: SignInProps): JSX.Element {
  const [text, setText] = useState("");
  const [fault, setFault] = useState<string>();

  function enter(event: Event): void {
    event.preventDefault();
    const link = pairingIn(text);
    if (link === undefined) setFault("This is no invitation. Copy the whole link, with what follows the #");
    else onLink(link);
  }

  return (
    <main class="sign-in">
      <div class="sign-in-card">
        <span class="sign-in-mark">
          <Icon name="key" size={34} />
        </span>
        <h1 aria-live="polite">
          {busy ? HEADINGS[busy] : revoked ? "This device has no access any more" : "Welcome to your door"}
        </h1>
        {failed && <p class="sign-in-fault" role="alert">{failed}</p>}
        <p class="soft">
          {busy === "waiting"
            ? "Whoever becomes the owner has to be at the panel: press its button inside within two minutes."
            : "A new panel prints a link and a QR code; whoever opens it first becomes its owner. Everyone else gets an invitation from the owner. Open that link here, or paste it below."}
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
                placeholder="https://door.local/#join=…"
                value={text}
                onInput={(event) => setText(event.currentTarget.value)}
              />
            )}
          </Field>
          <button type="submit" class="button primary" disabled={busy !== undefined}>
            Open the door panel
          </button>
        </form>
        <details>
          <summary>No device has access any more</summary>
          <p class="soft">
            Hold the button inside for ten seconds, or start the panel once with{" "}
            <code>--reclaim</code>: it prints a new link. Cards and the log stay; codes for guests end.
          </p>
        </details>
      </div>
    </main>
  );
}

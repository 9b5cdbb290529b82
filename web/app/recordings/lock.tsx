/// <reference lib="dom" />
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Dialog } from "../../lib/ui/dialog.tsx";
import { Fault, Field } from "../../lib/ui/fields.tsx";
import { useAsk } from "../../lib/ui/use_ask.ts";
import type { Shelf } from "./shelf.ts";

/** Asks for the password that recordings are encrypted with. */
export function Lock({ shelf, onClose }: { shelf: Shelf; onClose(): void }): JSX.Element {
  const [password, setPassword] = useState("");
  const { asking, fault, ask } = useAsk();

  function unlock(event: Event): void {
    event.preventDefault();
    void ask(() => shelf.unlock(password), onClose);
  }

  return (
    <Dialog title="Recordings are encrypted" onClose={onClose}>
      <form class="form" onSubmit={unlock} noValidate>
        <p class="soft">They stay open until nobody has watched one for a quarter of an hour.</p>
        <Field label="Password">
          {(control) => (
            <input
              {...control}
              data-first
              class="input"
              type="password"
              autocomplete="current-password"
              maxLength={200}
              value={password}
              onInput={(event) => setPassword(event.currentTarget.value)}
            />
          )}
        </Field>
        {fault !== undefined && <Fault text={fault} />}
        <div class="dialog-foot">
          <button type="button" class="button plain" onClick={onClose}>Cancel</button>
          <button type="submit" class="button primary" disabled={asking || password === ""}>
            {asking ? "One moment …" : "Unlock"}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

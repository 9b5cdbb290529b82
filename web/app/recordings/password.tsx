/// <reference lib="dom" />
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Dialog } from "../../lib/ui/dialog.tsx";
import { Fault, Field } from "../../lib/ui/fields.tsx";
import { Icon } from "../../lib/ui/icons.tsx";
import { saveFile } from "../../lib/ui/save_file.ts";
import { say } from "../../lib/ui/toast.tsx";
import { useAsk } from "../../lib/ui/use_ask.ts";
import type { Shelf } from "./shelf.ts";

const SHORTEST = 8;

export interface PasswordProps {
  shelf: Shelf;
  /** There is none yet. */
  first: boolean;
  onClose(): void;
}

/** Sets the password for recordings, or another one. */
export function Password({ shelf, first, onClose }: PasswordProps): JSX.Element {
  const [values, setValues] = useState({ current: "", fresh: "", again: "" });
  const [lost, setLost] = useState(false);
  const { asking, fault, setFault, ask } = useAsk();
  const set = (change: Partial<typeof values>) => setValues({ ...values, ...change });

  function make(event: Event): void {
    event.preventDefault();
    if (values.fresh.length < SHORTEST) {
      return setFault(`Take at least ${SHORTEST} characters; four words do well.`);
    }
    if (values.fresh !== values.again) return setFault("The two are not the same.");
    void ask(() => shelf.setPassword(values.fresh, first || lost ? null : values.current), () => {
      say(first ? "New recordings are encrypted" : "The password was changed", "key");
      onClose();
    });
  }

  return (
    <Dialog title={first ? "Encrypt recordings" : "Another password"} onClose={onClose}>
      <form class="form" onSubmit={make} noValidate>
        <p class="notice">
          <Icon name="warning" />
          <span>
            A lost password can’t be found again, by nobody: what was recorded under it is lost with it.
          </span>
        </p>
        {!first && (
          <>
            <p class="soft">
              With this key and the password, the tool age opens what is on the card without the panel.
            </p>
            <button
              type="button"
              class="button"
              disabled={asking}
              onClick={() => void ask(() => shelf.key(), saveFile)}
            >
              <Icon name="download" size={20} /> Save the key
            </button>
            {!lost && (
              <Secret
                label="Password now"
                value={values.current}
                onValue={(current) => set({ current })}
              />
            )}
            <label class="choice">
              <input type="checkbox" checked={lost} onChange={() => setLost(!lost)} />
              <span>It is lost: give up what was recorded under it</span>
            </label>
          </>
        )}
        <Secret label="New password" value={values.fresh} onValue={(fresh) => set({ fresh })} />
        <Secret label="The same again" value={values.again} onValue={(again) => set({ again })} />
        {fault !== undefined && <Fault text={fault} />}
        <div class="dialog-foot">
          <button type="button" class="button plain" onClick={onClose}>Cancel</button>
          <button type="submit" class="button primary" disabled={asking}>
            {asking ? "One moment …" : first ? "Encrypt" : "Change"}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

interface SecretProps {
  label: string;
  value: string;
  onValue(value: string): void;
}

function Secret({ label, value, onValue }: SecretProps): JSX.Element {
  return (
    <Field label={label}>
      {(control) => (
        <input
          {...control}
          class="input"
          type="password"
          autocomplete={label === "Password now" ? "current-password" : "new-password"}
          maxLength={200}
          value={value}
          onInput={(event) => onValue(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

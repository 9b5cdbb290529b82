/// <reference lib="dom" />
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Dialog } from "../../lib/ui/dialog.tsx";
import { Fault, Field } from "../../lib/ui/fields.tsx";
import { Icon } from "../../lib/ui/icons.tsx";
import { saveFile } from "../../lib/ui/save_file.ts";
import { say } from "../../lib/ui/toast.tsx";
import { useAsk } from "../../lib/ui/use_ask.ts";
import type { Home } from "../model/home.ts";
import { passphraseFault } from "./passphrase.ts";

/** All of the panel as one file. */
export function Backup({ home }: { home: Home }): JSX.Element {
  const [making, setMaking] = useState(false);
  return (
    <section class="card" aria-labelledby="backup">
      <h2 id="backup">Backup</h2>
      <p class="soft">
        Cards, people, settings and logs as one encrypted file. With its passphrase it makes another panel the
        same as this one.
      </p>
      <button type="button" class="button" onClick={() => setMaking(true)}>
        <Icon name="download" size={20} /> Make a backup
      </button>
      {making && (
        <Dialog title="Make a backup" onClose={() => setMaking(false)}>
          <BackupForm home={home} onClose={() => setMaking(false)} />
        </Dialog>
      )}
    </section>
  );
}

function BackupForm({ home, onClose }: { home: Home; onClose(): void }): JSX.Element {
  const [first, setFirst] = useState("");
  const [second, setSecond] = useState("");
  const { asking, fault, setFault, ask } = useAsk();

  function make(event: Event): void {
    event.preventDefault();
    const wrong = passphraseFault(first, second);
    if (wrong !== undefined) return setFault(wrong);
    void ask(() => home.api.backup(first), (file) => {
      saveFile(file);
      say("The backup was made", "box");
      onClose();
    });
  }

  return (
    <form class="form" onSubmit={make} noValidate>
      <p class="notice">
        <Icon name="warning" />
        <span>
          A lost passphrase can’t be found again, by nobody: the file is worth nothing without it. Whoever has
          both can make a panel that opens your door. Keep them apart.
        </span>
      </p>
      {[
        {
          label: "Passphrase",
          hint: "At least 12 characters; several words do well.",
          value: first,
          set: setFirst,
        },
        { label: "The same again", hint: undefined, value: second, set: setSecond },
      ].map(({ label, hint, value, set }) => (
        <Field key={label} label={label} hint={hint}>
          {(control) => (
            <input
              {...control}
              class="input"
              type="password"
              autocomplete="new-password"
              maxLength={200}
              value={value}
              onInput={(event) => set(event.currentTarget.value)}
            />
          )}
        </Field>
      ))}
      {fault !== undefined && <Fault text={fault} />}
      <div class="dialog-foot">
        <button type="button" class="button plain" onClick={onClose}>Cancel</button>
        <button type="submit" class="button primary" disabled={asking}>
          {asking ? "Making it …" : "Make and download"}
        </button>
      </div>
    </form>
  );
}

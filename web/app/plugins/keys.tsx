/// <reference lib="dom" />
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Dialog } from "../../lib/ui/dialog.tsx";
import { Fault, Field, NameField } from "../../lib/ui/fields.tsx";
import { Icon } from "../../lib/ui/icons.tsx";
import { say } from "../../lib/ui/toast.tsx";
import { useAsk } from "../../lib/ui/use_ask.ts";
import { Revoke } from "../people/revoke.tsx";
import type { TrustedKey } from "./plugins_api.ts";
import type { PluginsModel } from "./plugins_model.ts";

/** Whose signatures the owner trusts. */
export function Keys({ model, keys }: { model: PluginsModel; keys: TrustedKey[] }): JSX.Element {
  const [adding, setAdding] = useState(false);
  const [leaving, setLeaving] = useState<TrustedKey>();
  return (
    <section class="card" aria-labelledby="plugin-keys">
      <div class="card-head">
        <h2 id="plugin-keys">Trusted keys</h2>
        <button type="button" class="button" onClick={() => setAdding(true)}>
          <Icon name="plus" size={20} /> Trust a key
        </button>
      </div>
      <p class="soft">
        An author may sign a plugin with minisign. Where you trust the author’s key, the panel says who has
        signed it, and refuses what somebody else has changed.
      </p>
      {keys.length > 0 && (
        <ul class="key-list">
          {keys.map((key) => (
            <li class="device-row" key={key.keyId}>
              <Icon name="shield" size={20} />
              <span class="card-row-text">
                <span class="card-row-name">{key.name}</span>
                <span class="hint key-id">{key.keyId}</span>
              </span>
              <button
                type="button"
                class="button icon-only plain"
                aria-label={`Trust ${key.name} no longer`}
                onClick={() => setLeaving(key)}
              >
                <Icon name="trash" size={20} />
              </button>
            </li>
          ))}
        </ul>
      )}
      {adding && (
        <Dialog title="Trust a key" onClose={() => setAdding(false)}>
          <KeyForm model={model} onClose={() => setAdding(false)} />
        </Dialog>
      )}
      {leaving && (
        <Dialog title={`Trust ${leaving.name} no longer?`} onClose={() => setLeaving(undefined)}>
          <Revoke
            text={`What ${leaving.name} signs is no longer shown as such. Plugins that were let in stay.`}
            act="Trust it no longer"
            work={() => model.api.distrust(leaving.keyId)}
            onKeep={() => setLeaving(undefined)}
            onDone={() => {
              setLeaving(undefined);
              void model.load();
            }}
          />
        </Dialog>
      )}
    </section>
  );
}

function KeyForm({ model, onClose }: { model: PluginsModel; onClose(): void }): JSX.Element {
  const [name, setName] = useState("");
  const [key, setKey] = useState("");
  const { asking, fault, setFault, ask } = useAsk();

  function trust(event: Event): void {
    event.preventDefault();
    if (name.trim() === "" || key.trim() === "") return setFault("Give the key and whose it is.");
    void ask(() => model.api.trust(name.trim(), key.trim()), (added) => {
      say(`What ${added.name} signs is trusted`, "shield");
      onClose();
      void model.load();
    });
  }

  return (
    <form class="form" onSubmit={trust} noValidate>
      <NameField label="Whose is it?" value={name} onValue={setName} />
      <Field
        label="The public key"
        hint="One line that begins with RW. Have it from the author by a way of its own."
      >
        {(control) => (
          <input
            {...control}
            class="input key-id"
            maxLength={200}
            autocomplete="off"
            autocapitalize="off"
            spellcheck={false}
            value={key}
            onInput={(event) => setKey(event.currentTarget.value)}
          />
        )}
      </Field>
      {fault !== undefined && <Fault text={fault} />}
      <div class="dialog-foot">
        <button type="button" class="button plain" onClick={onClose}>Cancel</button>
        <button type="submit" class="button primary" disabled={asking}>Trust it</button>
      </div>
    </form>
  );
}

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Identity } from "../../lib/api/open.ts";
import { deviceName, type Names, type PairingLink } from "../../lib/api/pairing.ts";
import { Field } from "../../lib/ui/fields.tsx";
import { Threshold } from "../../lib/ui/threshold.tsx";

/** As long as a name may be. */
const LONGEST = 60;

export interface NamesFormProps {
  identity: Identity | undefined;
  link: PairingLink;
  onNames(link: PairingLink, names: Names): void;
  onCancel(): void;
}

/** Before a device is paired: what to call it, and the owner. Who was invited has a name already. */
export function NamesForm({ identity, link, onNames, onCancel }: NamesFormProps): JSX.Element {
  const claims = link.kind === "claim";
  const [name, setName] = useState("");
  const [device, setDevice] = useState(() => deviceName());
  const [faults, setFaults] = useState<{ name?: string; device?: string }>({});

  function go(event: Event): void {
    event.preventDefault();
    const wrong = {
      ...(claims && name.trim() === "" ? { name: "Give a name, so that the log can say who opened." } : {}),
      ...(device.trim() === "" ? { device: "Give it a name, so that it can be told from others." } : {}),
    };
    setFaults(wrong);
    if (Object.keys(wrong).length === 0) onNames(link, { name: name.trim(), deviceName: device.trim() });
  }

  return (
    <Threshold
      icon={claims ? "home" : "key"}
      name={identity?.name}
      heading={claims ? "Make this panel yours" : "You are invited"}
    >
      <p class="soft">
        {claims
          ? "You become its owner: you decide who else may open, and when. Next you press the button inside."
          : "This device gets a key of its own for this door. The invitation is good for one device."}
      </p>
      <form onSubmit={go} noValidate>
        {claims && (
          <Field label="Your name" fault={faults.name}>
            {(control) => (
              <input
                {...control}
                class="input"
                maxLength={LONGEST}
                autocomplete="given-name"
                placeholder="Anna"
                value={name}
                onInput={(event) => setName(event.currentTarget.value)}
              />
            )}
          </Field>
        )}
        <Field
          label="What is this device called?"
          hint="An owner sees it in the list of devices."
          fault={faults.device}
        >
          {(control) => (
            <input
              {...control}
              class="input"
              maxLength={LONGEST}
              autocomplete="off"
              value={device}
              onInput={(event) => setDevice(event.currentTarget.value)}
            />
          )}
        </Field>
        <button type="submit" class="button primary">{claims ? "Go on" : "Join"}</button>
        <button type="button" class="button plain" onClick={onCancel}>Not now</button>
      </form>
    </Threshold>
  );
}
